"""The laptop as the program looks after it: what the system says, in its own words, and what it is asked to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.infusion import facts as e
from app.domain.watch.laptop_seen import LaptopSeen, SoundFault
from app.domain.watch.preflight import SHIFT
from app.jobs.laptop.awake import SystemAwake
from app.jobs.laptop.laptop_watch import EVERY_S, SETTINGS_EVERY, LaptopReader, read_laptop
from app.jobs.laptop.sleep_settings import NOT_READ, of_gnome, of_powercfg
from app.jobs.laptop.system_said import system_said
from app.jobs.laptop.update_settings import of_active_hours, of_apt
from app.jobs.laptop.volume import of_pactl, of_wpctl
from tests.domain.cast import DAY
from tests.domain.play import prepared
from tests.laptop import GOOD, FakeLaptop

POWERCFG = """\
电源方案 GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (平衡)
      最小可能的设置: 0x00000000
      可能的设置增量: 0x00000001
    当前交流电源设置索引: {ac}
    当前直流电源设置索引: 0x00000384
"""


@dataclass
class Hand:
    """A clock moved by hand."""

    at: datetime = DAY

    def now(self) -> datetime:
        return self.at


class Watched:
    def __init__(self, can_stay_awake: bool = True) -> None:
        self.clock, self.seen = Hand(), LaptopSeen()
        self.laptop = FakeLaptop(self.clock.now, self.take, can_stay_awake)
        self.watch = self.laptop.watch

    def take(self, seen: LaptopSeen) -> None:
        self.seen = seen


# --- what the systems say


def test_what_powercfg_says_in_any_language() -> None:
    assert of_powercfg(POWERCFG.format(ac="0x00000000")).is_well is True
    found = of_powercfg(POWERCFG.format(ac="0x00000708"))
    assert (found.is_well, str(found.said)) == (False, "Goes to sleep after 30 min")
    assert of_powercfg(None) == of_powercfg("0x0000000") == NOT_READ


def test_what_gnome_says() -> None:
    assert of_gnome("'nothing'\n", "1200\n").is_well is True
    assert of_gnome("'suspend'\n", "0\n").is_well is True
    assert str(of_gnome("'suspend'\n", "1200\n").said) == "Goes to sleep after 20 min"
    assert of_gnome(None, "1200") == of_gnome("'suspend'", None) == of_gnome("'suspend'", "?") == NOT_READ


def test_whether_an_update_may_restart_it() -> None:
    assert of_apt(None).is_well is None
    assert of_apt("").is_well is of_apt('Unattended-Upgrade::Automatic-Reboot "false";\n').is_well is True
    assert of_apt('Unattended-Upgrade::Automatic-Reboot "true";\n').is_well is False


@pytest.mark.parametrize(
    ("active", "hour", "is_well"),
    [
        (None, 9, None), ((8, 20), 8, True), ((8, 20), 16, True), ((8, 20), 17, False), ((8, 20), 7, False), ((8, 20), 22, False),
        ((20, 8), 22, True), ((20, 8), 3, True), ((20, 8), 5, False), ((0, 0), 23, False),
    ],
)  # fmt: skip
def test_windows_restarts_outside_its_active_hours(active: tuple[int, int] | None, hour: int, is_well: bool | None) -> None:
    assert of_active_hours(active, hour).is_well is is_well


def test_how_loud_the_output_is() -> None:
    muted, nothing = SoundFault.MUTED, SoundFault.VOLUME_0
    said = ("Volume: 0.40", "Volume: 0.40 [MUTED]", "Volume: 0.00", "?")
    assert [of_wpctl(x) for x in said] == [None, muted, nothing, None]
    loud, silent = "Volume: front-left: 65536 / 100% / 0.00 dB, front-right: 0 /   0% / -inf dB", "Volume: mono: 0 / 0% / -inf dB"
    assert [of_pactl("Mute: yes", loud), of_pactl("Mute: no", loud), of_pactl("Mute: no", silent), of_pactl("", "")] == [
        muted, None, nothing, None,
    ]  # fmt: skip


def test_a_command_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert system_said(str(tmp_path / "nothing")) is None


def test_this_very_machine_can_be_read_and_asked(tmp_path: Path) -> None:
    """Whatever it is: nothing raises, and where it cannot be kept awake that is an answer."""
    found = read_laptop(tmp_path, 9)
    assert found.free_bytes is not None
    assert read_laptop(tmp_path / "gone", 9).free_bytes is None
    awake = SystemAwake()
    assert awake.hold() in (True, False)
    awake.let_go()


# --- the watch


def test_it_is_read_every_ten_seconds() -> None:
    one = Watched()
    one.watch.tick(0.0, [])
    assert one.seen == LaptopSeen(DAY, True, 90, 10**11)
    one.laptop.says = GOOD._replace(free_bytes=1)
    one.watch.tick(EVERY_S - 1, [])
    assert one.seen.free_bytes == 10**11
    one.watch.tick(EVERY_S, [])
    assert one.seen.free_bytes == 1


def test_it_is_kept_awake_from_the_hung_bag_to_the_end_of_the_observation() -> None:
    one = Watched()
    for point, held in (("thawed", False), ("ready", True), ("running", True), ("observation", True), ("observed", False)):
        one.watch.tick(0.0, [prepared(point).state])
        assert one.laptop.awake.is_held is held
        assert str(one.watch.sleep.said) == ("Held off; leave the lid open" if held else "Does not go to sleep")
    one.watch.tick(0.0, [prepared("running").state])
    one.watch.close()
    assert not one.laptop.awake.is_held


def test_where_it_cannot_be_kept_awake_its_settings_are_told() -> None:
    one = Watched(can_stay_awake=False)
    assert one.watch.sleep.is_well is one.watch.updates.is_well is None
    one.watch.tick(0.0, [prepared("running").state])
    assert str(one.watch.sleep.said) == "Does not go to sleep"


def test_the_sound_is_tried_once_a_shift() -> None:
    one = Watched()
    assert one.watch.is_test_due()
    one.watch.tested(heard=False)
    assert (one.seen.sound, one.watch.heard_at, one.watch.is_test_due()) == (SoundFault.NOT_HEARD, None, False)
    one.watch.tested(heard=True)
    assert (one.seen.sound, one.watch.heard_at) == (None, DAY)
    one.clock.at += SHIFT + timedelta(seconds=1)
    assert one.watch.is_test_due()


def test_what_the_system_says_of_the_sound_goes_before_what_was_heard() -> None:
    one = Watched()
    one.watch.sound_is(SoundFault.MUTED)
    one.watch.tested(heard=False)
    muted = one.seen.sound
    assert muted is SoundFault.MUTED
    assert not one.watch.is_test_due()
    one.watch.sound_is(None)
    mended = one.seen.sound
    assert mended is None
    assert one.watch.is_test_due(), "what is mended is tried again"


def test_what_was_said_before_a_start_holds_for_a_shift() -> None:
    one = Watched()
    one.watch.answer(["updates"], 1)
    assert (one.watch.answered(), one.watch.clock_off_min()) == (frozenset({"updates"}), 1)
    one.watch.answer([], None)
    one.clock.at += SHIFT
    assert (one.watch.answered(), one.watch.clock_off_min()) == (frozenset({"updates"}), 1)
    one.clock.at += timedelta(seconds=1)
    assert (one.watch.answered(), one.watch.clock_off_min()) == (frozenset(), None)


def test_a_clock_that_was_moved_is_compared_again() -> None:
    one, play = Watched(), prepared("running")
    one.watch.answer([], 0)
    one.watch.tick(0.0, [play.state])
    assert one.watch.clock_off_min() == 0
    play.take(e.ClockStepped(Decimal(60)))
    one.watch.tick(0.0, [play.state])
    assert one.watch.clock_off_min() is None


def test_other_programs_are_started_for_sleep_and_updates_once_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("app.jobs.laptop.sleep_settings.read_sleep", lambda: started.append("sleep"))
    monkeypatch.setattr("app.jobs.laptop.update_settings.read_updates", lambda _hour: started.append("updates"))
    reader = LaptopReader(tmp_path, lambda: 9)
    assert all(reader.read().free_bytes for _ in range(SETTINGS_EVERY + 1))
    assert started == ["sleep", "updates"] * 2
