"""F1: what this page is for and its rules, which key does what, what to do in trouble, and what the program does not do."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.domain.texts import Text, joined, say
from ui.ask.question import Question
from ui.frame.desk import Desk
from ui.frame.pages import PAGES
from ui.help.page_rules import page_rules
from ui.kit.labels_and_buttons import button, label
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


def show_help(desk: Desk, parent: QWidget, page: str = "", infusion_id: str | None = None) -> None:
    HelpPage(desk, parent, page, infusion_id).open()


class HelpPage(Question):
    """Of the page that is shown, and of the infusion that it shows, by that infusion's own protocol."""

    keeps_draft = False

    def __init__(self, desk: Desk, parent: QWidget, page: str, infusion_id: str | None) -> None:
        name = next((row.name for row in PAGES if row.key == page), None)
        title = say("Help") if name is None else joined(" · ", (say("Help"), name))
        super().__init__(desk, title, say("Close"), parent, width=960)
        self.cancel.hide()
        self.confirmed.connect(self.accept)
        self._tell_page(page, infusion_id)
        self._offer()
        for title, rows in ((say("Keys"), _KEYS), (say("When something goes wrong"), _TROUBLE)):
            self.body.addWidget(label(self.kit, title, "title"))
            self.body.addLayout(self._table(rows))
        self.body.addWidget(label(self.kit, _LIMITS, "body", "quiet", wrap=True))

    def _tell_page(self, page: str, infusion_id: str | None) -> None:
        known = infusion_id is not None and self.desk.bedside.knows(infusion_id)
        state = self.desk.infusion(infusion_id) if known and infusion_id is not None else None
        protocol = (state.known_protocol if state else None) or self.desk.bedside.trial.protocol
        about, rules = page_rules(page, state, protocol)
        self.told = label(self.kit, about, "body", wrap=True)
        self.rules = label(self.kit, joined("\n", (joined(" ", ("▪", rule)) for rule in rules)), "body", wrap=True)
        self.rules.setHidden(not rules)
        self.body.addWidget(self.told)
        self.body.addWidget(self.rules)

    def _offer(self) -> None:
        self.card = button(self.kit, say("Nurse's card (PDF)"), why=say("One page of A4, both languages"))
        self.tour = button(self.kit, say("Practice tour, three minutes"))
        self.card.clicked.connect(self._open_card)
        self.tour.clicked.connect(self._begin_tour)
        self.tour.setVisible(self.desk.practice)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addWidget(self.card)
        row.addWidget(self.tour)
        row.addStretch(1)
        self.body.addLayout(row)

    def _open_card(self) -> None:
        self.accept()
        self.desk.records.open_card()

    def _begin_tour(self) -> None:
        self.accept()
        self.desk.tour_wanted.emit()

    def _table(self, rows: tuple[tuple[Text | str, Text], ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnStretch(1, 1)
        for at, (left, right) in enumerate(rows):
            grid.addWidget(label(self.kit, left, "strong"), at, 0)
            grid.addWidget(label(self.kit, right, "body", wrap=True), at, 1)
        return grid
