"""One look at the ward: the alarm bar, the bed's card and the list beside the sign-in show the same conditions."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.services.ward.alerts import Alerts
from devices.link import LinkState
from tests.services.ward import PORT, Ward, running
from tests.ui.pages.story import desk_of
from ui.entrance.sign_in import SignInPage
from ui.frame.frame import WindowFrame
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.ward.page import WardPage


class Shown:
    """What three places say of one bed."""

    def __init__(self, ward: Ward, kit: Kit, qtbot: QtBot) -> None:
        self.ward = ward
        self.window = Window(kit, True, "Ward 3")
        qtbot.addWidget(self.window)
        desk = desk_of(ward, kit, self.window)
        self.page, self.sign_in = WardPage(desk), SignInPage(desk)
        self.window.add_page("ward", self.page)
        self.window.add_page("sign_in", self.sign_in)
        self.frame = WindowFrame(desk, self.window, Alerts(ward.bedside), list, silent=True)

    def priorities(self) -> tuple[str | None, ...]:
        self.frame.refresh()
        self.page.refresh()
        self.sign_in.tick()
        bar, card = self.window.alarm._state, self.page.cards[0].state
        assert card is not None
        return bar.priority if bar else None, card.alarm, self.sign_in.standing._state[0].alarm


@pytest.fixture
def shown(kit: Kit, qtbot: QtBot) -> Iterator[Shown]:
    ward = running()
    ward.bedside.connect(ward.infusion_id, PORT)
    made = Shown(ward, kit, qtbot)
    yield made
    made.frame.close()
    ward.bedside.changed = lambda _infusion_id: None


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
