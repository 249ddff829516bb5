"""F1: which key does what, what to do when something goes wrong, and what the program does not do."""

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.texts import Text, say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_8, SPACE_24

_KEYS: tuple[tuple[str, Text], ...] = (
    ("Enter", say("the next thing to do: the large button")),
    ("F2", say("vital signs")),
    ("F3", say("measure the drip")),
    ("F4", say("set another rate")),
    ("F8", say("Reaction: slow or stop at once")),
    ("F12", say("lock; timers and alarms go on")),
    ("Esc", say("back; nothing typed is recorded")),
    ("Tab", say("to the next field or button; Space presses it")),
)

_TROUBLE: tuple[tuple[Text, Text], ...] = (
    (say("The patient is unwell"), say("F8 in every phase. Look after the patient first; times can be written later.")),
    (
        say("The monitor is lost"),
        say("Nothing is made up. Check the cable, watch the monitor itself, type the vital signs by hand."),
    ),
    (say("A bag or the patient does not match"), say("Stop. Do not hang the bag. Call the pharmacist or the investigator.")),
    (say("The laptop was off or asleep"), say("Start it again: the infusion is where it was. Read what is left in the bag.")),
    (
        say("“Not yet saved” stands in the bar"),
        say("Go on; the program keeps trying. Free some space on the disk, do not switch off."),
    ),
    (
        say("Something was entered wrongly"),
        say("Timeline, choose the entry, correct it with a reason. The first value stays readable."),
    ),
)

_LIMITS = say(
    "Bedside reminds, calculates and records. It does not replace the patient monitor, its alarms, or the physician's order. "
    "It starts no measurement, silences no monitor and commands no pump."
)


def show_help(desk: Desk, parent: QWidget) -> None:
    HelpPage(desk, parent).open()


class HelpPage(Question):
    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, say("Help"), say("Close"), parent, width=960)
        self.cancel.hide()
        self.confirmed.connect(self.accept)
        self.body.addWidget(label(self.kit, _LIMITS, "body", wrap=True))
        for title, rows in ((say("Keys"), _KEYS), (say("When something goes wrong"), _TROUBLE)):
            self.body.addWidget(label(self.kit, title, "title"))
            self.body.addLayout(self._table(rows))

    def _table(self, rows: tuple[tuple[Text | str, Text], ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnStretch(1, 1)
        for at, (left, right) in enumerate(rows):
            grid.addWidget(label(self.kit, left, "strong"), at, 0)
            grid.addWidget(label(self.kit, right, "body", wrap=True), at, 1)
        return grid
