"""Practice mode's own controls: how fast time runs, and faults on demand. They stand at the foot of the rail."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QMenu, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import button, label
from ui.kit.look.tokens import SPACE_4
from ui.kit.look_and_words import Kit

SPEEDS = (1, 10, 60)

FAULTS: dict[str, Text] = {
    "unplug": say("Pull the cable for a minute"),
    "noise": say("Noise on the line"),
    "half-frames": say("Half frames"),
    "flip-bit": say("One wrong bit"),
    "sensor-off": say("SpO₂ sensor off"),
    "lead-off": say("ECG lead off"),
    "nibp-fail": say("Blood pressure fails"),
    "silence": say("Monitor silent"),
    "searching": say("SpO₂ searches for a pulse"),
    "demo": say("Monitor in demo mode"),
    "test": say("Monitor tests itself"),
    "kpa": say("Blood pressure in kPa"),
    "fahrenheit": say("Temperature in °F"),
    "error-reply": say("Monitor answers with an error"),
    "reboot": say("Monitor starts anew"),
    "low-spo2": say("SpO₂ falls"),
    "reaction": say("Patient reacts"),
}


class PracticeControls(QWidget):
    """Signals `speed_chosen(int)`, `fault_chosen(str)`, `monitor_chosen(protocol)`, `tour_chosen()`."""

    speed_chosen = Signal(int)
    fault_chosen = Signal(str)
    monitor_chosen = Signal(str)
    tour_chosen = Signal()

    def __init__(self, kit: Kit, monitors: Mapping[str, Text], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_4)
        self.note = label(kit, say("Speed"), "body", "quiet", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.note)
        self._group = QButtonGroup(self)
        for speed in SPEEDS:
            made = button(kit, f"×{speed}", "pill")
            made.setCheckable(True)
            made.setChecked(speed == SPEEDS[0])
            kit.words.bind(made, accessibleName=say("Time runs ×{speed}", speed=speed))
            self._group.addButton(made, speed)
            column.addWidget(made)
        self._group.idClicked.connect(self.speed_chosen)
        self.opener = button(kit, say("Fault"), "pill")
        menu = QMenu(self)
        tour = menu.addAction("")
        kit.words.bind(tour, text=say("Practice tour, three minutes"))
        tour.triggered.connect(self.tour_chosen)
        menu.addSeparator()
        self._offer(menu, FAULTS, self.fault_chosen)
        menu.addSeparator()
        others = menu.addMenu("")
        kit.words.bind(others, title=say("Another monitor"))
        self._offer(others, monitors, self.monitor_chosen)
        self.opener.setMenu(menu)
        column.addWidget(self.opener)

    def _offer(self, menu: QMenu, offered: Mapping[str, Text], chosen: SignalInstance) -> None:
        for name, text in offered.items():
            action = menu.addAction("")
            self.kit.words.bind(action, text=text)
            action.triggered.connect(partial(self._chosen, chosen, name))

    def _chosen(self, chosen: SignalInstance, name: str, _checked: bool = False) -> None:
        chosen.emit(name)

    def choose(self, speed: int) -> None:
        """Press a speed as a person would."""
        found = self._group.button(speed)
        if found is not None:
            found.setChecked(True)

    def show_now(self, held: bool) -> None:
        """Whether a task or a question holds time at real speed."""
        self.kit.words.bind(self.note, text=say("now ×1") if held else say("Speed"))
