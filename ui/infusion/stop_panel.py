"""The full-stop panel: patient or bag does not match. It covers the page until both people have checked again."""

from html import escape

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.texts import say
from ui.infusion.notices import StopState, differing
from ui.kit.canvas import Canvas
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8, SPACE_16, SPACE_24
from ui.kit.look_and_words import Kit

_HEAD = 64


class StopPanel(QWidget):
    """What was expected beside what was found, and what to do; hidden while its state is None."""

    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self.kit = kit
        self.state: StopState | None = None
        self.cut_texts: tuple[str, ...] = ()
        self.setProperty("covers", True)
        self.expected, self.found = label(kit, "", "code"), label(kit, "", "code")
        self.steps = [label(kit, "", "title", wrap=True) for _ in range(3)]
        self._lay_out()
        kit.look.changed.connect(self.update)
        for changed in (kit.look.changed, kit.words.changed):
            changed.connect(self._compare)
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, _HEAD + SPACE_16, SPACE_24, SPACE_8)
        column.setSpacing(SPACE_8)
        values = QHBoxLayout()
        values.setSpacing(SPACE_24)
        for name, value in ((say("Expected"), self.expected), (say("Found"), self.found)):
            pair = QVBoxLayout()
            pair.setSpacing(SPACE_8)
            pair.addWidget(label(self.kit, name, "body", "quiet"))
            value.setTextFormat(Qt.TextFormat.RichText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            pair.addWidget(value)
            values.addLayout(pair, 1)
        column.addLayout(values)
        for step in self.steps:
            column.addWidget(step)
        column.addStretch(1)

    def set_state(self, state: StopState | None) -> None:
        if state == self.state:
            return
        self.state = state
        self.setVisible(state is not None)
        if state is None:
            return
        words = self.kit.words
        words.bind(self, accessibleName=state.title)
        self._compare()
        for step, text in zip(self.steps, state.to_do, strict=True):
            words.bind(step, text=text)
        self.raise_()
        self.update()

    def _compare(self) -> None:
        """Both values, the characters that differ set off from those that do not."""
        if self.state is None:
            return
        expected, found = map(self.kit.words.shown, (self.state.expected, self.state.found))
        for value, text, other in ((self.expected, expected, found), (self.found, found, expected)):
            value.setText("".join(map(self._piece, differing(text, other))))
            value.setAccessibleName(text)

    def _piece(self, piece: tuple[str, bool]) -> str:
        text, differs = piece
        if not differs:
            return escape(text)
        alarm = self.kit.look.theme.alarms["medium"]
        return f'<span style="background: {alarm.ground}; color: {alarm.ink}; text-decoration: underline">{escape(text)}</span>'

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.state is None:
            return
        with Canvas(self, self.kit) as canvas:
            alarm, box = canvas.theme.alarms["high"], QRectF(self.rect())
            canvas.block(box, canvas.theme.card, alarm.ground, pen=4)
            canvas.block(QRectF(0, 0, box.width(), _HEAD), alarm.ground)
            for at in range(alarm.triangles):
                canvas.triangle(QRectF(SPACE_24 + 26 * at, _HEAD / 2 - 10, 22, 20), alarm.ink)
            title = QRectF(SPACE_24 + 26 * alarm.triangles + SPACE_8, 0, box.width(), _HEAD)
            title.setRight(box.right() - SPACE_16)
            canvas.note(title, self.state.title, "action", alarm.ink)
            self.cut_texts = tuple(canvas.cut)
