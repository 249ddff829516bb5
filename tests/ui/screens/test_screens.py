"""Every page and every question: two themes, two languages, three sizes, each looked at by machine and kept as a picture.

`make screens` walks them all and puts the pictures into build/screens; `make test` walks a few at the smallest size.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import settings
from tests.ui.house import ADMIN, OWN, PASSWORD, House, furnish
from tests.ui.screens.faults import composed, faint, faults, settle
from tests.ui.screens.listing import PAGES, QUESTIONS
from tests.ui.screens.stage import Scene, Stage
from ui.frame.pages import PageKey
from ui.frame.window import Window
from ui.kit.labels_and_buttons import button, label
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look.tokens import LIGHT, THEMES
from ui.kit.look_and_words import Kit
from ui.records.page import RecordsPage
from ui.trail.page import TrailPage

PICTURES = Path(__file__).resolve().parents[3] / "build" / "screens"
SIZES = ((1280, 720), (1366, 768), (1920, 1080))
ALL = {**PAGES, **QUESTIONS}
#: a cut of the gallery: what is looked at most, and what is fullest
FEW = ("infusion", "infusion-alarmed", "ward", "dispense", "ask-vitals-running", "ask-reaction-running", "ask-certificate")


@pytest.fixture
def kit(qtbot: QtBot, qapp: QApplication) -> Kit:  # noqa: ARG001
    """With the program's own Chinese."""
    look = Look()
    look.dress(qapp)
    return Kit(look, LiveWords("en"))


@pytest.fixture
def staged(kit: Kit) -> Iterator[Callable[[Scene], Stage]]:
    made: list[Stage] = []

    def stage(scene: Scene) -> Stage:
        made.append(Stage(kit, scene))
        return made[-1]

    yield stage
    for one in made:
        one.clear()


Refresh = Callable[[], object]


class Walk:
    """One screen, or the question before it, in every look; `found` gathers what is wrong with it, once each."""

    def __init__(self, kit: Kit, app: QApplication, window: Window, dialog: QDialog | None, refresh: Refresh) -> None:
        self.kit, self.app, self.window, self.dialog, self.refresh = kit, app, window, dialog, refresh
        self.found: dict[str, list[str]] = {}

    def through(self, name: str, sizes: tuple[tuple[int, int], ...], folder: Path | None) -> None:
        for theme in THEMES.values():
            self.kit.look.set_theme(self.app, theme)
            for language in ("en", "zh_CN"):
                self.kit.words.set_language(language)
                for size in sizes:
                    self._look(size, f"{name}-{theme.name}-{language[:2]}-{size[0]}", folder)
                for shown in self._shown():
                    self._note(faint(shown), f"{theme.name}-{language[:2]}")

    def _shown(self) -> tuple[QWidget, ...]:
        """A box hides what is beneath it; a drawer leaves it in sight."""
        if self.dialog is None or self.dialog.isWindow():
            return (self.dialog or self.window,)
        return self.dialog, self.window

    def _look(self, size: tuple[int, int], mark: str, folder: Path | None) -> None:
        self.window.resize(*size)
        self.refresh()
        settle()
        if (self.window.width(), self.window.height()) != size:
            self._note([f"size: the window needs {self.window.width()} × {self.window.height()}"], mark)
        if self.kit.look.theme is LIGHT:  # no place depends on the theme
            for shown in self._shown():
                self._note(faults(shown), mark)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            composed(self.window, self.dialog).save(str(folder / f"{mark}.png"))

    def _note(self, found: list[str], mark: str) -> None:
        for fault in found:
            self.found.setdefault(fault, []).append(mark)

    def assert_well(self) -> None:
        assert not self.found, "\n".join(f"{fault}  [{len(marks)}: {marks[0]}]" for fault, marks in self.found.items())


def walk(kit: Kit, app: QApplication, stage: Stage, name: str, sizes: tuple[tuple[int, int], ...], to: Path | None) -> None:
    walked = Walk(kit, app, stage.window, stage.dialog, stage.refresh)
    walked.through(name, sizes, to)
    walked.assert_well()


@pytest.mark.parametrize("name", FEW)
def test_a_cut_of_the_gallery_is_well(kit: Kit, qapp: QApplication, staged: Callable[[Scene], Stage], name: str) -> None:
    walk(kit, qapp, staged(ALL[name]), name, SIZES[:1], None)


@pytest.mark.screens
@pytest.mark.parametrize("name", ALL)
def test_every_screen_is_well(kit: Kit, qapp: QApplication, staged: Callable[[Scene], Stage], name: str) -> None:
    walk(kit, qapp, staged(ALL[name]), name, SIZES, PICTURES)


# --- pages of the whole program


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house") / "busy"
    furnish(folder)
    return folder


@pytest.fixture
def house(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A laptop on which Bedside was never started."""
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)
    made = House(qtbot, tmp_path / "data")
    yield made
    made.stop()


def _walk_house(house: House, qapp: QApplication, name: str, refresh: Refresh = settle) -> None:
    walked = Walk(house.shell.kit, qapp, house.shell.window, None, refresh)
    walked.through(name, SIZES, PICTURES)
    walked.assert_well()


PEOPLE = {
    PageKey.RECORDS: ("n1", OWN),
    PageKey.TRAIL: ("i1", OWN),
    PageKey.TRIAL: ("i1", OWN),
    PageKey.DEVICES: ("n1", OWN),
    PageKey.SETTINGS: (ADMIN.person_id, PASSWORD),
}


@pytest.mark.screens
@pytest.mark.parametrize("key", PEOPLE)
def test_pages_of_the_whole_program_are_well(house: House, furnished: Path, qapp: QApplication, qtbot: QtBot, key: PageKey) -> None:
    shutil.copytree(furnished, house.folder)
    house.start()
    house.unlock(*PEOPLE[key])
    house.running._go(key)
    page = house.running.pages.page(key)
    if isinstance(page, RecordsPage | TrailPage):
        qtbot.waitUntil(lambda: bool(page.leaf.rows))
    _walk_house(house, qapp, key, house.running.frame.refresh)


@pytest.mark.screens
@pytest.mark.parametrize("typed", ["", "alarm"])
def test_the_settings_of_the_site_are_well(house: House, furnished: Path, qapp: QApplication, typed: str) -> None:
    shutil.copytree(furnished, house.folder)
    house.start()
    house.unlock(*PEOPLE[PageKey.SETTINGS])
    page = house.settings_page()
    page.show_group("alarms")
    page.search.setText(typed)
    _walk_house(house, qapp, f"settings-{typed or 'site'}", house.running.frame.refresh)


@pytest.mark.screens
def test_the_locked_screen_is_well(house: House, furnished: Path, qapp: QApplication) -> None:
    shutil.copytree(furnished, house.folder)
    house.start()
    house.unlock("n1", OWN)
    house.lock()
    _walk_house(house, qapp, "locked", house.running.frame.refresh)


@pytest.mark.screens
def test_before_the_record_is_open_all_is_well(house: House, furnished: Path, qapp: QApplication) -> None:
    shutil.copytree(furnished, house.folder)
    house.start()
    _walk_house(house, qapp, "unlock")


@pytest.mark.screens
def test_the_first_start_is_well(house: House, qapp: QApplication) -> None:
    house.start()
    _walk_house(house, qapp, "first-account")


# --- the machine's eye itself


@pytest.fixture
def planted(kit: Kit) -> Iterator[tuple[Kit, QWidget]]:
    """A window that is well as it stands; it is gone before the style is."""
    window = QWidget()
    window.setProperty("ground", "page")
    window.resize(600, 400)
    for at, text in enumerate(("First", "Second", "Third")):
        one = button(kit, text)
        one.setParent(window)
        one.setGeometry(20 + 190 * at, 20, 160, 48)
    window.show()
    settle()
    assert faults(window) == []
    assert faint(window) == []
    yield kit, window
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _put(window: QWidget, one: QWidget, left: int, top: int, wide: int, high: int) -> QWidget:
    one.setParent(window)
    one.setGeometry(left, top, wide, high)
    one.show()
    settle()
    return one


def test_a_cut_label_is_found(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    _put(window, label(kit, "far too long for its place"), 20, 200, 60, 24)
    (found,) = faults(window)
    assert found.startswith("cut:")
    assert "far too long" in found


def test_a_label_that_guesses_whether_it_is_a_page_is_found(planted: tuple[Kit, QWidget]) -> None:
    _kit, window = planted
    _put(window, QLabel("x"), 20, 200, 60, 24)
    assert [fault for fault in faults(window) if fault.startswith("guessed:")]


def test_a_target_of_30_px_is_found(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    _put(window, one := button(kit, "Small"), 20, 200, 160, 30)
    one.setFixedHeight(30)
    one.setStyleSheet("min-height: 0; padding: 0")
    settle()
    assert faults(window) == ["small: Button 'Small' is 160 × 30 px"]


def test_a_margin_of_the_style_is_no_target(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    _put(window, one := button(kit, "Thin"), 20, 200, 160, 48)
    one.setStyleSheet("margin: 8px 0; min-height: 0; padding: 0")
    settle()
    assert faults(window) == ["small: Button 'Thin' is 160 × 32 px"]


def test_what_lies_on_something_else_is_found(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    _put(window, button(kit, "Fourth"), 100, 40, 160, 48)
    assert [one for one in faults(window) if one.startswith("overlap")]


def test_what_stands_beyond_the_window_is_found(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    _put(window, button(kit, "Fourth"), 500, 200, 160, 48)
    assert faults(window) == ["outside: Button 'Fourth'"]


def test_tab_that_goes_back_is_found(planted: tuple[Kit, QWidget]) -> None:
    _kit, window = planted
    first, _second, third = window.findChildren(QPushButton)
    QWidget.setTabOrder(first, third)
    assert faults(window) == ["order: Tab goes from Button 'Third' back to Button 'Second'"]


def test_a_faint_text_is_found(planted: tuple[Kit, QWidget]) -> None:
    kit, window = planted
    one = _put(window, label(kit, "hardly there"), 20, 200, 200, 24)
    assert isinstance(one, QLabel)
    one.setStyleSheet("color: #A0A8B0")
    settle()
    (found,) = faint(window)
    assert "hardly there" in found
