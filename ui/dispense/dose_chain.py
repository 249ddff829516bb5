"""The dose in plain arithmetic, a line a step, as one would write it on paper."""

from html import escape
from typing import Literal

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit

_TIMES = "\u00a0×\u00a0"


class DosePiece(msgspec.Struct, frozen=True):
    """A piece of a line: a plain number, an operator, a result, or a quiet remark."""

    text: Text | str
    kind: Literal["plain", "operator", "result", "quiet"] = "plain"


class DoseState(msgspec.Struct, frozen=True):
    """`lines` large, `notes` small below them."""

    lines: tuple[tuple[DosePiece, ...], ...]
    notes: tuple[Text | str, ...] = ()


class DoseChain(QWidget):
    """Wraps where it must; reads aloud as it is written."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._state: DoseState | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        self._labels: list[QLabel] = []
        kit.look.changed.connect(self._again)
        kit.words.changed.connect(self._again)

    def set_state(self, state: DoseState) -> None:
        if state != self._state:
            self._state = state
            self._make(len(state.lines) + len(state.notes))
            self._again()

    def _make(self, count: int) -> None:
        while len(self._labels) < count:
            made = QLabel()
            made.setTextFormat(Qt.TextFormat.RichText)
            made.setWordWrap(True)
            self._labels.append(made)
            self._column.addWidget(made)
        while len(self._labels) > count:
            gone = self._labels.pop()
            gone.hide()
            gone.deleteLater()

    def _again(self) -> None:
        if self._state is None:
            return
        texts = [self._line(line) for line in self._state.lines]
        texts += [self._span(DosePiece(note, "quiet")) for note in self._state.notes]
        for at, (one, text) in enumerate(zip(self._labels, texts, strict=True)):
            large = at < len(self._state.lines)
            one.setFont(self.kit.look.font("line" if large else "body"))
            one.setText(text)
            spans = self._state.lines[at] if large else (DosePiece(self._state.notes[at - len(self._state.lines)]),)
            one.setAccessibleName(" ".join(self.kit.words.shown(span.text) for span in spans))

    def _line(self, line: tuple[DosePiece, ...]) -> str:
        return " ".join(map(self._span, line))

    def _span(self, span: DosePiece) -> str:
        theme, text = self.kit.look.theme, escape(self.kit.words.shown(span.text).replace(" × ", _TIMES))
        if span.kind == "result":
            return f'<b style="color:{theme.text}">{text}</b>'
        size = "; font-size:11pt" if span.kind == "quiet" else ""
        colour = theme.text if span.kind == "plain" else theme.quiet
        return f'<span style="color:{colour}{size}">{text}</span>'
