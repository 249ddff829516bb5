"""Hands at the program's window: every key, click, typed line and scan of theirs is an act, and is counted."""

from collections import Counter
from math import sin

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from app.domain.infusion.chapters.ordering import Abandon
from app.services.ward.alerts import Alerts
from tests.domain.cast import CHEN
from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.scanner import send
from ui.ask.question import Question
from ui.ask.toggle_grid import Toggle
from ui.dispense.page import DispensePage
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.pages import Page, PageKey
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit
from ui.ward.page import WardPage

_ROUND_S = 10
_CUFF_S = 240


class Hands:
    """A ward that is no practice, its window with its three pages, and a clock that is moved.

    An act is one of: a line typed into the field that has the focus (however long), a key pressed, a click, a code scanned.
    Moving the focus counts as any key does; nothing is set but by these. `questions` counts dialogs that opened, `secrets` the
    PINs and passwords typed. `doing` names what the next acts are for; with `later` they belong to what was added since, and are
    counted apart.
    """

    def __init__(self, kit: Kit) -> None:
        self.ward = Ward(practice=False)
        self.ward.do(Abandon("ordered twice"), CHEN)
        self.window = Window(kit, False, "Ward 3")
        self.desk: Desk = story.desk_of(self.ward, kit, self.window)
        self.pages: dict[str, Page] = {}
        for key, made in ((PageKey.WARD, WardPage), (PageKey.DISPENSE, DispensePage), (PageKey.INFUSION, InfusionPage)):
            self.pages[key] = made(self.desk)
            self.window.add_page(key, self.pages[key])
        self.frame = WindowFrame(self.desk, self.window, Alerts(self.ward.bedside), list, silent=True)
        self.acts = self.questions = self.secrets = 0
        self._parts, self._later = Counter[str](), Counter[str]()
        self._doing, self._counts_apart = "", False
        self.desk.asking.connect(self._asked)
        self.desk.show_page.connect(self._turn_to)
        self._turn_to(PageKey.WARD, "")
        self.window.show()
        self.settle()

    def _asked(self, opened: bool) -> None:
        if opened and self._counts_apart:
            self._later["questions"] += 1
        elif opened:
            self.questions += 1

    def _turn_to(self, key: str, infusion_id: str) -> None:
        if infusion_id:
            self.ward.infusion_id = infusion_id
            self.pages[key].show_infusion(infusion_id)
        self.window.show_page(key)

    def clear(self) -> None:
        self.frame.close()
        self.ward.bedside.news.forget()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # --- what is seen

    @property
    def question(self) -> Question | None:
        """The one that is open."""
        return next((q for q in reversed(self.window.findChildren(Question)) if q.isVisible()), None)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def settle(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        over = self.question or self.window
        if not over.isActiveWindow():
            over.activateWindow()
            QApplication.processEvents()

    def doing(self, what: str, later: bool = False) -> "Hands":
        assert self.question is None, "what came before is not done"
        self._doing, self._counts_apart = what, later
        return self

    def told(self) -> str:
        """The numbers on one line, and the parts."""
        parts = ", ".join(f"{what} {count}" for what, count in self._parts.items())
        apart = ", ".join(f"{what} {count}" for what, count in self._later.items()) or "nothing"
        whole = f"{self.acts} acts, {self.questions} questions, {self.secrets} PINs and passwords"
        return f"{whole} ({parts}); counted apart, added since: {apart}"

    # --- acts

    def _act(self) -> None:
        if self._counts_apart:
            self._later[self._doing] += 1
        else:
            self.acts += 1
            self._parts[self._doing] += 1
        self.settle()
        self._look()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.focus, key)
        self._act()

    def enter(self) -> None:
        self.key(Qt.Key.Key_Return)

    def tab(self) -> None:
        self.key(Qt.Key.Key_Tab)

    def letters(self, answers: str) -> None:
        """“YYN”: one key an answer."""
        for letter in answers:
            self.key(Qt.Key[f"Key_{letter}"])

    def type(self, text: str) -> None:
        """Into the line that has the focus; a digit brings the drops' own line to it."""
        QTest.keyClicks(self.focus, text[0])
        field = self.focus
        assert isinstance(field, QLineEdit), field
        field.selectAll()
        QTest.keyClicks(field, text)
        self._act()

    def sign(self) -> None:
        """The PIN or password, where its line has the focus, and Enter."""
        field = self.focus
        assert isinstance(field, QLineEdit), (field, self.question, self.frame.window.strip._state)
        assert field.echoMode() is QLineEdit.EchoMode.Password, field.accessibleName()
        self.secrets += 1
        self.type(story.SECRET)
        self.enter()

    def scan(self, code: str, later: str = "") -> None:
        """With the scanner's Enter. `later`: a scan that was added since, by its name."""
        send(self.focus, f"{code}\r")
        if later:
            self._later[later] += 1
            self.settle()
        else:
            self._act()

    def click(self, button: QPushButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._act()

    def pick(self, words: str) -> None:
        """Of the large toggles that have the focus the one that begins so: by arrow keys, the first by Space."""
        at = self.focus
        assert isinstance(at, Toggle), (at, at.accessibleName(), self.question and self.question.strip._state)
        for _ in range(12):
            at = self.focus
            assert isinstance(at, Toggle)
            if at.accessibleName().startswith(words):
                break
            self.key(Qt.Key.Key_Right)
        assert at.accessibleName().startswith(words), words
        if not at.isChecked():
            self.key(Qt.Key.Key_Space)

    # --- time

    def watch(self, minutes: float) -> None:
        """Time goes by; the monitor speaks."""
        left = minutes * 60
        while left > 0:
            step = min(_ROUND_S, left)
            self.ward.clock.move(seconds=step)
            left -= step
            self._hear()
            self.ward.bedside.tick()
        self._look()

    def _look(self) -> None:
        """As the program does several times a second."""
        self.ward.bedside.tick()
        self.frame.refresh()
        if self.question is None:
            self.pages[self.window.page].refresh()
        self.settle()

    def _hear(self) -> None:
        t = self.ward.clock.steady_s
        heard: list[tuple[str, object]] = [("hr", round(84 + 3 * sin(t / 150))), ("spo2", 97), ("rr", 17)]
        if t % _CUFF_S < _ROUND_S:
            heard += [("nibp_sys", 118), ("nibp_dia", 74), ("nibp_map", 89)]
        self.ward.hear_all(heard, simulated=False)
