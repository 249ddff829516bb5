"""Vital signs, gaps in the watch, notes, a patient's own limits: each refusal word for word, each fact whole."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.alarms import ChangeLimits, OrderScale
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.notes import AddNote, HandOver
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.state import Flow, Pin
from app.domain.people.roles import Person
from app.domain.vitals.own_limits import OwnLimits

from .cast import CHEN, LI, SUN, WANG, ZHAO, clock
from .play import Play, prepared, vitals
from .whole_answers import facts, refusal

BEDSIDE_ONLY = "This needs another role: Nurse or Investigator."
INVESTIGATOR_ONLY = "This needs another role: Investigator."


# --- vital signs


CHECK = vitals(discomfort=" cold ", oxygen=True, consciousness="C", late_reason=" busy ")


def recorded(check: RecordVitals, period: Any, slot: int | None, news2: int | None) -> e.VitalsRecorded:
    return e.VitalsRecorded(period, slot, check.values, check.oxygen, check.consciousness, check.discomfort,
                            check.discomfort_text.strip(), news2, check.late_reason.strip(), 1)  # fmt: skip


def test_a_check_is_kept_whole_with_its_score() -> None:
    """Oxygen 2 and new confusion 3; all else counts nothing."""
    play = prepared("running")
    assert facts(play, CHECK, LI, clock("14:15")) == [recorded(CHECK, "infusion", 15, 5)]
    assert play.state.checks[-1].event == recorded(CHECK, "infusion", 15, 5)
    assert facts(play, CHECK) == [recorded(CHECK, "extra", None, 5)]
    assert refusal(play, CHECK, CHEN) == BEDSIDE_ONLY
    assert facts(prepared("received"), vitals()) == [recorded(vitals(), "infusion", 0, 0)]
    assert facts(prepared("observation"), vitals(), LI, clock("15:28")) == [recorded(vitals(), "observation", 30, 0)]


def test_without_oxygen_or_consciousness_there_is_no_score() -> None:
    for unknown in ({"oxygen": None}, {"consciousness": None}, {"consciousness": ""}):
        check = vitals(**unknown)
        assert facts(prepared("ready"), check) == [recorded(check, "infusion", 0, None)]


def test_a_check_counts_by_the_scale_that_was_ordered() -> None:
    play = prepared("ready")
    play.do(OrderScale(2, "COPD"), ZHAO)
    check = vitals(spo2=88, oxygen=True)
    assert facts(play, check) == [replace(recorded(check, "infusion", 0, 2), scale=2)]
    assert facts(prepared("ready"), check) == [recorded(check, "infusion", 0, 5)]


@pytest.mark.parametrize(("at", "is_late"), [("14:20", False), ("14:20:01", True)])
def test_a_check_is_late_after_five_minutes_and_says_why(at: str, is_late: bool) -> None:
    check = vitals(late_reason=" ")
    if is_late:
        assert refusal(prepared("running"), check, LI, clock(at)) == "This check is late: say why."
        assert facts(prepared("running"), CHECK, LI, clock(at)) == [recorded(CHECK, "infusion", 15, 5)]
    else:
        assert facts(prepared("running"), check, LI, clock(at)) == [recorded(check, "infusion", 15, 0)]


def test_what_is_no_check() -> None:
    play = prepared("running")
    check = vitals()
    assert refusal(play, replace(check, discomfort=True)) == "Write what the discomfort is."
    assert refusal(play, replace(check, discomfort=True, discomfort_text=" ")) == "Write what the discomfort is."
    assert refusal(play, replace(check, consciousness="X")) == "Consciousness is one of A, C, V, P, U."
    once = "Each vital sign once."
    assert refusal(play, replace(check, values=(*check.values, check.values[0]))) == once
    assert refusal(play, replace(check, values=(*check.values, e.VitalEntry("etco2", D(40), "typed")))) == once


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"hr": 19}, "Heart rate 19 /min is not possible (20–300). Measure again."),
        ({"temp": "43.1"}, "Temperature 43.1 °C is not possible (28–43). Measure again."),
        ({"nibp_sys": 72}, "Systolic must lie above diastolic pressure."),
        ({"nibp_map": 118}, "Mean pressure must lie between diastolic and systolic."),
        ({"missing": {"hr": " "}}, "Heart rate: measure it, or say why it is missing."),
        ({"missing": {"spo2": ""}}, "SpO₂: measure it, or say why it is missing."),
    ],
)
def test_a_value_that_cannot_be_or_is_missing_without_a_reason(other: dict[str, Any], why: str) -> None:
    assert refusal(prepared("running"), vitals(**other)) == why


@pytest.mark.parametrize("code", ["hr", "spo2", "nibp_sys", "nibp_dia", "rr", "temp"])
def test_each_value_of_a_check_is_measured_or_excused(code: str) -> None:
    check = vitals(missing={code: "refused"})
    assert len(facts(prepared("ready"), check)) == 1
    without = replace(check, values=tuple(v for v in check.values if v.vital != code))
    assert refusal(prepared("ready"), without).endswith(": measure it, or say why it is missing.")
    nothing = replace(check, values=tuple(replace(v, missing=None) for v in check.values))
    assert refusal(prepared("ready"), nothing).endswith(": measure it, or say why it is missing.")


def test_a_pulse_from_the_finger_stands_for_the_heart_rate() -> None:
    check = vitals(pr=80, missing={"hr": ""})
    assert len(facts(prepared("ready"), check)) == 1


# --- nobody watched


def lost(play: Play, minutes: int, *, unknown: bool = False) -> Play:
    play.now += timedelta(minutes=minutes)
    play.take(e.WatchLost(play.now - timedelta(minutes=minutes), "power", unknown))
    return play


def flows(play: Play) -> list[Flow]:
    return play.state.flows


def test_while_nobody_watched_the_drip_is_lost_and_then_goes_on_as_it_was_set() -> None:
    play = prepared("running")
    play.now = clock("14:05")
    lost(play, 7)
    assert flows(play) == [
        Flow(clock("14:00"), D(20), "set", clock("14:05")),
        Flow(clock("14:05"), D(20), "lost", clock("14:12")),
        Flow(clock("14:12"), D(20), "set"),
    ]
    s = play.state
    assert (s.unconfirmed_gap, s.elapsed_unknown, s.watch_lost_at) == (True, False, clock("14:12"))


def test_a_gap_of_unknown_length_is_told_as_such_until_a_person_says_it() -> None:
    play = prepared("running")
    play.now = clock("14:05")
    lost(play, 1, unknown=True)
    lost(play, 1)
    assert [flow.basis for flow in flows(play)] == ["set", "unknown", "set", "lost", "set"]
    assert (play.state.elapsed_unknown, play.state.watch_lost_at) == (True, clock("14:07")), "not known again by a known gap"


@pytest.mark.parametrize("point", ["hung", "observation"])
def test_what_does_not_drip_is_not_lost(point: str) -> None:
    play = prepared(point)
    before = [as_it_is(flow) for flow in flows(play)]
    lost(play, 7)
    assert (flows(play), play.state.unconfirmed_gap, play.state.watch_lost_at) == (before, False, play.now)


def as_it_is(flow: Flow) -> Flow:
    return Flow(flow.start, flow.rate_gtt_min, flow.basis, flow.end)


def unknown_since(at: str) -> Play:
    """The laptop came back at that time by the record; how late it really is nobody knows."""
    play = prepared("running")
    play.now = clock(at)
    play.take(e.WatchLost(play.now, "power", True))
    return play


YEAR_S, WEEK_S = 365 * 24 * 3600, 7 * 24 * 3600
TOO_LONG = "An infusion does not wait that long. Check the date."


def test_a_person_says_how_long_it_was() -> None:
    play = unknown_since("14:05")
    assert refusal(prepared("running"), ConfirmElapsed(0)) == "The elapsed time is known."
    assert refusal(play, ConfirmElapsed(60), CHEN) == BEDSIDE_ONLY
    assert refusal(play, ConfirmElapsed(-1)) == "Time does not run backwards."
    assert refusal(play, ConfirmElapsed(WEEK_S + 1)) == TOO_LONG
    assert facts(play, ConfirmElapsed(WEEK_S)) == [e.ElapsedConfirmed(WEEK_S)]
    assert facts(unknown_since("14:05"), ConfirmElapsed(0)) == [e.ElapsedConfirmed(0)]
    before = prepared("hung")
    before.take(e.WatchLost(before.now, "power", True))
    assert refusal(before, ConfirmElapsed(YEAR_S + 1)) == TOO_LONG
    assert facts(before, ConfirmElapsed(YEAR_S)) == [e.ElapsedConfirmed(YEAR_S)]
    assert not before.state.elapsed_unknown


def test_the_gap_becomes_one_of_known_length() -> None:
    """Back at 14:05 by the record, said at 14:06 to have been ten minutes: the record moves on to 14:16."""
    play = unknown_since("14:05")
    play.do(ConfirmElapsed(600), LI, clock("14:06"))
    assert flows(play) == [
        Flow(clock("14:00"), D(20), "set", clock("14:05")),
        Flow(clock("14:05"), D(20), "lost", clock("14:05")),
        Flow(clock("14:05"), D(20), "set", clock("14:06")),
        Flow(clock("14:06"), D(20), "lost", clock("14:16")),
        Flow(clock("14:16"), D(20), "set"),
    ]
    assert not play.state.elapsed_unknown
    assert play.same_from_disk()


def test_paused_meanwhile_it_does_not_drip_again_by_itself() -> None:
    play = unknown_since("14:05")
    play.do(Pause(), LI, clock("14:06"))
    play.do(ConfirmElapsed(600), LI, clock("14:07"))
    assert flows(play)[-1] == Flow(clock("14:07"), D(20), "lost", clock("14:17"))


def test_a_reading_since_then_covers_the_gap() -> None:
    play = unknown_since("14:05")
    play.take(e.RemainingRead("B1", D(85)), LI.person_id)
    assert play.state.pins[-1] == Pin(clock("14:05"), D(10), D(20))
    play.do(ConfirmElapsed(600), LI, clock("14:06"))
    assert len([flow for flow in flows(play) if flow.basis == "lost"]) == 2, "read at the very moment: not known to be after it"
    later = unknown_since("14:05")
    later.now = clock("14:06")
    later.take(e.RemainingRead("B1", D(85)), LI.person_id)
    later.do(ConfirmElapsed(600), LI, clock("14:07"))
    assert [(flow.start, flow.end) for flow in flows(later) if flow.basis == "lost"] == [(clock("14:05"), clock("14:05"))]


def test_after_the_end_the_gap_is_not_put_back_before_it() -> None:
    play = unknown_since("14:05")
    play.take(e.InfusionEnded(None), LI.person_id)
    before = [as_it_is(flow) for flow in flows(play)]
    play.do(ConfirmElapsed(600), LI, clock("14:07"))
    assert (flows(play), play.state.elapsed_unknown) == (before, False)


def test_a_step_of_the_clock_is_kept_with_its_moment() -> None:
    play = prepared("running")
    play.take(e.ClockStepped(D("-3600.5")))
    assert play.state.clock_stepped == (play.now, D("-3600.5"))


# --- notes and the hand-over


def test_a_note_and_a_hand_over() -> None:
    play = prepared("running")
    assert refusal(play, AddNote(" ")) == "The note is empty."
    assert facts(play, AddNote(" asleep "), CHEN) == [e.NoteAdded("asleep")]
    assert refusal(play, HandOver(WANG), CHEN) == BEDSIDE_ONLY
    assert refusal(play, HandOver(SUN)) == BEDSIDE_ONLY
    assert refusal(play, HandOver(LI)) == "Hand over to another person."
    assert facts(play, HandOver(WANG)) == [e.HandedOver("n2")]
    assert play.state.nurse == "n2"


# --- the patient's own limits


HR, SPO2 = OwnLimits("hr", D(60), D(110)), OwnLimits("spo2", D(88), None)
STATED = (OwnLimits("hr", D(50), D(120)), OwnLimits("spo2", D(90), None))


def test_limits_are_changed_with_what_they_were_and_others_stay() -> None:
    play = prepared("running")
    both = ChangeLimits((HR, SPO2), " doctor ", from_baseline=True)
    assert facts(play, both) == [e.LimitsChanged((HR, SPO2), STATED, "doctor", True)]
    narrower = replace(HR, low=D(70))
    told = e.LimitsChanged((narrower,), (HR,), "again", False)
    assert facts(play, ChangeLimits((SPO2, narrower), "again"), ZHAO) == [told]
    assert play.state.own_limits == {"hr": narrower, "spo2": SPO2}
    assert play.same_from_disk()


@pytest.mark.parametrize(
    ("command", "by", "why"),
    [
        (ChangeLimits((HR,), "x"), CHEN, BEDSIDE_ONLY),
        (ChangeLimits((HR,), " "), LI, "Give a reason."),
        (ChangeLimits((), "x"), LI, "Nothing has changed."),
        (ChangeLimits(STATED, "x"), LI, "Nothing has changed."),
        (ChangeLimits((HR, replace(HR, low=D(70))), "x"), LI, "Each vital sign once."),
        (ChangeLimits((OwnLimits("icp", D(5), D(20)),), "x"), LI, "Each vital sign once."),
        (OrderScale(2, "COPD"), LI, INVESTIGATOR_ONLY),
        (OrderScale(1, "COPD"), ZHAO, "Nothing has changed."),
        (OrderScale(2, " "), ZHAO, "Give a reason."),
    ],
)
def test_what_is_no_change_of_limits_or_scale(command: Command, by: Person, why: str) -> None:
    assert refusal(prepared("running"), command, by) == why


def test_an_investigator_orders_the_scale() -> None:
    play = prepared("running")
    assert facts(play, OrderScale(2, " COPD "), ZHAO) == [e.ScaleOrdered(2, "COPD", printed_name="Zhao")]
    assert play.state.scale == 2
