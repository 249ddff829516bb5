"""What goes to another laptop: QR codes for its scanner, one after the other, on paper, or as a file on a stick."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.frame.shell import choose_new_file
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.message_strip import MessageState
from ui.kit.qr_code import QrCode, qr_image

#: Files of codes end so.
PATTERN = "*.bedside"
_ACROSS, _DOWN = 2, 3


class CodesQuestion(Question):
    """`name`: that of a file, without its end. `printed`: what stands on paper only, under the title."""

    keeps_draft = False

    def __init__(
        self, desk: Desk, title: Text, why: Text, codes: Sequence[str], name: str, parent: QWidget,
        printed: Text | str = "", choose: Callable[..., Path | None] = choose_new_file,
    ) -> None:  # fmt: skip
        super().__init__(desk, title, "", parent)
        self._codes, self._name, self._choose, self._at = tuple(codes), name, choose, 0
        self._printed = printed
        self.body.addWidget(label(self.kit, why, "body", wrap=True))
        self.code = QrCode()
        self.body.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        self.count = label(self.kit, "", "strong")
        self.body.addWidget(self.count, 0, Qt.AlignmentFlag.AlignHCenter)
        self.save, self.on_paper = button(self.kit, say("Save as a file")), button(self.kit, say("Print"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for made in (self.save, self.on_paper):
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)
        self.save.clicked.connect(self._save)
        self.on_paper.clicked.connect(self._print)
        self.confirmed.connect(self._next)
        self._show()

    def _show(self) -> None:
        last = self._at == len(self._codes) - 1
        self.code.show_text(self._codes[self._at])
        bind = self.kit.words.bind
        bind(self.count, text=say("Code {n} of {total}", n=self._at + 1, total=len(self._codes)))
        bind(self.primary, text=say("All are read") if last else say("Next code"))

    def _next(self) -> None:
        self._at += 1
        if self._at == len(self._codes):
            self.accept()
        else:
            self._show()

    def _save(self) -> None:
        file = self._choose(
            self, self.kit.words.tr(say("Where the file is to lie, such as a stick")), f"{self._name}.bedside", PATTERN
        )
        if file is None:
            return
        try:
            file.write_text("\n".join(self._codes) + "\n", encoding="ascii")
        except OSError as error:
            self.say_no(say("The file cannot be written: {why}.", why=error.strerror or str(error)))
        else:
            self.strip.set_state(MessageState(say("Saved as {file}. Take the stick out safely.", file=str(file))))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            page = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
            sheet, title = QRectF(0, 0, page.width(), page.height()), f"{self.title.text()}\n{self.kit.words.tr(self._printed)}"
            with QPainter(printer) as painter:
                draw_codes(painter, sheet, printer.newPage, self._codes, title)


def draw_codes(painter: QPainter, page: QRectF, new_page: Callable[[], object], codes: Sequence[str], title: str) -> None:
    """Six codes a page, each under its number; the title has up to two lines."""
    wide, high = page.width() / _ACROSS, page.height() / _DOWN
    line = painter.fontMetrics().height() * 2
    for at, code in enumerate(codes):
        place = at % (_ACROSS * _DOWN)
        if at and place == 0:
            new_page()
        cell = QRectF(page.left() + place % _ACROSS * wide, page.top() + place // _ACROSS * high, wide, high)
        painter.drawText(cell, Qt.AlignmentFlag.AlignHCenter, f"{at + 1}/{len(codes)}  {title}")
        side = min(wide, high - line) * 0.9
        painter.drawImage(QRectF(cell.center().x() - side / 2, cell.top() + line, side, side), qr_image(code))


def show_codes(
    desk: Desk, title: Text, why: Text, codes: Sequence[str], name: str, parent: QWidget, printed: Text | str = ""
) -> None:
    CodesQuestion(desk, title, why, codes, name, parent, printed).open()
