"""Where things stand on the Trial page: the board with its lists, and a subject."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from ui.frame.pages import Later
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keep_whole()

    def keep_whole(self) -> None:
        """A layout gives a wrapped text no more than one line once room is short: what does not fit there is never cut.

        How wide it is is known once it has been shown.
        """
        for widget in self._words:
            widget.setMinimumHeight(max(0, widget.heightForWidth(widget.width())) if self.isVisible() else 0)


class BoardLayout(QWidget):
    """The answer, the groups, and two lists: the subjects and what is due."""

    def __init__(self, kit: Kit, groups: int, put: Callable[[QWidget], object], later: Later) -> None:
        super().__init__()
        self.kit, self._column = kit, column_of(self)
        put(self)
        for part in (self._put_answer, lambda: self._put_groups(groups), self._put_lists, self._put_subjects, self._put_due):
            later(part)

    def _put_answer(self) -> None:
        self.answer = AnswerCard(self.kit)
        self._column.addWidget(self.answer)

    def _put_groups(self, groups: int) -> None:
        self.groups = [GroupCard(self.kit) for _ in range(groups)]
        self.expansion = ElidedLabel(self.kit, "strong")
        cards = row_of(*self.groups)
        for at in range(groups):
            cards.setStretch(at, 1)
        self._column.addLayout(cards)
        self._column.addWidget(self.expansion)

    def _put_lists(self) -> None:
        self._left, self._right = Card(self.kit), Card(self.kit)
        lists = row_of(self._left, self._right)
        lists.setStretch(0, 1)
        lists.setStretch(1, 1)
        self._column.addLayout(lists, 1)

    def _put_subjects(self) -> None:
        self.subjects = Table(self.kit, say("Subjects"))
        self.take_in = button(self.kit, say("Take in an enrolment"))
        self.screen_one = button(self.kit, say("Screen a subject"))
        self.open_one = button(self.kit, say("Open the subject"))
        title = label(self.kit, say("Subjects"), "title")
        self._left.body.addLayout(row_of(title, self.take_in, self.screen_one, self.open_one, stretch_first=True))
        self._left.body.addWidget(self.subjects, 1)

    def _put_due(self) -> None:
        self.due = Table(self.kit, say("Due this week"))
        self.lab_file, self.report = button(self.kit, say("Laboratory file")), button(self.kit, say("Trial report"))
        self.nothing = label(self.kit, say("Nothing is due this week."), "body", "quiet")
        title = label(self.kit, say("Due this week"), "title")
        self._right.body.addLayout(row_of(title, self.lab_file, self.report, stretch_first=True))
        self._right.body.addWidget(self.nothing)
        self._right.body.addWidget(self.due, 1)


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
        self.kit = kit

    def put_parts(self) -> None:
        kit, column = self.kit, column_of(self)
        self.back = button(kit, say("Back to the board"))
        self.name = label(kit, "", "code")
        self.standing = ElidedLabel(kit, "body", "quiet")
        self.tabs: dict[str, QPushButton] = {}
        row = row_of(self.back, self.name)
        column.addLayout(row)
        row.addWidget(self.standing, 1)
        for key, name in TABS:
            tab = self.tabs[key] = button(kit, name, "pill")
            tab.setCheckable(True)
            row.addWidget(tab)
        self.table = Table(kit, say("Details"))
        self.said = label(kit, "", "strong", wrap=True)
        self.doing: dict[str, QPushButton] = {}
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
