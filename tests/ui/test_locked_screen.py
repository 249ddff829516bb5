"""The locked screen: tiles, trend, clocks, alarms and reaction stay in sight; nobody is named, and only acting takes a person."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.infusion.chapters.reaction import NoteReaction
from app.services.clock import steady_s
from devices.link import LinkState
from tests.domain.cast import LI, ZHAO
from tests.services.ward import PORT, Ward, running
from tests.ui.pages.story import desk_of
from tests.ui.screens.faults import faults, settle
from ui.entrance.locked_beds import LockedBeds
from ui.entrance.sign_in import SignInPage
from ui.frame.session import Session
from ui.frame.window import Window
from ui.kit.look_and_words import Kit


class Locked:
    """Nobody is signed in."""

    def __init__(self, ward: Ward, kit: Kit, qtbot: QtBot) -> None:
        self.ward, self.kit = ward, kit
        self.window = Window(kit, False, "Ward 3")
        qtbot.addWidget(self.window)
        desk = desk_of(ward, kit, self.window)
        desk.sign_in(None)
        self.page = SignInPage(desk, Session(desk, self.window, steady_s))
        self.window.add_page("sign_in", self.page)
        self.window.show_page("sign_in")
        self.window.show()
        self.look()

    def look(self) -> None:
        self.page.tick()
        settle()

    @property
    def beds(self) -> LockedBeds:
        assert self.page.beds is not None
        return self.page.beds

    def values(self) -> list[str | None]:
        self.look()
        return [tile.state.value for tile in self.beds.bed.tiles if tile.state]

    def phase(self, at: int = 0) -> str:
        return self.page.ward_now.rows[at][1].text()


Lock = Callable[[Ward], Locked]


@pytest.fixture
def locked(kit: Kit, qtbot: QtBot) -> Iterator[Lock]:
    made: list[Locked] = []

    def lock(ward: Ward) -> Locked:
        made.append(Locked(ward, kit, qtbot))
        return made[-1]

    yield lock
    for one in made:
        one.ward.bedside.news.forget()


def with_monitor() -> Ward:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    ward.link(LinkState.LIVE)
    ward.hear("hr", 84)
    return ward


def reacting() -> Ward:
    """Stopped for chills, pulse and oxygen far outside."""
    ward = with_monitor()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "stop"), LI)
    for code, value in (("hr", 141), ("spo2", 84)):
        ward.hear(code, value)
    ward.bedside.tick()
    return ward


def test_the_numbers_go_on_and_fade_with_their_line(locked: Lock) -> None:
    screen = locked(with_monitor())
    assert screen.values()[0] == "84"
    screen.ward.hear("hr", 91)
    assert screen.values()[0] == "91"
    assert screen.beds.bed.trend.isVisible()
    screen.ward.link(LinkState.LOST)
    screen.look()
    state = screen.beds.bed.tiles[0].state
    assert state is not None
    assert (state.value, state.stale) == ("91", True)


def test_an_open_reaction_and_its_alarm_are_told(locked: Lock) -> None:
    screen = locked(reacting())
    assert screen.phase() == "reaction open · Paused"
    assert [tile.state.alarm for tile in screen.beds.bed.tiles[:2] if tile.state] == ["medium", "high"]


def test_a_colleague_may_look_at_another_bed_and_the_password_keeps_the_keys(locked: Lock) -> None:
    ward = with_monitor()
    screen = locked(ward)
    assert screen.beds.choice.buttons() == []
    first = ward.infusion_id
    ward.infusion_id = other = ward.bedside.order("A-009", "7", "A", 1, ZHAO)
    screen.look()
    assert [one.text() for one in screen.beds.choice.buttons()] == ["A-009 · Bed 7", "B-001 · Bed 12"]
    assert screen.beds.shown == first
    screen.page.secret.setFocus()
    screen.beds.choice.buttons()[0].click()
    QTest.keyClicks(screen.window.focusWidget(), "horse")
    assert (screen.beds.shown, screen.page.secret.text()) == (other, "horse")
    screen.page.look_at(first)
    assert screen.beds.shown == first
    screen.beds.look_at(other)
    screen.page.refresh()
    assert screen.beds.shown == first


def test_whoever_is_short_of_room_still_sees_the_tiles(locked: Lock) -> None:
    screen = locked(reacting())
    for size in ((1280, 720), (911, 460), (640, 360)):
        screen.window.resize(*size)
        screen.look()
        assert faults(screen.window) == []
        assert all(tile.isVisible() and not tile.visibleRegion().isEmpty() for tile in screen.beds.bed.tiles)
