"""One look at the ward: the alarm bar, the bed's card and the list beside the sign-in show the same conditions."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.infusion.found import urgency
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.watch import bed_seen
from app.jobs.status_writer import EVERY_S, StatusWriter
from app.practice.pace import PracticePace
from app.services.clock import ScaledClock, steady_s
from app.services.ward.alerts import Alerts
from devices.link import LinkState
from tests.services.ward import PORT, Ward, running
from tests.ui.pages import story
from tests.ui.pages.story import desk_of
from ui.entrance.sign_in import SignInPage
from ui.frame.frame import WindowFrame
from ui.frame.session import Session
from ui.frame.window import Window
from ui.infusion.page import InfusionPage
from ui.kit.look_and_words import Kit
from ui.ward.page import WardPage


class Shown:
    """What three places say of one bed."""

    def __init__(self, ward: Ward, kit: Kit, qtbot: QtBot) -> None:
        self.ward = ward
        self.window = Window(kit, True, "Ward 3")
        qtbot.addWidget(self.window)
        self.desk = desk_of(ward, kit, self.window)
        self.page, self.sign_in = WardPage(self.desk), SignInPage(self.desk, Session(self.desk, self.window, steady_s))
        self.window.add_page("ward", self.page)
        self.window.add_page("sign_in", self.sign_in)
        self.frame = WindowFrame(self.desk, self.window, Alerts(ward.bedside), list, silent=True)

    def priorities(self) -> tuple[str | None, ...]:
        self.frame.refresh()
        self.page.refresh()
        self.sign_in.tick()
        bar, card = self.window.alarm._state, self.page.cards[0].state
        assert card is not None
        return bar.priority if bar else None, card.alarm, self.sign_in.ward_now._state[0].alarm


class Counting:
    """Does what it wraps, and counts for which infusion."""

    def __init__(self, what: Callable[..., Any]) -> None:
        self._what, self.calls = what, Counter[str]()

    def __call__(self, state: Infusion, *more: Any) -> Any:
        self.calls[state.infusion_id] += 1
        return self._what(state, *more)


@pytest.fixture
def shown(kit: Kit, qtbot: QtBot) -> Iterator[Shown]:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    made = Shown(ward, kit, qtbot)
    yield made
    made.frame.close()


@pytest.mark.parametrize("was_lost", [False, True])
@pytest.mark.parametrize("state", LinkState)
def test_bar_card_and_sign_in_show_the_same_of_every_link(shown: Shown, state: LinkState, was_lost: bool) -> None:
    """A monitor that fell silent is silent until it speaks again, not until its cable is back."""
    ward = shown.ward
    for before in (LinkState.LIVE, *((LinkState.LOST,) if was_lost else ())):
        ward.link(before)
    ward.link(state)
    is_silent = state in (LinkState.LOST, LinkState.STALE) or (was_lost and state is not LinkState.LIVE)
    assert shown.priorities() == ("medium" if is_silent else None,) * 3


def test_each_bed_is_looked_at_once_a_tick(kit: Kit, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many places show it: frame, cards, list of tasks, sign-in, an infusion's own page, status file, pace."""
    ward = story.full_ward()
    made, pace = Shown(ward, kit, qtbot), PracticePace(ward.bedside, ScaledClock())
    infusion = InfusionPage(made.desk)
    made.window.add_page("infusion", infusion)
    infusion.show_infusion(ward.infusion_id)
    due, alarms = Counting(urgency.standing), Counting(bed_seen.seen)
    monkeypatch.setattr("app.services.ward.watch.standing", due)
    monkeypatch.setattr("app.services.ward.watch.seen", alarms)
    with ThreadPoolExecutor(1) as executor:
        kept = StatusWriter(tmp_path / "ward.db", ward.bedside, executor)
        for at in range(1, 4):
            ward.clock.move(seconds=5)
            ward.bedside.tick()
            made.priorities()
            infusion.refresh()
            pace.settle()
            kept.look(at * EVERY_S)
            assert {*due.calls.values()} == {*alarms.calls.values()} == {at}
        kept.close()
    still_open = {s.infusion_id for s in ward.bedside.infusions if s.phase not in CLOSED}
    assert ({*due.calls}, {*alarms.calls}) == ({s.infusion_id for s in ward.bedside.infusions}, still_open)
    made.frame.close()
    ward.bedside.news.forget()
