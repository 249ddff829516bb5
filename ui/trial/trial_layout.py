"""Where things stand on the Trial page: the board with its lists, and a subject."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.kit.labels_and_buttons import Card, ElidedLabel, button, label
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.table import Table

from .group_card import GroupCard


def column_of(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_8)
    return column


def row_of(*widgets: QWidget, stretch_first: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_8)
    for at, widget in enumerate(widgets):
        row.addWidget(widget, 1 if stretch_first and at == 0 else 0)
    return row


class AnswerCard(Card):
    """The board's answer in words: the first thing seen."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.headline = label(kit, "", "result", wrap=True)
        self.reason = label(kit, "", "body", wrap=True)
        self.settings = label(kit, "", "body", "quiet", wrap=True)
        self.notes = label(kit, "", "strong", wrap=True)
        self.table = button(kit, say("Decision table"))
        self.sign = button(kit, say("Sign the decision"))
        self.advice = button(kit, say("Committee's advice"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(kit, say("3 + 3 · the rule says"), "body", "quiet"))
        self._words = (self.headline, self.reason, self.settings, self.notes)
        for widget in self._words:
            words.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addLayout(words, 1)
        for pressed in (self.table, self.advice, self.sign):
            row.addWidget(pressed)
        self.body.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keep_whole()

    def keep_whole(self) -> None:
        """A layout gives a wrapped text no more than one line once room is short: what does not fit there is never cut."""
        for widget in self._words:
            widget.setMinimumHeight(max(0, widget.heightForWidth(widget.width())))


class BoardLayout(QWidget):
    def __init__(self, kit: Kit, groups: int) -> None:
        super().__init__()
        self.answer = AnswerCard(kit)
        self.groups = [GroupCard(kit) for _ in range(groups)]
        self.subjects, self.due = Table(kit, say("Subjects")), Table(kit, say("Due this week"))
        self.screen_one = button(kit, say("Screen a subject"))
        self.take_in = button(kit, say("Take in an enrolment"))
        self.open_one = button(kit, say("Open the subject"))
        self.lab_file = button(kit, say("Laboratory file"))
        self.report = button(kit, say("Trial report"))
        self.expansion = ElidedLabel(kit, "strong")
        self.nothing = label(kit, say("Nothing is due this week."), "body", "quiet")
        column = column_of(self)
        column.addWidget(self.answer)
        cards = QHBoxLayout()
        cards.setSpacing(SPACE_8)
        for card in self.groups:
            cards.addWidget(card, 1)
        column.addLayout(cards)
        column.addWidget(self.expansion)
        lists = QHBoxLayout()
        lists.setSpacing(SPACE_8)
        left, right = Card(kit), Card(kit)
        left.body.addLayout(
            row_of(label(kit, say("Subjects"), "title"), self.take_in, self.screen_one, self.open_one, stretch_first=True)
        )
        left.body.addWidget(self.subjects, 1)
        right.body.addLayout(row_of(label(kit, say("Due this week"), "title"), self.lab_file, self.report, stretch_first=True))
        right.body.addWidget(self.nothing)
        right.body.addWidget(self.due, 1)
        lists.addWidget(left, 1)
        lists.addWidget(right, 1)
        column.addLayout(lists, 1)


TABS: tuple[tuple[str, Text], ...] = (
    ("response", say("Response")),
    ("eligibility", say("Eligibility")),
    ("calendar", say("Calendar")),
    ("course", say("Course")),
)


class SubjectLayout(QWidget):
    """The subject's name and standing, four views of it, and what can be done."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.back = button(kit, say("Back to the board"))
        self.name = label(kit, "", "code")
        self.standing = ElidedLabel(kit, "body", "quiet")
        self.tabs: dict[str, QPushButton] = {}
        row = row_of(self.back, self.name)
        row.addWidget(self.standing, 1)
        for key, name in TABS:
            tab = self.tabs[key] = button(kit, name, "pill")
            tab.setCheckable(True)
            row.addWidget(tab)
        self.table = Table(kit, say("Details"))
        self.said = label(kit, "", "strong", wrap=True)
        self.doing: dict[str, QPushButton] = {}
        column = column_of(self)
        column.addLayout(row)
        column.addWidget(self.said)
        self.plot_room = QVBoxLayout()
        column.addLayout(self.plot_room, 3)
        column.addWidget(self.table, 3)
        self.action_row = QHBoxLayout()
        self.action_row.setSpacing(SPACE_8)
        column.addLayout(self.action_row)

    def add_action(self, kit: Kit, key: str, name: Text) -> QPushButton:
        """Hidden until it fits what is shown: all of them side by side are wider than a small screen."""
        made = self.doing[key] = button(kit, name)
        made.hide()
        self.action_row.addWidget(made, 1)
        return made
