"""What the alarms of one bed are judged by: which value counts now, the baseline, what was asked last, which check waits."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any, Literal

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.tasks import due
from app.domain.vitals.own_limits import OwnLimits
from app.domain.vitals.vital_signs import Quality, Reading, Sample
from app.domain.watch.bed_seen import (
    BedSeen,
    baseline_of,
    by_hand,
    judged_by,
    last_asked,
    max_age_s,
    newest_of,
    seen,
    typed_in,
    unchecked_since,
)
from app.domain.watch.laptop_seen import LaptopSeen

from .cast import LI, TRIAL, clock
from .play import NORMAL, Play, prepared

SECOND = timedelta(seconds=1)
AT = clock("14:10")


def heard(code: str, value: object, at: str = "14:10", quality: Quality = Quality.OK, port: str = "COM7") -> Reading:
    sample = Sample(0, code, D(str(value)), "", quality, "x")
    return Reading(sample, clock(at), clock(at), port, "datex-s5", simulated=False)


def looked(play: Play, at: str, slot: int | None, period: Literal["infusion", "extra"] = "infusion", **values: object) -> Play:
    play.now = clock(at)
    typed = tuple(e.VitalEntry(code, None if value is None else D(str(value)), "typed") for code, value in values.items())
    play.take(e.VitalsRecorded(period, slot, typed, True, "V", discomfort=False), LI.person_id)
    return play


def test_what_is_seen_of_a_bed() -> None:
    play = looked(prepared("running"), "14:09", None, "extra", rr=18)
    for event in (e.RateSet(D(22)), e.LimitsChanged((OwnLimits("hr", D(60), D(110)),), (), "usual"), e.ScaleOrdered(2, "COPD"),
                  e.ClockStepped(D(9))):  # fmt: skip
        play.take(event, LI.person_id)
    tasks = (Task(TaskKind.MEASURE, AT, AT),)
    told: dict[str, Any] = {
        "gone": {"spo2": heard("spo2", 1, quality=Quality.SENSOR_OFF)}, "silent": {"COM9": AT}, "unsaved_since": AT - SECOND,
        "drops": DropsSeen(AT, D(20), AT, D(3)), "laptop": LaptopSeen(AT, on_mains=False),
    }  # fmt: skip
    found = seen(play.state, tasks, AT, {"hr": heard("hr", 80)}, **told)
    typed = {code: by_hand(code, D(str(value)), clock("13:58")) for code, value in NORMAL.items()}
    assert found == BedSeen(
        protocol=TRIAL, phase=Phase.RUNNING, baseline={code: D(str(value)) for code, value in NORMAL.items()},
        newest={"hr": heard("hr", 80), **{k: v for k, v in typed.items() if k != "hr"}, "rr": by_hand("rr", D(18), clock("14:09"))},
        oxygen=True, consciousness="V", scale=2, tasks=tasks, unchecked_since=None, rate_gtt_min=D(22),
        clock_stepped=(clock("14:09"), D(9)), own_limits={"hr": OwnLimits("hr", D(60), D(110))}, **told,
    )  # fmt: skip
    assert seen(Play().state, (), AT) == BedSeen(TRIAL, Phase.ORDERED, scale=1)


def test_oxygen_and_consciousness_are_those_of_the_last_check() -> None:
    assert last_asked(Play().state) == (None, None)
    assert last_asked(prepared("running").state) == (False, "A")
    assert last_asked(looked(prepared("running"), "14:09", None, "extra").state) == (True, "V")


# --- which value counts


@pytest.mark.parametrize(("measured", "is_typed"), [("14:08:59", True), ("14:09", False), ("14:09:01", False)])
def test_the_newest_value_counts_whoever_gave_it(measured: str, is_typed: bool) -> None:
    """Of two of the same moment the monitor's."""
    state = looked(prepared("running"), "14:09", None, "extra", hr=90).state
    monitor = heard("hr", 80, measured)
    assert newest_of(state, {"hr": monitor})["hr"] == (by_hand("hr", D(90), clock("14:09")) if is_typed else monitor)
    assert newest_of(state, {})["hr"] == by_hand("hr", D(90), clock("14:09"))
    assert newest_of(state, {"icp": monitor})["icp"] is monitor


def test_what_a_person_typed_is_a_value_of_that_moment_by_nobodys_port() -> None:
    values = (
        e.VitalEntry("hr", D(90), "typed"), e.VitalEntry("spo2", D(97), "monitor"), e.VitalEntry("rr", None, "none"),
        e.VitalEntry("temp", D("36.8"), "typed"),
    )  # fmt: skip
    play = prepared("running")
    play.take(e.VitalsRecorded("extra", None, values, None, None, discomfort=False), LI.person_id)
    found = typed_in(play.entries[-1])
    assert found == [by_hand("hr", D(90), play.now), by_hand("temp", D("36.8"), play.now)]
    assert by_hand("temp", D("36.8"), AT) == Reading(
        Sample(0, "temp", D("36.8"), "°C", Quality.OK, "typed"), AT, AT, "", "", simulated=False
    )


def known(reading: Reading, at: str, **more: Any) -> tuple[D | None, D | None]:
    """As it is and as it is shown."""
    code = reading.sample.vital
    bed = BedSeen(TRIAL, Phase.RUNNING, {code: reading}, **more)
    assert (bed.value("icp", clock(at)), bed.rounded("icp", clock(at))) == (None, None)
    return bed.value(code, clock(at)), bed.rounded(code, clock(at))


@pytest.mark.parametrize(("code", "last"), [("hr", 60), ("spo2", 60), ("rr", 60), ("temp", 300), ("nibp_map", 300)])
def test_a_value_counts_for_a_minute_and_a_spot_value_for_five(code: str, last: int) -> None:
    assert max_age_s(TRIAL.vitals, code) == last
    end = f"{AT + last * SECOND:%H:%M:%S}"
    after = f"{AT + (last + 1) * SECOND:%H:%M:%S}"
    assert known(heard(code, 38), end) == (D(38), D(38))
    assert known(heard(code, 38), after) == (None, None)


def test_a_value_is_shown_with_its_decimals_and_kept_as_it_is() -> None:
    assert known(heard("temp", "38.06"), "14:10") == (D("38.06"), D("38.1"))
    assert known(heard("hr", "80.6"), "14:10") == (D("80.6"), D(81))


def test_a_value_whose_monitor_is_silent_or_says_otherwise_is_not_known_and_a_typed_one_is() -> None:
    gone = {"hr": heard("hr", 0, quality=Quality.SENSOR_OFF)}
    assert known(heard("hr", 80), "14:10", silent={"COM9": AT}) == (D(80), D(80))
    assert known(heard("hr", 80), "14:10", silent={"COM7": AT}) == (None, None)
    assert known(heard("hr", 80), "14:10", gone={"spo2": gone["hr"]}) == (D(80), D(80))
    assert known(heard("hr", 80), "14:10", gone=gone) == (None, None)
    assert known(by_hand("hr", D(80), AT), "14:10", gone=gone, silent={"COM7": AT}) == (D(80), D(80))
    assert known(heard("hr", 80, quality=Quality.QUESTIONABLE), "14:10") == (None, None)


# --- the baseline


def test_the_baseline_is_the_newest_check_before_the_start() -> None:
    play = looked(looked(prepared("ready"), "13:59", 0, hr=71, rr=None), "13:59:30", None, "extra", hr=99)
    assert baseline_of(play.state) == {"hr": 71}
    play.now = clock("14:00")
    play.take(e.Started(D(20)), LI.person_id)
    assert baseline_of(looked(play, "14:00", 0, hr=72).state) == {"hr": 72}, "at the moment of the start too"
    assert baseline_of(looked(play, "14:00:01", 0, hr=73).state) == {"hr": 72}
    assert baseline_of(looked(play, "14:15", 15, hr=74).state) == {"hr": 72}
    assert baseline_of(prepared("hung").state) == {}
    assert baseline_of(looked(prepared("hung"), "13:58", None, "extra", hr=70).state) == {}


def test_a_value_is_judged_by_the_infusions_own_rules_from_the_start_on() -> None:
    state = prepared("running").state
    before, after = judged_by(state, clock("14:00")), judged_by(state, clock("14:00:01"))
    assert (before.rules, before.triggers, before.baseline) == (TRIAL.vitals, TRIAL.triggers, {})
    assert after.baseline == {code: D(str(value)) for code, value in NORMAL.items()}
    own = msgspec.structs.replace(TRIAL.vitals, limits=())
    assert judged_by(state, AT, own).rules is own
    assert judged_by(prepared("ready").state, AT).baseline == {}


# --- the check that waits


def waits(play: Play, at: str) -> str | None:
    found = unchecked_since(play.state, due(play.state, clock(at)), clock(at))
    return None if found is None else f"{found:%H:%M}"


def test_a_check_waits_from_its_time_on_until_somebody_looks() -> None:
    play = prepared("running")
    assert [waits(play, at) for at in ("14:00", "14:14:59", "14:15", "14:29", "14:31", "14:46")] == [
        None, None, "14:15", "14:15", "14:15", "14:15",
    ]  # fmt: skip
    looked(play, "14:20", None, "extra")
    assert [waits(play, at) for at in ("14:20", "14:29:59", "14:30", "14:50")] == [None, None, "14:30", "14:30"]
    at_its_time = looked(prepared("running"), "14:15", None, "extra")
    assert waits(at_its_time, "14:16") is None
    early = looked(prepared("running"), "14:12", 15)
    assert [waits(early, at) for at in ("14:16", "14:29:59", "14:30")] == [None, None, "14:30"]


def test_where_nobody_looked_at_all_the_check_of_the_start_waits() -> None:
    play = prepared("hung")
    play.now = clock("14:00")
    play.take(e.Started(D(20)), LI.person_id)
    assert [waits(play, at) for at in ("14:00", "14:20")] == ["14:00", "14:00"]


def test_before_the_start_the_baseline_waits_as_its_task_does() -> None:
    play = prepared("hung")
    assert [waits(play, at) for at in ("13:59:59", "14:00", "14:30")] == [None, "14:00", "14:00"]
    later, sooner = (Task(TaskKind.VITALS, clock(at), clock(at)) for at in ("14:02", "14:01"))
    other = Task(TaskKind.START, clock("14:00"), clock("14:00"))
    assert unchecked_since(play.state, (other, later, sooner), clock("14:03")) == clock("14:01")
    assert unchecked_since(play.state, (other,), clock("14:03")) is None


def test_after_the_end_those_of_the_observation_wait() -> None:
    play = prepared("observation")
    assert [waits(play, at) for at in ("15:00", "15:27:59", "15:28", "16:00")] == [None, None, "15:28", "15:28"]
    nobody = Play(order=prepared("ordered").state.order)
    assert waits(nobody, "14:00") is None
