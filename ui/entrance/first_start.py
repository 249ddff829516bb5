"""The first start: the first administrator, and the recovery key that must be on paper before anything goes on."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QFormLayout, QWidget

from app.domain.people.new_secrets import LEAST_PASSWORD
from app.domain.texts import Text, say
from ui.entrance.entrance_page import EntrancePage, line, primary
from ui.kit.labels_and_buttons import button, label
from ui.kit.look_and_words import Kit

_TAKEN_OVER = say("The record on this computer is not encrypted yet. It is taken over: everything stays in it, the people of its"
                  " list get accounts, and you give each of them a first password.")  # fmt: skip
_NEW = say("There is no record on this computer yet. The first account is an administrator's: it keeps the accounts and has no"
           " part in infusions.")  # fmt: skip


class FirstAccountPage(EntrancePage):
    """Signal `wanted(person_id, name, password, again)`."""

    wanted = Signal(str, str, str, str)

    def __init__(self, kit: Kit, takes_over: bool, parent: QWidget | None = None) -> None:
        super().__init__(kit, say("Make the first account"), parent)
        self.card.body.addWidget(label(kit, _TAKEN_OVER if takes_over else _NEW, "body", wrap=True))
        rows: tuple[tuple[Text, bool], ...] = (
            (say("Staff number"), False),
            (say("Full name"), False),
            (say("Password, at least {letters} letters", letters=LEAST_PASSWORD), True),
            (say("Password again"), True),
        )
        form = QFormLayout()
        self.fields = [line(kit, name, secret) for name, secret in rows]
        for (name, _secret), field in zip(rows, self.fields, strict=True):
            form.addRow(label(kit, name), field)
            field.returnPressed.connect(self._next)
        self.card.body.addLayout(form)
        self.make = primary(kit, say("Make the record"))
        self.make.clicked.connect(self._make)
        self.row.addStretch(1)
        self.row.addWidget(self.make)
        self.close_card()
        self.setFocusProxy(self.fields[0])

    def _next(self) -> None:
        empty = next((field for field in self.fields if not field.text()), None)
        if empty is None:
            self._make()
        else:
            empty.setFocus()

    def _make(self) -> None:
        self.say_here(say("Making the record…"))
        self.wanted.emit(*(field.text() for field in self.fields))


class RecoveryPage(EntrancePage):
    """Shows the recovery key once; `done` when its last group was typed from the paper."""

    done = Signal()

    def __init__(
        self,
        kit: Kit,
        written: str,
        parent: QWidget | None = None,
        print_it: "Callable[[str], bool] | None" = None,
        founder: str = "",
    ) -> None:
        super().__init__(kit, say("Print the recovery key"), parent)
        self._written, self._print, self._founder = written, print_it or self._printed, founder
        why = say("It opens this record when everybody has forgotten their password. Print it or copy it by hand, seal it,"
                  " and keep it where the trial's papers are. It is never shown again.")  # fmt: skip
        self.card.body.addWidget(label(kit, why, "body", wrap=True))
        shown = label(kit, "\n".join(written[at : at + 15] for at in range(0, len(written), 15)), "code")
        shown.setAccessibleName(written)
        self.card.body.addWidget(shown)
        if founder:
            self.card.body.addWidget(label(kit, _founding(founder), "body", "quiet", wrap=True))
        self.last = line(kit, say("Its last group, from the paper"))
        self.last.returnPressed.connect(self._go_on)
        self.card.body.addWidget(self.last)
        on_paper, go_on = button(kit, say("Print")), primary(kit, say("It is on paper"))
        on_paper.clicked.connect(lambda: self._print(written))
        go_on.clicked.connect(self._go_on)
        for made in (on_paper, None, go_on):
            self.row.addStretch(1) if made is None else self.row.addWidget(made)
        self.close_card()
        self.setFocusProxy(self.last)

    def _go_on(self) -> None:
        if self.last.text().strip().upper() == self._written[-4:]:
            self.done.emit()
        else:
            self.say_here(say("This is not the last group of the key. Compare the paper with the screen."))

    def _printed(self, written: str) -> bool:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        if QPrintDialog(printer, self).exec() != QPrintDialog.DialogCode.Accepted:
            return False
        page = QTextDocument()
        page.setDefaultFont(QFont(self.kit.look.font("code")))
        head = self.kit.words.tr(say("Recovery key of the Bedside record"))
        founding = self.kit.words.tr(_founding(self._founder)) if self._founder else ""
        page.setPlainText(f"{head}\n\n{written}\n\n{founding}\n")
        page.print_(printer)
        return True


def _founding(fingerprint: str) -> Text:
    return say(
        "The record was founded with the key {fingerprint}. “bedside verify --founder” compares it.", fingerprint=fingerprint
    )
