"""What is worth an alarm at a bed at one moment, each finding whole: key, priority, since when, value, limit, what it was before.

Limits: SpO₂ 90/85, HR 50–120 (40/150), systolic 90–160 (80/180), RR 8–30, 35–38 (–/39) °C. NEWS2 tells from 5, 7 and 3 in one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal as D
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.task_rows import Reminder
from app.domain.protocol import News2Rules
from app.domain.safety.sae_clock import SaeClock
from app.domain.texts import say
from app.domain.vitals.news2 import News2
from app.domain.vitals.vital_signs import VITALS, Quality, Reading, Sample
from app.domain.watch.bed_seen import BedSeen
from app.domain.watch.conditions import CONDITIONS, of_row, score_now, verdicts
from app.domain.watch.latch import Finding, Inside, Verdict
from app.domain.watch.monitor_conditions import NO_VALUE_S, SILENT_S
from app.domain.watch.priority import Priority

from .cast import TRIAL, clock
from .seeing import plain

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
AT, NOW = clock("14:10"), clock("14:10:05")
SECOND = timedelta(seconds=1)
WELL = {"hr": 70, "spo2": 98, "nibp_sys": 120, "rr": 16, "temp": "36.8"}
ASKED: Mapping[str, Any] = MappingProxyType({"oxygen": False, "consciousness": "A"})


def reading(code: str, value: object, at: datetime = AT, quality: Quality = Quality.OK) -> Reading:
    number = None if value is None else D(str(value))
    return Reading(Sample(0, code, number, "", quality, "x"), at, at, "COM7", "datex-s5", simulated=False)


def bed(values: Mapping[str, object] = MappingProxyType({}), phase: Phase = Phase.RUNNING, **more: Any) -> BedSeen:
    baseline = {code: D(str(value)) for code, value in more.pop("baseline", {}).items()}
    return BedSeen(TRIAL, phase, {code: reading(code, value) for code, value in values.items()}, baseline=baseline, **more)


def told(of: BedSeen, *keys: str, now: datetime = NOW) -> list[Verdict]:
    """What their own conditions say of these keys."""
    rows = [row for row in CONDITIONS if row.key in {_row_of(key) for key in keys}]
    return [of_row(row, x) for row in rows for x in row.find(of, now) if x.key.partition(":")[0] in keys]


def _row_of(key: str) -> str:
    if key in VITALS:
        return "value"
    return "check" if key == "vitals" else "task" if key in list(TaskKind) else key


def of_patient(key: str, priority: Priority, value: object, limit: object = None, before: object = None, **more: Any) -> Finding:
    marks = (None if x is None else D(str(x)) for x in (value, limit, before))
    told = {"since": AT, "latches": True, "of_patient": True, **dict(zip(("value", "limit", "before"), marks, strict=True)), **more}
    return Finding(key=key, priority=priority, **told)


# --- the patient's values


@pytest.mark.parametrize(
    ("code", "value", "near", "far"),
    [
        ("hr", 39, 50, 40), ("hr", 40, 50, None), ("hr", 50, None, None), ("hr", 120, None, None), ("hr", 150, 120, None),
        ("hr", 151, 120, 150), ("spo2", 84, 90, 85), ("spo2", 100, None, None), ("temp", "39.1", "38.0", "39.0"),
        ("rr", 7, 8, None),
    ],
)  # fmt: skip
def test_a_value_beyond_its_limit_and_beyond_the_far_one(code: str, value: object, near: object, far: object) -> None:
    wanted: list[Verdict] = [of_patient(code, MEDIUM, value, near, reason=f"limit {near}")] if near else []
    wanted += [of_patient(code, HIGH, value, far, reason=f"limit {far}")] if far else []
    assert told(bed({code: value}), code) == (wanted or [Inside(code, AT)])


def test_a_value_beyond_its_limit_is_told_with_the_baseline_and_waits_as_the_protocol_says() -> None:
    limits = tuple(msgspec.structs.replace(of, delay_s=7) for of in TRIAL.vitals.limits)
    slow = msgspec.structs.replace(TRIAL, vitals=msgspec.structs.replace(TRIAL.vitals, limits=limits))
    at_bed = msgspec.structs.replace(bed({"spo2": 88}, baseline={"spo2": 97}), protocol=slow)
    assert told(at_bed, "spo2") == [of_patient("spo2", MEDIUM, 88, 90, 97, reason="limit 90", hold_s=7)]


def test_a_value_that_is_not_known_now_says_nothing() -> None:
    assert told(bed({"hr": 39}), "hr", now=AT + 61 * SECOND) == []
    assert told(bed({"hr": 39}, Phase.RELEASED), "hr") == []
    assert len(told(bed({"hr": 39}, Phase.RECEIVED), "hr")) == 2


@pytest.mark.parametrize(
    ("baseline", "values", "hold_s"),
    [
        ({"hr": 70}, {"hr": 84}, None), ({"hr": 70}, {"hr": 85}, 60), ({"pr": 70}, {"pr": 85}, 60),
        ({"pr": 70, "hr": 80}, {"pr": 85, "hr": 85}, None), ({"pr": 70}, {"pr": 85, "hr": 85}, None),
        ({"nibp_sys": 125}, {"nibp_sys": 100}, None), ({"nibp_sys": 125}, {"nibp_sys": 99}, 60),
        ({"nibp_sys": 125, "hr": 70}, {"nibp_sys": 99, "hr": 85}, 0), ({"nibp_sys": 125, "hr": 70}, {"nibp_sys": 99, "hr": 84}, 60),
        ({"temp": "37.0"}, {"temp": "38.0"}, 0), ({"temp": "37.1"}, {"temp": "38.0"}, None), ({"rr": 12}, {"rr": 30}, None),
        ({"hr": 70}, {"spo2": 97}, None), ({}, {"hr": 119}, None),
    ],
)  # fmt: skip
def test_a_change_since_the_baseline_is_told_at_once_or_once_it_has_lasted(
    baseline: dict[str, object], values: dict[str, object], hold_s: int | None
) -> None:
    """A fever at once; pulse or pressure after a minute, at once where both moved; of one pulse measured twice the heart's."""
    found = [x for x in told(bed(values, baseline=baseline), *VITALS) if isinstance(x, Finding) and x.limit is None]
    first = next(iter(values))
    moved = [of_patient(first, MEDIUM, values[first], None, baseline.get(first), reason="baseline", hold_s=hold_s or 0)]
    if hold_s == 0 and "hr" in values:
        moved.append(of_patient("hr", MEDIUM, values["hr"], None, baseline["hr"], reason="baseline"))
    assert sorted(found, key=lambda x: x.key) == sorted(moved if hold_s is not None else [], key=lambda x: x.key)


def test_a_pulse_that_moved_counts_where_the_hearts_rate_is_too_old() -> None:
    newest = {"hr": reading("hr", 85, AT - 61 * SECOND), "pr": reading("pr", 85, AT)}
    at_bed = BedSeen(TRIAL, Phase.RUNNING, newest, baseline={"hr": D(70), "pr": D(70)})
    assert told(at_bed, "hr", "pr") == [of_patient("pr", MEDIUM, 85, None, 70, reason="baseline", hold_s=60)]


# --- NEWS2


@pytest.mark.parametrize(
    ("values", "total", "wanted"),
    [
        ({}, 0, Inside("news2", AT)),
        ({"rr": 24, "spo2": 94, "hr": 91}, 4, Inside("news2", AT)),
        ({"rr": 24, "spo2": 93, "hr": 91}, 5, of_patient("news2", MEDIUM, 5, 5)),
        ({"rr": 24, "spo2": 93, "hr": 111}, 6, of_patient("news2", MEDIUM, 6, 5)),
        ({"rr": 24, "spo2": 93, "hr": 111, "temp": "38.1"}, 7, of_patient("news2", HIGH, 7, 7)),
    ],
)
def test_news2_is_told_from_5_and_from_7(values: dict[str, object], total: int, wanted: Verdict) -> None:
    at_bed = bed({**WELL, **values}, **ASKED)
    score = score_now(at_bed, NOW)
    assert isinstance(score, News2)
    assert score.total == total
    assert told(at_bed, "news2") == [wanted]


def test_a_score_is_as_old_as_its_newest_part_and_of_a_part_less_there_is_none() -> None:
    newest = {code: reading(code, value, AT + n * SECOND) for n, (code, value) in enumerate({**WELL, "spo2": 93, "rr": 24}.items())}
    at_bed = BedSeen(TRIAL, Phase.RUNNING, newest, oxygen=True, consciousness="A")
    assert told(at_bed, "news2") == [of_patient("news2", MEDIUM, 6, 5, since=AT + 4 * SECOND)]
    for missing in WELL:
        less = bed({code: value for code, value in WELL.items() if code != missing}, **ASKED)
        assert (score_now(less, NOW), told(less, "news2", "news2_single")) == (None, [])
    assert told(bed(WELL, oxygen=True), "news2", "news2_single") == []
    assert told(bed(WELL, Phase.RELEASED, **ASKED), "news2", "news2_single") == []
    with_pulse = {**{code: value for code, value in WELL.items() if code != "hr"}, "pr": 70}
    assert told(bed(with_pulse, **ASKED), "news2") == [Inside("news2", AT)]


@pytest.mark.parametrize(
    ("values", "asked", "wanted"),
    [
        ({}, {}, Inside("news2_single", AT)),
        ({"rr": 24}, {}, Inside("news2_single", AT)),
        ({"rr": 25}, {}, of_patient("news2_single", MEDIUM, 3, 3)),
        ({"spo2": 91}, {}, of_patient("news2_single", MEDIUM, 3, 3)),
        ({"spo2": 89}, {}, Inside("news2_single", AT)),
        ({"nibp_sys": 89}, {}, Inside("news2_single", AT)),
        ({}, {"consciousness": "V"}, of_patient("news2_single", MEDIUM, 3, 3)),
        ({"spo2": 89}, {"consciousness": "C"}, Inside("news2_single", AT)),
        ({"rr": 25, "spo2": 93}, {}, Inside("news2_single", AT)),
    ],
)
def test_three_points_in_one_parameter_are_told_unless_its_limit_or_the_total_is(
    values: dict[str, object], asked: dict[str, str], wanted: Verdict
) -> None:
    assert told(bed({**WELL, **values}, **{**ASKED, **asked}), "news2_single") == [wanted]


def test_by_the_second_scale_too_much_saturation_on_oxygen_is_three_points_and_91_on_air_none() -> None:
    """97 % on oxygen scores 3 and the oxygen 2: by a site that tells the total from 6 on only."""
    rules = msgspec.structs.replace(TRIAL, news2=News2Rules(medium_from=6, high_from=7, single_from=3))
    on_oxygen = bed({**WELL, "spo2": 97}, oxygen=True, consciousness="A", scale=2)
    assert told(msgspec.structs.replace(on_oxygen, protocol=rules), "news2_single") == [of_patient("news2_single", MEDIUM, 3, 3)]
    assert told(bed({**WELL, "spo2": 91}, **ASKED, scale=2), "news2_single", "news2") == [
        Inside("news2", AT), Inside("news2_single", AT),
    ]  # fmt: skip


def test_a_pulse_beyond_its_limit_is_no_single_parameter_once_more() -> None:
    """131 /min scores 3 and is beyond 120, whichever measured it."""
    with_pulse = {**{code: value for code, value in WELL.items() if code != "hr"}, "pr": 131}
    for values in ({**WELL, "hr": 131}, with_pulse):
        assert told(bed(values, **ASKED), "news2_single") == [Inside("news2_single", AT)]


# --- what is due


def due(kind: TaskKind, at: str, **more: Any) -> Task:
    return Task(kind, clock(at), clock(at), **more)


@pytest.mark.parametrize(
    ("at", "priority", "since"),
    [("14:15", LOW, "14:15"), ("14:16:59", LOW, "14:15"), ("14:17", MEDIUM, "14:17"), ("15:00", MEDIUM, "14:17")],
)
def test_a_check_that_waits_is_louder_after_2_min(at: str, priority: Priority, since: str) -> None:
    found = told(bed(unchecked_since=clock("14:15")), "vitals", now=clock(at))
    assert found == [Finding(key="vitals", priority=priority, since=clock(since))]
    assert told(bed(), "vitals") == []


@pytest.mark.parametrize(
    ("kind", "at", "priority", "can_pause"),
    [
        (TaskKind.STEP_UP, "14:16:59", None, True), (TaskKind.STEP_UP, "14:17", LOW, True), (TaskKind.END, "14:14:59", None, True),
        (TaskKind.END, "14:15", LOW, True), (TaskKind.STOP_DOSE_REACHED, "14:15", HIGH, False),
        (TaskKind.CONFIRM_ELAPSED, "14:15", LOW, True), (TaskKind.READ_REMAINING, "14:15", LOW, True),
        (TaskKind.CLOSE_OBSERVATION, "14:16:59", None, True), (TaskKind.CLOSE_OBSERVATION, "14:17", LOW, True),
        (TaskKind.MEASURE, "15:00", None, True), (TaskKind.FLUSH, "15:00", None, True),
    ],
)  # fmt: skip
def test_a_task_left_undone_is_reminded_of(kind: TaskKind, at: str, priority: Priority | None, can_pause: bool) -> None:
    found = told(bed(tasks=(due(kind, "14:15"),)), kind.value, now=clock(at))
    wanted = [] if priority is None else [Finding(key=kind.value, priority=priority, since=clock("14:15"), can_pause=can_pause)]
    assert found == wanted


def test_a_protocol_that_waits_for_nothing_reminds_at_once() -> None:
    at_once = msgspec.structs.replace(TRIAL, vitals=msgspec.structs.replace(TRIAL.vitals, told_after_min=None))
    tasks = (due(TaskKind.STEP_UP, "14:15"),)
    at_bed = msgspec.structs.replace(bed(tasks=tasks, unchecked_since=clock("14:15")), protocol=at_once)
    assert told(at_bed, "step_up", now=clock("14:14:59")) == []
    assert told(at_bed, "step_up", "vitals", now=clock("14:15")) == [
        Finding(key="vitals", priority=MEDIUM, since=clock("14:15")), Finding(key="step_up", priority=LOW, since=clock("14:15")),
    ]  # fmt: skip


def test_what_ran_over_its_time_is_reminded_of_in_its_own_words_for_each_bag() -> None:
    old = Reminder(MEDIUM, say("Bag {bag}: thawed more than {limit} min ago", bag="B1", limit=60), after_s=0, can_pause=False)
    tasks = (due(TaskKind.THAW_AGE, "14:10", bag_id="B1", reminder=old), due(TaskKind.STEP_UP, "14:00", reminder=old),
             due(TaskKind.END, "14:05", bag_id="B2"))  # fmt: skip
    found = told(bed(tasks=tasks), "thaw_age", "step_up", "end")
    assert found == [
        Finding(key="thaw_age:B1", priority=MEDIUM, since=AT, text=old.text, can_pause=False),
        Finding(key="step_up", priority=MEDIUM, since=clock("14:00"), text=old.text, can_pause=False),
        Finding(key="end", priority=LOW, since=clock("14:05")),
    ]
    closed = Task(TaskKind.END, clock("14:05"), clock("14:11"))
    assert told(bed(tasks=(closed,)), "end") == []


def test_a_mismatch_and_a_failing_write_are_high_and_cannot_be_paused() -> None:
    found = told(bed(tasks=(due(TaskKind.CLEAR_MISMATCH, "14:09"),), unsaved_since=clock("14:08")), "mismatch", "unsaved")
    assert found == [
        Finding(key="unsaved", priority=HIGH, since=clock("14:08"), can_pause=False),
        Finding(key="mismatch", priority=HIGH, since=clock("14:09"), can_pause=False),
    ]
    assert told(bed(), "mismatch", "unsaved") == []


@pytest.mark.parametrize(
    ("at", "key", "since", "words"),
    [
        ("33:59:59", None, "", ""), ("34:00", "sae_due:e1", "34:00", "SAE of S-001: Sepsis, the report is due soon"),
        ("38:00", "sae_due:e1", "34:00", "SAE of S-001: Sepsis, the report is due soon"),
        ("38:00:01", "sae_late:e1", "38:00", "SAE of S-001: Sepsis, the report is overdue"),
    ],
)  # fmt: skip
def test_a_report_is_told_4_hours_before_its_24_are_over_and_anew_after_them(
    at: str, key: str | None, since: str, words: str
) -> None:
    running = SaeClock("e1", "S-001", "Sepsis", 4, clock("14:00"), clock("38:00"))
    found = told(BedSeen(TRIAL, Phase.SIGNED, sae=(running,)), "sae_due", "sae_late", now=clock(at))
    assert [(x.key, x.priority, x.since, plain(x.text)) for x in found if isinstance(x, Finding)] == (
        [(key, LOW, clock(since), words)] if key else []
    )


# --- the monitor and the drip


def test_a_monitor_that_has_no_value_may_lack_it_for_15_s_and_search_for_30() -> None:
    assert (NO_VALUE_S, SILENT_S) == (15, 30)


def monitored(gone: Mapping[str, Quality] = MappingProxyType({}), phase: Phase = Phase.RUNNING, **more: Any) -> BedSeen:
    """Values of 14:10; `gone` was said 5 s later."""
    codes = {"spo2": 97, "pr": 70, "nibp_sys": 120, "temp": 37, **dict.fromkeys(gone, 80)}
    said = {code: reading(code, None, NOW, quality) for code, quality in gone.items()}
    return bed(codes, phase, gone=said, **more)


@pytest.mark.parametrize(
    ("gone", "at", "wanted"),
    [
        ({"spo2": Quality.SENSOR_OFF}, "14:10:04", []),
        ({"spo2": Quality.SENSOR_OFF}, "14:10:05", [("sensor_off:spo2", "14:10:05")]),
        ({"spo2": Quality.SENSOR_OFF, "pr": Quality.SENSOR_OFF}, "14:10:05", [("sensor_off:spo2", "14:10:05")]),
        ({"pr": Quality.SENSOR_OFF}, "14:10:05", [("sensor_off:pr", "14:10:05")]),
        ({"nibp_sys": Quality.SENSOR_OFF, "nibp_dia": Quality.SENSOR_OFF, "nibp_map": Quality.SENSOR_OFF}, "14:10:05",
         [("sensor_off:nibp_sys", "14:10:05")]),
        ({"hr": Quality.UNAVAILABLE}, "14:10:14", []), ({"hr": Quality.UNAVAILABLE}, "14:10:15", [("sensor_off:hr", "14:10:15")]),
        ({"hr": Quality.INVALID}, "14:10:15", [("sensor_off:hr", "14:10:15")]),
        ({"temp": Quality.UNAVAILABLE, "nibp_sys": Quality.INVALID}, "14:20", []),
        ({"hr": Quality.SEARCHING}, "14:10:20", []),
    ],
)  # fmt: skip
def test_a_sensor_is_off_where_the_monitor_says_so_or_has_no_value_for_15_s(
    gone: dict[str, Quality], at: str, wanted: list[tuple[str, str]]
) -> None:
    found = [x for x in told(monitored(gone), "sensor_off", now=clock(at)) if isinstance(x, Finding)]
    assert found == [Finding(key=key, priority=MEDIUM, since=clock(since)) for key, since in wanted]
    assert told(monitored(gone, Phase.HUNG), "sensor_off", now=clock(at)) == []


def test_a_sensor_whose_value_is_there_is_well_since_it_came() -> None:
    found = told(monitored({"hr": Quality.SENSOR_OFF}), "sensor_off")
    assert [x for x in found if isinstance(x, Inside)] == [
        Inside(f"sensor_off:{code}", AT) for code in ("spo2", "pr", "nibp_sys", "temp")
    ]
    typed = msgspec.structs.replace(reading("hr", 80), port="")
    assert told(BedSeen(TRIAL, Phase.RUNNING, {"hr": typed}), "sensor_off", "link", "stale", now=clock("14:30")) == []


@pytest.mark.parametrize(
    ("gone", "at", "wanted"),
    [
        ({}, "14:11", []), ({}, "14:11:01", [("stale:spo2", "14:11")]),
        ({"hr": Quality.SEARCHING}, "14:10:30", []), ({"hr": Quality.SEARCHING}, "14:10:31", [("stale:hr", "14:10:30")]),
        ({"spo2": Quality.SENSOR_OFF}, "14:11:01", [("stale:pr", "14:11")]),
    ],
)  # fmt: skip
def test_a_value_that_comes_no_more_is_stale(gone: dict[str, Quality], at: str, wanted: list[tuple[str, str]]) -> None:
    """Of one finger the saturation alone; cuff and thermometer are measured now and then."""
    found = [x for x in told(monitored(gone), "stale", now=clock(at)) if isinstance(x, Finding)]
    assert found == [Finding(key=key, priority=MEDIUM, since=clock(since)) for key, since in wanted]
    assert told(monitored(gone, Phase.OBSERVED), "stale", now=clock(at)) == []
    lost = monitored(gone, silent={"COM7": AT})
    assert told(lost, "stale", now=clock(at)) == []


def test_what_is_not_stale_is_well_since_it_came() -> None:
    found = told(monitored(), "stale")
    assert found == [Inside(f"stale:{code}", AT) for code in ("spo2", "pr", "nibp_sys", "temp")]


def test_a_lost_link_is_told_since_the_first_monitor_fell_silent() -> None:
    silent = {"COM7": clock("14:09"), "COM8": clock("14:08")}
    assert told(monitored(silent=silent), "link") == [Finding(key="link", priority=MEDIUM, since=clock("14:08"))]
    assert told(monitored(phase=Phase.HUNG, silent=silent), "link") == []
    assert told(bed({"hr": 70, "spo2": 97}), "link") == [Inside("link", AT)] * 2
    assert told(bed({"hr": 70}, Phase.HUNG), "link") == [Inside("link", AT)]


def dripping(off_since: datetime | None, rate: object = "23.44", target: object = 20) -> BedSeen:
    rate_gtt_min, set_to = (None if x is None else D(str(x)) for x in (rate, target))
    return bed(drops=DropsSeen(AT, rate_gtt_min, AT, D(3), off_since=off_since), rate_gtt_min=set_to)


def test_a_drip_that_is_off_by_the_sensor_is_told_with_both_rates() -> None:
    (found,) = told(dripping(clock("14:09")), "drip")
    assert isinstance(found, Finding)
    assert (found.priority, found.since) == (MEDIUM, clock("14:09"))
    assert plain(found.text) == "The drip is off by more than 10 %: 23 drops/min by the drop sensor, 20 set"
    for silent in (dripping(None), dripping(AT, None), dripping(AT, target=None), bed(rate_gtt_min=D(20))):
        assert told(silent, "drip") == []
    no_share = msgspec.structs.replace(TRIAL, delivery=msgspec.structs.replace(TRIAL.delivery, rate_off_pct=None))
    assert told(msgspec.structs.replace(dripping(AT), protocol=no_share), "drip") == []


def test_of_the_patient_alone_only_the_patients_are_told() -> None:
    at_bed = bed({"hr": 130}, unsaved_since=AT, silent={"COM9": AT}, unchecked_since=AT)
    assert {x.key for x in verdicts(at_bed, NOW)} == {"hr", "unsaved", "link", "vitals", "sensor_off:hr", "stale:hr"}
    assert {x.key for x in verdicts(at_bed, NOW, of_patient=True)} == {"hr"}
