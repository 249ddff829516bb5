"""What is worth an alarm at the bed, and what becomes of it: scenes by the minute, both sides of every limit."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.thaw import CheckBag
from app.domain.infusion.phases import Phase
from app.domain.infusion.tasks import due
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.domain.watch.alarm_story import StoryLimits, play, read_story, with_limits
from app.domain.watch.alarm_words import to_do, what
from app.domain.watch.bed_seen import BedSeen, limits_of, seen, side
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Finding, Inside
from app.domain.watch.priority import Priority

from .alarm_scene import ASKED, FULL, Scene
from .cast import LI, TRIAL, clock
from .play import Play, prepared, vitals
from .seeing import plain

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


@pytest.mark.parametrize(("value", "where"), [(39, -2), (40, -1), (49, -1), (50, 0), (120, 0), (121, 1), (150, 1), (151, 2)])
def test_on_which_side_of_its_limits_a_value_lies(value: int, where: int) -> None:
    assert side(limits_of(TRIAL, "hr"), Decimal(value)) == where


# --- limits: SpO₂ 90/85, HR 50–120 (40/150), systolic 90–160 (80/180), diastolic 50–90 (–/110), RR 8–30, 35–38 (–/39) °C

EDGES = [
    ("spo2", 100, 90, ("89", "medium"), ("85", "medium"), ("84", "high")),
    ("hr", 50, 120, ("49", "medium"), ("40", "medium"), ("39", "high")),
    ("hr", 50, 120, ("121", "medium"), ("150", "medium"), ("151", "high")),
    ("pr", 50, 120, ("121", "medium"), ("150", "medium"), ("151", "high")),
    ("nibp_sys", 90, 160, ("89", "medium"), ("80", "medium"), ("79", "high")),
    ("nibp_sys", 90, 160, ("161", "medium"), ("180", "medium"), ("181", "high")),
    ("nibp_dia", 50, 90, ("49", "medium"), ("21", "medium"), None),
    ("nibp_dia", 50, 90, ("91", "medium"), ("110", "medium"), ("111", "high")),
    ("nibp_map", 60, 110, ("59", "medium"), ("111", "medium"), None),
    ("rr", 8, 30, ("7", "medium"), ("31", "medium"), None),
    ("temp", "35.0", "38.0", ("34.9", "medium"), ("39.0", "medium"), ("39.1", "high")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "low", "high", "near", "last", "far"), EDGES)
@pytest.mark.parametrize("by", ["values", "typed"])
def test_both_sides_of_each_limit(code: str, low: object, high: object, near: Any, last: Any, far: Any, by: str) -> None:
    for value, told in ((low, []), (high, []), *((x[0], [f"{code} {x[1]} active •"]) for x in (near, last, far) if x)):
        step: dict[str, Any] = {by: {code: value}}
        assert Scene().at(**step) == told


def test_a_value_is_judged_as_it_is_shown() -> None:
    assert Scene().at(values={"temp": "38.04"}) == []
    assert Scene().at(values={"temp": "38.06"}) == ["temp medium active •"]


def test_what_a_monitor_and_a_person_say_is_one_alarm() -> None:
    scene = Scene()
    assert scene.at(values={"spo2": 84}) == ["spo2 high active •"]
    assert scene.at(minutes=1, typed={"spo2": 88}) == ["spo2 medium active •"]
    assert scene.at(minutes=2, typed={"spo2": 95}) == []


def test_a_story_may_have_its_own_limits_but_none_is_ever_off() -> None:
    assert Scene(limits={"spo2": {"low": 88}}).at(values={"spo2": 88}) == []
    with pytest.raises(Refused):
        Scene(limits={"spo2": {"low": None}}).at(values={"spo2": 97})


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("spo2", {"low": 84}), ("spo2", {"low": 85}), ("hr", {"high": 150}), ("hr", {"low": 121}), ("spo2", {"low": "NaN"}),
        ("spo2", {"high": "Infinity"}), ("spo2", {"delay_s": 16}), ("spo2", {"delay_s": -1}),
    ],
)  # fmt: skip
def test_limits_that_cross_each_other_or_are_no_number_are_refused(code: str, changed: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        Scene(limits={code: changed}).at(values={"hr": 80})
    assert plain(refused.value.text) == (
        f"The limits of {code} do not fit: very_low < low < high < very_high, a delay of up to 15 s."
    )


def test_limits_of_what_is_no_vital_sign_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        Scene(limits={"spo3": {"low": 90}}).at(values={"spo2": 97})
    assert plain(refused.value.text) == f"“spo3” is not known. {KNOWN}"


def test_limits_of_a_story_leave_the_others_as_they_are() -> None:
    changed = with_limits(TRIAL, {"hr": StoryLimits(low=Decimal(45), delay_s=15), "nibp_dia": StoryLimits(delay_s=0)})
    for code in ("pr", "spo2", "nibp_dia", "rr", "temp"):
        assert changed.vitals.limits_of(code) == TRIAL.vitals.limits_of(code)
    heart = changed.vitals.limits_of("hr")
    assert heart is not None
    assert [heart.very_low, heart.low, heart.high, heart.very_high] == [Decimal(end) for end in (40, 45, 120, 150)]
    assert heart.delay_s == 15


def test_a_delay_of_a_limit_is_waited_for_once_and_never_after_it_stands() -> None:
    scene = Scene(limits={"spo2": {"delay_s": 10}})
    assert scene.at(values={"spo2": 88}) == []
    assert scene.at(seconds=9) == []
    assert scene.at(seconds=10) == ["spo2 medium active •"]
    assert scene.at(seconds=20, values={"spo2": 84}) == ["spo2 medium active •"]
    assert scene.at(seconds=30) == ["spo2 high active •"]
    assert scene.at(seconds=31, values={"spo2": 88}) == ["spo2 medium active •"]
    assert scene.at(seconds=32, values={"spo2": 95}) == []
    assert scene.at(seconds=33, values={"spo2": 88}) == []


# --- the latch


@pytest.mark.uncounted
def test_spo2_falls_and_its_sensor_comes_off_and_nothing_falls_silent() -> None:
    scene = Scene()
    assert scene.at(values={"spo2": 78}) == ["spo2 high active •"]
    assert scene.at(seconds=10, sensor_off=["spo2"]) == ["spo2 high latched •", "sensor_off:spo2 medium active •"]
    assert scene.at(minutes=30) == ["spo2 high latched •", "sensor_off:spo2 medium active •"]
    assert scene.at(minutes=31, do="acknowledge sensor_off:spo2")[0] == "spo2 high latched •"
    assert scene.at(minutes=32, values={"spo2": 97}) == []


@pytest.mark.parametrize("gone", [{"link": "lost"}, {"sensor_off": ["hr"]}, {"values": {"hr": None}}])
def test_a_person_resets_what_latched_and_only_that(gone: dict[str, Any]) -> None:
    scene = Scene()
    assert scene.at(values={"hr": 130}, do="reset hr") == ["hr medium active •"]
    scene.at(minutes=1, **gone)
    assert not any(x.startswith("hr") for x in scene.at(minutes=2, do="reset hr"))
    assert scene.at(minutes=3, values={"hr": 130}, link="live") == ["hr medium active •"]


def test_acknowledged_is_silent_until_it_clears_or_grows_and_a_return_sounds_again() -> None:
    scene = Scene()
    scene.at(values={"spo2": 88})
    assert scene.at(seconds=5, do="acknowledge spo2", by="N-01") == ["spo2 medium acknowledged"]
    assert scene.last.sound is None
    scene.at(seconds=10, sensor_off=["spo2"])
    assert "spo2 medium latched" in scene.at(seconds=11)
    assert scene.at(seconds=20, values={"spo2": 84}) == ["spo2 high active •"]
    scene.at(seconds=21, do="acknowledge spo2")
    assert scene.at(seconds=22, values={"spo2": 95}) == []
    assert scene.at(seconds=23, values={"spo2": 88}) == ["spo2 medium active •"]


def test_a_pause_is_silent_for_two_minutes_less_a_second() -> None:
    scene = Scene()
    scene.at(values={"hr": 130})
    assert scene.at(minutes=1, do="pause audio") == ["hr medium active"]
    assert (scene.last.sound, scene.last.paused_s) == (None, 120)
    assert scene.at(minutes=2, seconds=59) == ["hr medium active"]
    assert scene.last.paused_s == 1
    assert scene.at(minutes=3) == ["hr medium active •"]


def test_a_pause_that_follows_an_alarm_at_once_holds() -> None:
    scene = Scene()
    assert scene.at(values={"hr": 130}, do="pause audio") == ["hr medium active"]
    assert scene.at(seconds=119) == ["hr medium active"]
    assert scene.at(seconds=120) == ["hr medium active •"]


def test_what_is_new_or_higher_at_any_bed_breaks_a_pause() -> None:
    for news in ({"bed": "02", "values": {"spo2": 88}}, {"values": {"hr": 151}}, {"sensor_off": ["hr"]}):
        scene = Scene()
        scene.at(values={"hr": 130})
        scene.at(minutes=1, do="pause audio")
        scene.at(minutes=2, **news)
        assert (scene.last.sound is None, scene.last.paused_s) == (False, 0)


def test_a_restart_forgets_nothing() -> None:
    scene = Scene()
    scene.at(values={"spo2": 78, "hr": 130})
    scene.at(seconds=5, do="acknowledge hr")
    before = scene.at(seconds=10, link="lost")
    assert before == ["spo2 high latched •", "hr medium latched", "link medium active •"]
    assert scene.at(seconds=20, do="restart") == before


def test_how_long_a_change_has_lasted_is_counted_anew_after_a_restart() -> None:
    scene = Scene(baseline={"hr": 70})
    scene.at(values={"hr": 85})
    assert scene.at(seconds=50, do="restart") == []
    assert scene.at(seconds=109) == []
    assert scene.at(seconds=110) == ["hr medium active •"]


def test_a_link_that_was_never_lost_loses_no_value() -> None:
    scene = Scene()
    scene.at(values={"hr": 130})
    assert scene.at(seconds=1, link="live") == ["hr medium active •"]
    assert scene.at(minutes=2) == ["hr medium active •"]


def test_a_monitor_that_never_had_a_value_alarms_nobody() -> None:
    assert Scene().at(values={"hr": None}) == []


def test_a_key_may_stand_apart_from_what_is_done() -> None:
    scene = Scene()
    scene.at(values={"hr": 130})
    assert scene.at(seconds=1, do="acknowledge  hr ") == ["hr medium acknowledged"]


def test_bed_one_stays_as_it_is_when_bed_two_is_acknowledged() -> None:
    scene = Scene()
    scene.at(values={"spo2": 88})
    scene.at(bed="02", values={"spo2": 88}, seconds=1)
    scene.at(seconds=2, bed="02", do="acknowledge spo2")
    assert {(x.bed, x.state) for x in scene.last.active} == {("01", "active"), ("02", "acknowledged")}


# --- NEWS2


def test_news2_alarms_from_five_and_from_seven_of_a_full_set_only() -> None:
    scene = Scene(baseline={**FULL, **ASKED})
    assert scene.at(values=FULL) == []
    five = {**FULL, "rr": 24, "spo2": 95, "nibp_sys": 101, "hr": 91}
    assert [x for x in scene.at(minutes=1, values=five) if "news2" in x] == ["news2 medium active •"]
    seven = {**five, "spo2": 93, "hr": 111}
    assert [x for x in scene.at(minutes=2, values=seven) if "news2" in x] == ["news2 high active •"]
    assert "news2 high latched •" in scene.at(minutes=3, sensor_off=["spo2"])
    assert "news2 high latched •" not in scene.at(minutes=4, values=FULL)
    assert not any("news2" in x for x in Scene(baseline=FULL).at(values=seven)), "without consciousness and oxygen"
    four = {**five, "spo2": 97}
    assert not any("news2" in x for x in Scene(baseline={**FULL, **ASKED}).at(values=four))


def test_one_parameter_at_three_is_told_once_by_itself_or_by_its_limit() -> None:
    calm = {**FULL, "rr": 25}
    assert Scene(baseline=ASKED).at(values=calm) == ["news2_single medium active •"]
    assert Scene(baseline=ASKED).at(values={**FULL, "spo2": 89}) == ["spo2 medium active •"]
    assert Scene(baseline={**ASKED, "acvpu": "V"}).at(values=FULL) == ["news2_single medium active •"]


def test_the_second_scale_holds_where_it_is_ordered() -> None:
    target = {**FULL, "spo2": 91}
    assert Scene(baseline=ASKED).at(values=target) == ["news2_single medium active •"]
    assert Scene(baseline=ASKED, scale=2).at(values=target) == []


# --- away from the baseline


def test_a_pulse_a_fifth_above_the_baseline_is_told_once_it_has_lasted() -> None:
    scene = Scene(baseline={"hr": 70})
    assert scene.at(values={"hr": 84}) == []
    assert scene.at(minutes=5, values={"hr": 85}) == []
    assert scene.at(minutes=5, seconds=59) == []
    assert scene.at(minutes=6) == ["hr medium active •"]
    assert scene.at(minutes=7, values={"hr": 84}) == []


def test_two_signs_at_a_time_are_told_at_once() -> None:
    scene = Scene(baseline={"pr": 70, "nibp_sys": 120})
    assert scene.at(values={"pr": 85, "nibp_sys": 96}) == []
    assert scene.at(minutes=0.5, values={"nibp_sys": 95}) == ["pr medium active •", "nibp_sys medium active •"]
    assert Scene(baseline={"pr": 70, "hr": 70}).at(values={"pr": 85, "hr": 70}) == []


@pytest.mark.parametrize(
    ("baseline", "value", "told"),
    [
        ("36.9", "37.9", False), ("37.0", "38.0", True), ("37.1", "38.0", False), ("35.5", "37.5", True), ("35.6", "37.5", False),
    ],
)  # fmt: skip
def test_a_fever_that_rose_is_told(baseline: str, value: str, told: bool) -> None:
    assert bool(Scene(baseline={"temp": baseline}).at(values={"temp": value})) is told


def test_a_moderate_fever_is_told_whatever_the_baseline_was() -> None:
    assert Scene(baseline={"temp": "38.9"}, limits={"temp": {"high": "39.4", "very_high": "39.5"}}).at(values={"temp": 39}) == [
        "temp medium active •"
    ]


@pytest.mark.parametrize(("before", "now", "told"), [(110, 80, True), (109, 80, False), (110, 81, False)])
def test_a_pressure_that_fell_is_told(before: int, now: int, told: bool) -> None:
    low = {"nibp_sys": {"low": 79, "very_low": 78}}
    assert bool(Scene(baseline={"nibp_sys": before}, limits=low).at(values={"nibp_sys": now})) is told


def test_a_protocol_without_triggers_or_news2_has_neither() -> None:
    old = msgspec.structs.replace(TRIAL, triggers=None, news2=None)
    scene = Scene(old, baseline={"hr": 70, **ASKED})
    assert scene.at(values={**FULL, "hr": 110, "rr": 25}) == []
    assert scene.at(minutes=2) == []


# --- what watches the patient


def test_a_lost_link_alarms_and_says_what_went_with_it() -> None:
    scene = Scene()
    scene.at(values={"hr": 80})
    assert scene.at(minutes=1, link="lost") == ["link medium active •"]
    assert scene.at(minutes=9) == ["link medium active •"]
    assert scene.at(minutes=10, link="live") == ["stale:hr medium active •"]
    assert scene.at(minutes=11, values={"hr": 80}) == []


def test_what_the_monitor_repeats_no_more_is_stale() -> None:
    scene = Scene()
    scene.at(values={"hr": 80, "pr": 80, "spo2": 97, "temp": 37})
    scene.at(seconds=1, link="lost")
    scene.at(seconds=2, link="live")
    assert scene.at(seconds=60) == []
    assert scene.at(seconds=61) == ["stale:hr medium active •", "stale:spo2 medium active •"]


def test_a_monitor_that_has_no_value_counts_as_off_after_a_quarter_of_a_minute() -> None:
    scene = Scene()
    scene.at(values={"spo2": 97, "pr": 80, "temp": 37})
    assert scene.at(seconds=1, values={"spo2": None, "pr": None, "temp": None}) == []
    assert scene.at(seconds=14) == []
    assert scene.at(seconds=15) == ["sensor_off:spo2 medium active •"]


def test_one_cuff_is_one_sensor() -> None:
    assert Scene().at(sensor_off=["nibp_sys", "nibp_dia", "nibp_map"]) == ["sensor_off:nibp_sys medium active •"]


def test_a_monitor_that_searches_is_stale_after_half_a_minute() -> None:
    at = clock("14:10")
    found = Reading(Sample(0, "spo2", Decimal(97), "%", Quality.OK, "x"), at, at, "COM7", "datex-s5", False)
    said = Reading(Sample(0, "spo2", None, "%", Quality.SEARCHING, "x"), at, at, "COM7", "datex-s5", False)
    bed = BedSeen(TRIAL, Phase.RUNNING, {"spo2": found}, {"spo2": said})
    assert verdicts(bed, at + timedelta(seconds=30)) == []
    (stale,) = verdicts(bed, at + timedelta(seconds=31))
    assert (stale.key, stale.since) == ("stale:spo2", at + timedelta(seconds=30))


@pytest.mark.parametrize("phase", ["ordered", "released", "signed"])
def test_where_no_patient_lies_nothing_is_measured(phase: str) -> None:
    assert Scene(phase=phase).at(values={"spo2": 70}, sensor_off=["hr"], link="lost") == []


def test_before_the_start_values_matter_and_a_silent_monitor_does_not() -> None:
    scene = Scene(phase="hung")
    assert scene.at(typed={"spo2": 70}) == ["spo2 high active •"]
    assert scene.at(seconds=5, link="lost") == ["spo2 high active •"]
    assert scene.at(minutes=2) == ["spo2 high latched •"]


# --- the protocol


def test_a_check_is_told_low_when_due_medium_two_minutes_after_and_stays_when_missed() -> None:
    scene = Scene(tasks=True)
    assert scene.at(minutes=14, seconds=59) == []
    assert scene.at(minutes=15) == ["vitals low active •"]
    assert scene.last.sound == "low"
    assert scene.at(minutes=16, seconds=59) == ["vitals low active •"]
    assert scene.at(minutes=17) == ["vitals medium active •"]
    assert scene.at(minutes=18, do="acknowledge vitals") == ["vitals medium acknowledged"]
    assert scene.at(minutes=47) == ["vitals medium acknowledged"], "one line and not one a check"
    assert scene.at(minutes=48, typed={"hr": 80}) == []
    assert scene.at(minutes=60) == ["vitals low active •"]


def told(play: Play, at: str, **more: Any) -> dict[str, Priority]:
    now = clock(at)
    found = verdicts(seen(play.state, due(play.state, now), now, **more), now)
    return {x.key: x.priority for x in found if isinstance(x, Finding)}


def test_checks_of_an_infusion_are_told_until_one_is_recorded() -> None:
    run = prepared("running")
    assert told(run, "14:14:59") == {}
    assert told(run, "14:15:00") == {"vitals": LOW}
    assert told(run, "14:17:00") == {"vitals": MEDIUM, "step_up": LOW}
    assert told(run, "14:40")["vitals"] is MEDIUM
    run.do(vitals(), LI, clock("14:41"))
    assert "vitals" not in told(run, "14:41")
    assert told(prepared("hung"), "14:00").get("vitals") is LOW


def test_the_dose_alarms_high_and_the_longest_duration_low() -> None:
    play_ = prepared("second bag")
    assert "end" not in told(play_, "14:59:59")
    assert told(play_, "15:00:00")["end"] is LOW
    assert told(play_, "15:00:00")["stop_dose_reached"] is HIGH


def test_unknown_elapsed_time_is_told_until_a_person_enters_it() -> None:
    play_ = prepared("running")
    play_.now = clock("14:05")
    play_.restart(timedelta(minutes=7), reboot=True, wall=timedelta(hours=-1))
    assert {"confirm_elapsed", "read_remaining"} <= set(told(play_, "14:05"))


def test_a_mismatch_alarms() -> None:
    play_ = prepared("thawed")
    play_.do(CheckBag("B1", "B9", True), LI, clock("13:55"))
    assert told(play_, "13:55") == {"mismatch": HIGH}


def test_writes_that_fail_alarm() -> None:
    assert told(prepared("running"), "14:02", unsaved_since=clock("14:01")) == {"unsaved": HIGH}


def test_the_observation_asks_to_be_closed_softly() -> None:
    assert told(prepared("observation"), "17:00")["close_observation"] is LOW


def test_values_of_a_check_are_judged_and_compared_with_the_baseline() -> None:
    run = prepared("running")
    run.do(vitals(hr=121, nibp_sys=85, nibp_dia=60, nibp_map=70), LI, clock("14:15"))
    now = clock("14:15:30")
    found = {x.key: x for x in verdicts(seen(run.state, (), now), now) if isinstance(x, Finding) and x.limit is not None}
    assert {key: (x.value, x.before) for key, x in found.items() if key in ("hr", "nibp_sys")} == {
        "hr": (Decimal(121), Decimal(78)), "nibp_sys": (Decimal(85), Decimal(118)),
    }  # fmt: skip
    assert all(x.since == clock("14:15") for x in found.values())


def test_a_demo_value_is_neither_good_nor_bad() -> None:
    sample = Sample(0, "hr", Decimal(160), "", Quality.DEMO, "x")
    demo = {"hr": stamped(sample, clock("14:01"), "port", "datex-s5", False)}
    run = prepared("running")
    assert not any(x.key == "hr" for x in verdicts(seen(run.state, (), clock("14:30"), demo), clock("14:30")))


def test_a_typed_value_that_is_newer_takes_the_place_of_the_monitors() -> None:
    run = prepared("running")
    old = stamped(Sample(0, "hr", Decimal(160), "", Quality.OK, "x"), clock("14:14"), "port", "datex-s5", False)
    run.do(vitals(), LI, clock("14:15"))
    found = verdicts(seen(run.state, (), clock("14:15"), {"hr": old}), clock("14:15"))
    assert Inside("hr", clock("14:15")) in found


# --- words


def test_an_alarm_says_what_was_before_what_is_now_and_the_limit() -> None:
    words: list[tuple[Any, ...]] = [
        (("hr", MEDIUM, Decimal(121), Decimal(120), None), "Heart rate high: 121 /min (limit 120)"),
        (("hr", MEDIUM, Decimal(49), Decimal(50), None), "Heart rate low: 49 /min (limit 50)"),
        (("spo2", HIGH, Decimal(84), Decimal(85), Decimal(98)), "SpO₂ low: 98 → 84 % (limit 85)"),
        (("hr", HIGH, Decimal(151), Decimal(150), Decimal(66)), "Heart rate high: 66 → 151 /min (limit 150)"),
        (("hr", MEDIUM, Decimal(103), None, Decimal(66)), "Heart rate rose since the baseline: 66 → 103 /min"),
        (("nibp_sys", MEDIUM, Decimal(96), None, Decimal(125)), "Systolic pressure fell since the baseline: 125 → 96 mmHg"),
        (("temp", MEDIUM, Decimal(39), None, Decimal(39)), "Temperature rose since the baseline: 39 → 39 °C"),
        (("news2", HIGH, Decimal(7)), "NEWS2 7"),
        (("news2_single", MEDIUM, Decimal(3)), "NEWS2: 3 points in one parameter"),
        (("sensor_off:spo2", MEDIUM), "SpO₂: sensor off or no signal"),
        (("stale:hr", MEDIUM), "Heart rate: no new value"),
        (("link", MEDIUM), "Monitor signal lost"),
        (("vitals", LOW), "Vital signs are due"),
        (("vitals", MEDIUM), "Vital signs overdue"),
        (("end", LOW), "The longest duration is reached"),
        (("measure", LOW), "Measure drip rate"),
    ]
    for given, said in words:
        assert plain(what(*given)) == said
        assert plain(to_do(given[0]))


# --- what a story may not be


KNOWN = "Known: hr, pr, spo2, nibp_sys, nibp_dia, nibp_map, rr, temp."
IN_ORDER = "The steps of a story follow each other, from 0 to 604800 s."


def one(**step: Any) -> dict[str, Any]:
    return {"steps": [{"t_s": 0, **step}]}


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (one(t_s=-1), IN_ORDER), (one(t_s=7 * 24 * 3600 + 1), IN_ORDER), ({"steps": [{"t_s": 2}, {"t_s": 1}]}, IN_ORDER),
        (one(values={"pulse": 1}), f"“pulse” is not known. {KNOWN}"),
        ({**one(), "baseline": {"hr": 70, "bp": 1}}, f"“bp” is not known. {KNOWN}"),
        (one(sensor_off=["x"]), f"“x” is not known. {KNOWN}"),
        (one(values={"hr": "fast"}), "“fast” is no value of hr."), (one(values={"hr": True}), "“True” is no value of hr."),
        (one(values={"hr": "NaN"}), "“NaN” is no value of hr."), (one(typed={"rr": 16.5}), "“16.5” is no value of rr."),
        (one(typed={"oxygen": 1}), "“1” is no value of oxygen."), (one(typed={"acvpu": "X"}), "“X” is no value of acvpu."),
        (one(typed={"acvpu": "AC"}), "“AC” is no value of acvpu."), (one(typed={"acvpu": ""}), "“” is no value of acvpu."),
        (one(do="sing"), "“sing” cannot be done in a story."), (one(do="pause"), "“pause” cannot be done in a story."),
        (one(do="acknowledge"), "“acknowledge” cannot be done in a story."),
        (one(do="reset "), "“reset ” cannot be done in a story."),
        (one(t=0), "The story is wrong: Object contains unknown field `t` - at `$.steps[0]`."),
        ({}, "The story is wrong: Object missing required field `steps`."),
        ([], "The story is wrong: Expected `object`, got `array`."),
    ],
)  # fmt: skip
def test_a_story_that_cannot_be_is_refused(story: object, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_story(story)
    assert plain(refused.value.text) == why


def test_a_story_may_last_a_week_and_two_things_happen_at_one_second() -> None:
    week = read_story({"steps": [{"t_s": 0}, {"t_s": 0}, {"t_s": 7 * 24 * 3600}]})
    assert [step.t_s for step in week.steps] == [0, 0, 604800]


def test_a_story_of_no_steps_tells_nothing() -> None:
    assert list(play(read_story({"steps": []}), TRIAL)) == []
    assert with_limits(TRIAL, {}).vitals.limits_of("spo2") == TRIAL.vitals.limits_of("spo2")


def test_oxygen_and_consciousness_of_a_step_are_those_from_then_on() -> None:
    scene = Scene()
    assert scene.at(values=FULL) == []
    assert scene.at(minutes=1, typed={"oxygen": False, "acvpu": "C"}) == ["news2_single medium active •"]
    assert scene.at(minutes=2, typed={"acvpu": "A"}) == []
