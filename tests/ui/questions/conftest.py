"""A nurse at a bed: the Infusion page in its window, a dialog opened as she opens it, and her hands."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from ui.ask.question import Question
from ui.ask.signer import SignerAnswer
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look.tokens import TARGET
from ui.kit.look_and_words import Kit
from ui.questions.actions import ACTIONS

D = TypeVar("D", bound=QDialog)


class Strays(QObject):
    """What was shown as a window of its own though it is a part of one: it takes the keys away."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QShowEvent) and isinstance(watched, QWidget) and _is_stray(watched):
            self.seen.append(type(watched).__name__)
        return False


def _is_stray(shown: QWidget) -> bool:
    return shown.isWindow() and shown.windowType() == Qt.WindowType.Window and not isinstance(shown, Window | QDialog)


class Bedside:
    """`ask` opens a question by its key; `dialog` is the one that is open."""

    def __init__(self, ward: Ward, kit: Kit, qtbot: QtBot, app: QApplication) -> None:
        self.ward, self.kit, self.qtbot, self.app = ward, kit, qtbot, app
        self.window = Window(kit, True, "Ward 3")
        self.strays = Strays()
        app.installEventFilter(self.strays)
        self.desk: Desk = story.desk_of(ward, kit, self.window)
        self.window.show()
        self.settle()

    @cached_property
    def page(self) -> InfusionPage:
        """The Infusion page, for those who look at it."""
        page = InfusionPage(self.desk)
        self.window.add_page("page", page)
        self.window.show_page("page")
        page.show_infusion(self.ward.infusion_id)
        self.settle()
        return page

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def ask(self, key: str, kind: type[D]) -> D:
        ACTIONS[key](self.desk, self.ward.infusion_id, self.window)
        return self.dialog(kind)

    def dialog(self, kind: type[D]) -> D:
        self.settle()
        found = self.open_dialogs()
        assert found, "no dialog is open"
        assert self.strays.seen == []
        newest = found[-1]
        assert isinstance(newest, kind), found
        newest.activateWindow()
        self.qtbot.waitActive(newest)
        return newest

    def open_dialogs(self) -> list[QDialog]:
        return [d for d in self.window.findChildren(QDialog) if d.isVisible()]

    def signs(self, question: Question, person_id: str) -> None:
        """That person is chosen, types the PIN or password and presses the button."""
        signer = question.findChild(SignerAnswer)
        assert signer is not None
        signer.choose(person_id)
        signer.pin.setText(story.SECRET)
        question.primary.click()
        self.settle()

    def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Return) -> None:
        QTest.keyClick(widget, key)
        self.settle()

    def type_in(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        QTest.keyClicks(widget, text)
        self.settle()

    def is_fit_for_gloves(self, dialog: Question) -> None:
        """In both languages, on the smallest screen: nothing cut, nothing too small, everything named. Colours move nothing."""
        for language in ("zh_CN", "en"):
            self.kit.words.set_language(language)
            self.settle()
            assert_nothing_cut(dialog)
            _large_and_named(dialog)
        dialog.activateWindow()
        self.qtbot.waitActive(dialog)


def _large_and_named(dialog: Question) -> None:
    assert dialog.width() <= 1280
    assert dialog.height() <= 720
    inner = dialog.area.widget()
    assert inner is not None
    assert inner.width() <= dialog.area.viewport().width() + 1, "something stands out at the right"
    for one in dialog.findChildren(QWidget):
        if one.isVisibleTo(dialog) and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            if isinstance(one.parent(), QAbstractSpinBox) or isinstance(one, QScrollArea):
                continue
            assert one.height() >= TARGET, (one, one.accessibleName(), one.height())
            assert one.accessibleName(), one


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Kit:  # noqa: ARG001
    look = Look()
    look.dress(qapp)
    return Kit(look, LiveWords("en"))


At = Callable[[Ward], Bedside]


@pytest.fixture
def at(kit: Kit, qtbot: QtBot, qapp: QApplication) -> Iterator[At]:
    """The bed of a ward; in the end nothing is open and nothing ticks."""
    made: list[Bedside] = []

    def bedside(ward: Ward) -> Bedside:
        made.append(Bedside(ward, kit, qtbot, qapp))
        return made[-1]

    yield bedside
    for one in made:
        qapp.removeEventFilter(one.strays)
    for one in made:
        for dialog in one.open_dialogs():
            dialog.reject()
        one.ward.bedside.news.forget()
        one.window.close()
        one.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # or every restyling grows dearer
