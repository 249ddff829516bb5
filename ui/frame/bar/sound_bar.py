"""The sound test at the first sign-in of a shift: played, and asked whether it was heard. It stands in nobody's way."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.texts import say
from app.domain.watch.laptop_seen import SOUND_FAULTS, SoundFault
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit


class SoundBar(QWidget):
    """Hidden until `ask`. `tested(bool)`: somebody listened, and heard it or not; `again_pressed`: it is to be played again."""

    tested = Signal(bool)
    again_pressed = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._fault: SoundFault | None = None
        self.words = label(kit, "", "strong", wrap=True)
        self.heard = button(kit, say("Heard"), "primary")
        self.not_heard = button(kit, say("Not heard"))
        self.again = button(kit, say("Play again"))
        self.heard.clicked.connect(lambda: self._answer(True))
        self.not_heard.clicked.connect(lambda: self._answer(False))
        self.again.clicked.connect(self.again_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, 0, SPACE_8, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(self.words, 1)
        for part in (self.again, self.not_heard, self.heard):
            row.addWidget(part)
        self.hide()

    def ask(self) -> None:
        self._tell()
        self.show()

    def set_fault(self, fault: SoundFault | None) -> None:
        """With a fault in sight nobody is asked what was heard."""
        if fault != self._fault:
            self._fault = fault
            self._tell()

    def _tell(self) -> None:
        asks = self._fault in (None, SoundFault.NOT_HEARD)
        text = say("Sound test: did you hear three tones?")
        if self._fault is not None and not asks:
            text = say("{fault}: alarms are only seen. Mend it and play again.", fault=SOUND_FAULTS[self._fault])
        self.kit.words.bind(self.words, text=text)
        self.kit.words.bind(self.not_heard, text=say("Not heard") if asks else say("Go on without sound"))
        self.heard.setVisible(asks)

    def _answer(self, heard: bool) -> None:
        self.hide()
        self.tested.emit(heard)
