"""What is worth an alarm at the bed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.infusion.chapters.thaw import CheckBag
from app.domain.infusion.tasks import due
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.domain.watch.conditions import ActiveAlarm, BedSeen, alarms
from app.domain.watch.priority import Priority

from .cast import LI, clock
from .play import Play, prepared
from .seeing import plain

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def found(play: Play, at: str, newest: dict[str, Reading] | None = None, **more: Any) -> list[ActiveAlarm]:
    now = clock(at)
    return alarms(BedSeen(play.state, due(play.state, now), newest or {}, **more), now)


def seen(play: Play, at: str, newest: dict[str, Reading] | None = None, **more: Any) -> list[tuple[Priority, str]]:
    return [(a.priority, plain(a.text)) for a in found(play, at, newest, **more)]


def reading(code: str, value: str, at: str, quality: Quality = Quality.OK) -> dict[str, Reading]:
    return {code: stamped(Sample(0, code, Decimal(value), "", quality, "x"), clock(at), "port", "datex-s5", False)}


def test_a_demo_value_is_no_alarm() -> None:
    fast = reading("hr", "160", "14:01", Quality.DEMO)
    assert found(prepared("running"), "14:01", fast) == []


def test_overdue_vital_signs_alarm_after_two_minutes() -> None:
    play = prepared("running")
    assert seen(play, "14:16:59") == []
    assert seen(play, "14:17:00") == [(MEDIUM, "Vital signs overdue"), (MEDIUM, "Step up overdue")]


def test_the_longest_duration_and_the_dose_alarm_at_once() -> None:
    play = prepared("second bag")
    assert (HIGH, "The longest duration is reached") not in seen(play, "14:59:59")
    assert (HIGH, "The longest duration is reached") in seen(play, "15:00:00")
    assert seen(play, "15:00:00")[0] == (HIGH, "Stop: dose reached")


def test_unknown_elapsed_time_alarms_until_a_person_enters_it() -> None:
    play = prepared("running")
    play.now = clock("14:05")
    play.restart(timedelta(minutes=7), reboot=True, wall=timedelta(hours=-1))
    told = seen(play, "14:05")
    assert (HIGH, "Elapsed time unknown: enter the time") in told
    assert (MEDIUM, "Nobody watched: read what is left in the bag") in told


def test_a_mismatch_alarms() -> None:
    play = prepared("thawed")
    play.do(CheckBag("B1", "B9", True), LI, clock("13:55"))
    assert seen(play, "13:55") == [(HIGH, "Patient or bag does not match: stop")]


def test_writes_that_fail_alarm_before_everything() -> None:
    play = prepared("running")
    first = found(play, "14:20", unsaved_since=clock("14:01"))[0]
    assert str(first.text) == "Not yet saved: writing to the disk fails"
    assert first.since == clock("14:01")


def test_a_silent_monitor_alarms_only_while_it_matters() -> None:
    since, last = clock("14:02"), clock("14:01:30")
    assert seen(prepared("running"), "14:03", silent_since=since, last_byte_at=last) == [
        (MEDIUM, "Monitor signal lost; last data 14:01:30")
    ]
    assert seen(prepared("running"), "14:03", silent_since=since) == [(MEDIUM, "Monitor signal lost")]
    assert seen(prepared("running"), "14:03", last_byte_at=last) == []
    assert seen(prepared("hung"), "13:58", silent_since=since, last_byte_at=last) == []


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        ("hr", "120", []),
        ("hr", "121", [(MEDIUM, "Heart rate high: 121 /min (limit 120)")]),
        ("hr", "151", [(HIGH, "Heart rate high: 151 /min (limit 150)")]),
        ("spo2", "90", []),
        ("spo2", "89", [(MEDIUM, "SpO₂ low: 89 % (limit 90)")]),
        ("spo2", "84", [(HIGH, "SpO₂ low: 84 % (limit 85)")]),
        ("temp", "38.04", []),
        ("temp", "38.06", [(MEDIUM, "Temperature high: 38.1 °C (limit 38.0)")]),
    ],
)
def test_values_beyond_a_limit(code: str, value: str, told: list[tuple[Priority, str]]) -> None:
    assert seen(prepared("running"), "14:03", reading(code, value, "14:03")) == told


def test_old_values_and_values_that_are_not_ok_do_not_alarm() -> None:
    play = prepared("running")
    assert seen(play, "14:04:00", reading("hr", "160", "14:03")) != []
    assert seen(play, "14:04:01", reading("hr", "160", "14:03")) == []
    assert seen(play, "14:08:00", reading("nibp_sys", "70", "14:03")) != []
    assert seen(play, "14:08:01", reading("nibp_sys", "70", "14:03")) == []
    assert seen(play, "14:03", reading("hr", "160", "14:03", Quality.DEMO)) == []
    assert seen(prepared("hung"), "13:58", reading("hr", "160", "13:58")) == []


def test_the_observation_asks_to_be_closed_softly() -> None:
    assert (LOW, "Observation to be closed") in seen(prepared("observation"), "17:00")
