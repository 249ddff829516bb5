"""The laptop itself: what is alarmed of it while somebody relies on it, and the list before a start."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.decide import decide
from app.domain.infusion.phases import Phase
from app.domain.infusion.story import WORDS
from app.domain.texts import Dated, say
from app.domain.watch.alarm_log import finding_of
from app.domain.watch.alarm_words import to_do, what
from app.domain.watch.bed_seen import BedSeen, seen
from app.domain.watch.conditions import verdicts
from app.domain.watch.laptop_conditions import OF_THE_LAPTOP, STEP_TOLD_FOR
from app.domain.watch.laptop_seen import LOW_DISK_BYTES, SOUND_FAULTS, LaptopSeen, SoundFault
from app.domain.watch.latch import Finding, Inside
from app.domain.watch.preflight import (
    SHIFT,
    Before,
    Looked,
    looked_over,
    minutes_off,
    sound_known,
    typed_minutes,
    unread,
)
from app.domain.watch.priority import Priority

from .cast import LI, TRIAL, clock
from .play import prepared
from .seeing import plain

NOW = clock("14:00")
WELL = LaptopSeen(NOW, True, 90, 10**11)
READY = Before(
    WELL, Looked(True, say("never")), Looked(True, say("none due")), Looked(True, say("live")), 0, NOW, NOW - timedelta(hours=9),
)  # fmt: skip


def alarmed(phase: Phase = Phase.RUNNING, **laptop: Any) -> list[str]:
    bed = BedSeen(TRIAL, phase, laptop=replace(WELL, **laptop))
    found = [x for x in verdicts(bed, NOW) if isinstance(x, Finding)]
    assert all(x.priority is Priority.LOW and x.since == NOW for x in found)
    return [f"{x.key}: {plain(x.text or what(x.key, x.priority, x.value))}" for x in found]


@pytest.mark.parametrize(
    ("laptop", "told"),
    [
        ({}, []),
        ({"on_mains": None, "charge_pct": None, "free_bytes": None}, []),
        ({"free_bytes": LOW_DISK_BYTES}, []),
        ({"free_bytes": LOW_DISK_BYTES - 1}, ["low_disk: Disk nearly full: 499 MB free"]),
        ({"on_mains": False}, ["mains: The laptop runs on its battery"]),
        ({"on_mains": False, "charge_pct": None}, ["mains: The laptop runs on its battery"]),
        ({"on_mains": False, "charge_pct": 20}, ["mains: The laptop runs on its battery"]),
        ({"on_mains": False, "charge_pct": 19}, ["battery: Battery low: 19 %"]),
        ({"on_mains": True, "charge_pct": 5}, []),
        ({"sound": SoundFault.MUTED}, ["sound: The sound is muted"]),
        ({"sound": SoundFault.NO_DEVICE}, ["sound: No sound device"]),
    ],
)
def test_both_sides_of_what_is_told_of_the_laptop(laptop: dict[str, Any], told: list[str]) -> None:
    assert alarmed(**laptop) == told


def test_a_full_disk_and_a_low_battery_are_told_with_their_limits() -> None:
    bed = BedSeen(TRIAL, Phase.RUNNING, laptop=replace(WELL, on_mains=False, charge_pct=19, free_bytes=499_999_999))
    assert [x for x in verdicts(bed, NOW) if x.key in ("low_disk", "battery")] == [
        Finding(key="low_disk", priority=Priority.LOW, since=NOW, value=Decimal(499), limit=Decimal(500)),
        Finding(key="battery", priority=Priority.LOW, since=NOW, value=Decimal(19), limit=Decimal(20)),
    ]


def test_the_laptop_alarms_only_while_an_infusion_or_an_observation_runs() -> None:
    worst: dict[str, Any] = {"on_mains": False, "free_bytes": 0, "sound": SoundFault.FAILED}
    assert alarmed(Phase.HUNG, **worst) == alarmed(Phase.OBSERVED, **worst) == []
    assert len(alarmed(Phase.OBSERVATION, **worst)) == len(alarmed(Phase.PAUSED, **worst)) == 3


def test_a_clock_that_was_moved_is_told_for_a_quarter_of_an_hour() -> None:
    play = prepared("running")
    play.take(e.ClockStepped(Decimal("-3600")))

    def told(after: timedelta) -> list[object]:
        now = play.now + after
        return [x for x in verdicts(seen(play.state, [], now), now) if x.key == "clock_stepped"]

    [found] = told(timedelta(0))
    assert isinstance(found, Finding)
    assert (found.since, plain(what(found.key, found.priority, found.value))) == (
        play.now, "The laptop's clock was moved by -3600 s",
    )  # fmt: skip
    assert told(STEP_TOLD_FOR - timedelta(seconds=1)) != told(STEP_TOLD_FOR) == [
        Inside("clock_stepped", play.now + STEP_TOLD_FOR)
    ]  # fmt: skip
    bed = replace(seen(play.state, [], play.now), phase=Phase.OBSERVED)
    assert [x for x in verdicts(bed, play.now) if x.key == "clock_stepped"] == []


def test_what_is_of_the_laptop_says_what_to_do_and_is_read_back_from_the_log() -> None:
    for key in OF_THE_LAPTOP:
        assert plain(to_do(key))
        found = finding_of(key, Priority.LOW, NOW, Decimal(5), None, None)
        assert (found.key, found.latches, found.of_patient) == (key, False, False)
    assert plain(what("sound", Priority.LOW)) == "Alarms are not heard"


# --- the list before a start


def lines(before: Before, *answered: str) -> list[str]:
    """What is amber."""
    return [f"{x.key}: {plain(x.said)}" for x in looked_over(before, answered, NOW).ambers]


def test_all_is_green_and_takes_no_reason() -> None:
    done = looked_over(READY, (), NOW, "stays_so")
    assert (done.ambers, done.reason, done.clock_off_min) == ((), "", 0)
    assert [plain(x.said) for x in done.items] == [
        "On mains power, battery 90 %", "never", "none due", "100.0 GB free", "As the ward clock", "live", "Heard at 14:00",
        f"Of {Dated(NOW - timedelta(hours=9))}",
    ]  # fmt: skip
    assert unread(READY, NOW) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"laptop": replace(WELL, charge_pct=None)}, []),
        ({"laptop": replace(WELL, charge_pct=20)}, []),
        ({"laptop": replace(WELL, charge_pct=19)}, ["power: On mains power, battery 19 %"]),
        ({"laptop": replace(WELL, on_mains=False)}, ["power: On battery, 90 %: plug it in"]),
        ({"laptop": replace(WELL, on_mains=False, charge_pct=None)}, ["power: On battery: plug it in"]),
        ({"laptop": replace(WELL, free_bytes=None)}, ["disk: Cannot be read"]),
        ({"laptop": replace(WELL, free_bytes=LOW_DISK_BYTES)}, []),
        ({"laptop": replace(WELL, free_bytes=LOW_DISK_BYTES - 1)}, ["disk: 0.5 GB free"]),
        ({"laptop": replace(WELL, sound=SoundFault.MUTED)}, ["sound: The sound is muted"]),
        ({"sleep": Looked(False, say("in 10 min"))}, ["sleep: in 10 min"]),
        ({"monitor": Looked(False, say("lost"))}, ["monitor: lost"]),
        ({"clock_off_min": None}, ["clock: Not compared yet"]),
        ({"clock_off_min": 2}, []),
        ({"clock_off_min": 3}, ["clock: 3 min ahead of the ward clock"]),
        ({"clock_off_min": -3}, ["clock: 3 min behind the ward clock"]),
        ({"heard_at": NOW - SHIFT}, []),
        ({"heard_at": NOW - SHIFT - timedelta(seconds=1)}, ["sound: Not tested in this shift"]),
        ({"heard_at": None}, ["sound: Not tested in this shift"]),
        ({"backup_at": NOW - timedelta(days=2)}, []),
        ({"backup_at": NOW - timedelta(days=2, seconds=1)}, [f"backup: Of {Dated(NOW - timedelta(days=2, seconds=1))}"]),
        ({"backup_at": None}, ["backup: Never backed up"]),
        ({"backup_at": None, "clock_off_min": None, "practice": True}, []),
    ],
)
def test_what_is_amber(changed: dict[str, Any], told: list[str]) -> None:
    assert lines(replace(READY, **changed)) == told


def test_what_cannot_be_read_is_asked_and_stands_amber_until_it_is_answered() -> None:
    dumb = replace(READY, laptop=replace(WELL, on_mains=None), sleep=Looked(None, say("?")), updates=Looked(None, say("?")))
    assert unread(dumb, NOW) == ("power", "sleep", "updates")
    assert lines(dumb) == ["power: Cannot be read", "sleep: ?", "updates: ?"]
    assert lines(dumb, "sleep", "power") == ["updates: ?"]
    asked = [x.key for x in looked_over(dumb, ("power", "sleep", "updates"), NOW).items if x.asked]
    assert asked == ["power", "sleep", "updates"]
    bad = replace(READY, sleep=Looked(False, say("in 10 min")))
    assert lines(bad, "sleep", "disk") == ["sleep: in 10 min"], "what was read is not talked away"
    flat = replace(READY, laptop=replace(WELL, on_mains=False, charge_pct=None))
    assert (lines(flat, "power"), unread(flat, NOW)) == (["power: On battery: plug it in"], ())


def test_the_reason_is_kept_where_something_is_amber() -> None:
    assert looked_over(replace(READY, backup_at=None), (), NOW, "stays_so").reason == "stays_so"
    assert looked_over(READY, (), NOW, "stays_so").reason == ""


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        ({"clock_off_min": 1}, "clock", "1 min ahead of the ward clock"),
        ({"clock_off_min": -1}, "clock", "1 min behind the ward clock"),
        ({"practice": True}, "clock", "Practice has its own clock"),
        ({"practice": True}, "backup", "Practice is not backed up"),
        ({"laptop": replace(WELL, charge_pct=None)}, "power", "On mains power"),
        ({"laptop": replace(WELL, free_bytes=550_000_000)}, "disk", "0.6 GB free"),
    ],
)
def test_what_is_green_says_what_it_is(changed: dict[str, Any], key: str, said: str) -> None:
    [found] = [x for x in looked_over(replace(READY, **changed), (), NOW).items if x.key == key]
    assert (found.is_amber, plain(found.said)) == (False, said)


def test_sound_is_known_to_be_well_or_not() -> None:
    """Another page asks it by itself."""
    at = clock("13:00")
    assert sound_known(None, at, NOW) == Looked(True, say("Heard at {at}", at=at))
    assert sound_known(None, None, NOW) == Looked(False, say("Not tested in this shift"))
    assert sound_known(SoundFault.FAILED, at, NOW) == Looked(False, say("The sound could not be played"))


def test_the_ward_clock_is_typed_and_compared_around_midnight_too() -> None:
    assert [typed_minutes(x) for x in ("7:12", "0712", "07.12", "23:59", "00:00")] == [432, 432, 432, 1439, 0]
    assert [typed_minutes(x) for x in ("", "7", "712345", "01234", "1:2:34", "24:00", "12:60", "1:2:3:4")] == [None] * 8
    assert (minutes_off(5, 1438), minutes_off(1438, 5), minutes_off(600, 600)) == (7, -7, 0)


def test_the_start_keeps_the_list_and_an_amber_one_takes_a_reason() -> None:
    play = prepared("ready")
    play.now = clock("14:00")
    amber = looked_over(replace(READY, backup_at=None), (), play.now)
    with pytest.raises(Refused, match="say why it starts"):
        decide(play.state, Start(Decimal(20), preflight=amber), LI, play.now)
    kept = replace(amber, reason="stays_so")
    done, started = decide(play.state, Start(Decimal(20), preflight=kept), LI, play.now)
    assert (done, type(started)) == (kept, e.Started)
    play.take(done, LI.person_id)
    say_it = WORDS[e.PreflightDone]
    assert plain(say_it(done, play.state, {})) == (
        "The laptop was looked over before the start: Never backed up · known, stays so"
    )  # fmt: skip
    green = looked_over(READY, (), play.now)
    assert plain(say_it(green, play.state, {})) == "The laptop was looked over before the start: all well"
    assert [type(x) for x in decide(play.state, Start(Decimal(20), preflight=green), LI, play.now)] == [e.PreflightDone, e.Started]


def test_every_fault_of_the_sound_has_its_words() -> None:
    assert set(SOUND_FAULTS) == set(SoundFault)
