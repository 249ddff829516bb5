"""Where an infusion left the protocol: each deviation with its moment, its words and its reason, and the last that is none.

70 kg, 140 ml at 20 drops/ml: verified 13:22, dexamethasone 13:30, start 14:00, step up 14:15, end 14:58 with 60 ml left of B2.
"""

from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.texts import Dated, say

from .cast import LI, TRIAL, ZHAO, clock, protocol
from .play import Play, Preparation, prepared
from .seeing import plain, time

D = Decimal
Told = list[tuple[str, str, str]]
SLOW, FAST = D(20), D(56)


def told(play: Play, at: str = "") -> Told:
    """When, what and why."""
    return [(time(x.at), plain(x.text), x.reason) for x in deviations(play.state, clock(at) if at else play.now)]


def of(play: Play, words: str, at: str = "") -> Told:
    """Those alone that begin so."""
    return [x for x in told(play, at) if x[1].startswith(words)]


def took(play: Play, at: str, *events: e.InfusionEvent) -> Play:
    """Events as a record from elsewhere may hold them."""
    play.now = clock(at)
    for event in events:
        play.take(event, LI.person_id)
    return play


def test_an_infusion_by_the_book_has_none() -> None:
    for point in ("ordered", "ready", "running", "second bag", "observed", "signed"):
        assert told(prepared(point)) == []


# --- before the start


def premedicated(at: str, given_at: str, **other: Any) -> Play:
    answers: dict[str, Any] = {"dose_mg": D(5), "allergies": "none", "dmso_allergy": False, "baseline_blood": "drawn", **other}
    return took(prepared("verified"), at, e.PremedicationGiven("Dexamethasone", given_at=clock(given_at), **answers))


def test_another_dose_no_blood_before_it_and_too_early() -> None:
    assert told(premedicated("13:30", "13:30", baseline_blood="not_due")) == []
    assert told(premedicated("13:35", "13:30", dose_mg=D("7.5"), baseline_blood="not_drawn")) == [
        ("13:35", "Baseline blood was not drawn before the pre-medication.", ""),
        ("13:35", "Pre-medication 7.5 mg, not 5 mg.", ""),
    ]


@pytest.mark.parametrize(("given_at", "is_too_early"), [("13:21:59", True), ("13:22", False)])
def test_dexamethasone_before_two_people_had_verified(given_at: str, is_too_early: bool) -> None:
    text = "Pre-medication was given before two people had verified patient, order and bags."
    assert told(premedicated("13:30", given_at)) == ([("13:30", text, "")] if is_too_early else [])


@pytest.mark.parametrize(("at", "took_min"), [("13:59:57", "29.9"), ("14:00", None)])
def test_a_start_before_the_30_min_are_over(at: str, took_min: str | None) -> None:
    text = f"Started {took_min} min after the pre-medication, before 30."
    assert told(took(prepared("ready"), at, e.Started(SLOW))) == ([("13:59:57", text, "")] if took_min else [])


def test_a_start_that_an_investigator_let_come_early() -> None:
    play = took(prepared("ready"), "13:58", e.NoteAdded("called"), e.LeadTimeOverridden("to intensive care"), e.Started(SLOW))
    assert told(play) == [("13:58", "The time after pre-medication was cut short by an investigator.", "to intensive care")]


# --- rates


@pytest.mark.parametrize(("rate", "is_off"), [("19.9", True), ("20", False), ("20.1", True)])
def test_the_starting_rate_is_20(rate: str, is_off: bool) -> None:
    found = told(took(prepared("ready"), "14:00", e.Started(D(rate), "clamp sticks")))
    assert found == ([("14:00", f"Rate {rate} drops/min outside 20–20.", "clamp sticks")] if is_off else [])


@pytest.mark.parametrize(("rate", "is_off"), [("39.9", True), ("40", False), ("60", False), ("60.1", True)])
def test_the_second_rate_is_40_to_60(rate: str, is_off: bool) -> None:
    off = [("14:15", f"Rate {rate} drops/min outside 40–60.", "behind")] if is_off else []
    assert told(took(prepared("running"), "14:15", e.SteppedUp(D(rate), "behind")), "14:16") == off


def test_each_rate_is_judged_by_the_stage_that_it_was_set_in() -> None:
    """Of three: 10–15, then 20–40 from 10 min on, then 60–80 from 30 min on."""
    play = prepared("running", weight="70", rules=protocol("three-stage"))
    took(play, "14:02", e.RateSet(D(16), "by mistake"))
    took(play, "14:03", e.RateSet(D(15)))
    took(play, "14:10", e.SteppedUp(D(20)))
    took(play, "14:12", e.RateSet(D(41), "too fast"))
    took(play, "14:30", e.SteppedUp(D(80)))
    took(play, "14:31", e.RateSet(D(59)), e.Paused("person"))
    took(play, "14:32", e.Resumed(D(81), None, "catching up"))
    assert of(play, "Rate") == [
        ("14:02", "Rate 16 drops/min outside 10–15.", "by mistake"), ("14:12", "Rate 41 drops/min outside 20–40.", "too fast"),
        ("14:31", "Rate 59 drops/min outside 60–80.", ""), ("14:32", "Rate 81 drops/min outside 60–80.", "catching up"),
    ]  # fmt: skip


@pytest.mark.parametrize(("at", "ran"), [("14:14:59", "14.9"), ("14:15", None)])
def test_the_step_up_comes_after_15_min(at: str, ran: str | None) -> None:
    text = f"Stepped up after {ran} of 15 min."
    assert told(took(prepared("running"), at, e.SteppedUp(FAST, "told so")), at) == ([(at, text, "told so")] if ran else [])


# --- how long


@pytest.mark.parametrize(("at", "ran"), [("15:00", None), ("15:00:01", "60.1")])
def test_an_infusion_runs_for_60_min(at: str, ran: str | None) -> None:
    """Told while it runs, at the moment of asking, and at its end with the reason."""
    text = f"Ran {ran} min; 60 are allowed."
    assert of(prepared("second bag"), "Ran", at) == ([(at, text, "")] if ran else [])
    ended = took(prepared("second bag"), at, e.InfusionEnded(D(60), "slow drip"))
    assert of(ended, "Ran", "15:30") == ([(at, text, "slow drip")] if ran else [])


@pytest.mark.parametrize(("at", "ran"), [("14:29:59", "29.9"), ("14:30", None)])
def test_an_infusion_takes_30_min(at: str, ran: str | None) -> None:
    running = prepared("stepped up")
    assert of(running, "Ended", at) == []
    ended = took(running, at, e.InfusionStopped(D(60), "consent withdrawn"))
    assert of(ended, "Ended") == ([(at, f"Ended after {ran} min, before 30.", "consent withdrawn")] if ran else [])


# --- what was found


def test_what_went_on_although_something_was_found() -> None:
    seven, pain = say("NEWS2 {score}", score=7), say("discomfort")
    leave: dict[str, Any] = {"printed_name": "Zhao"}
    play = took(
        prepared("ready"), "14:00",
        e.Started(SLOW, "", ZHAO.person_id, found=(seven, pain), why_allowed="as every morning", **leave),
    )  # fmt: skip
    took(play, "14:15", e.SteppedUp(FAST, "", ZHAO.person_id, found=(seven,), why_allowed="sat up", **leave))
    took(play, "14:16", e.Paused("person"))
    took(play, "14:17", e.Resumed(FAST, ZHAO.person_id, "", found=(pain,), why_allowed="is over", **leave))
    assert of(play, "") == [
        ("14:00", "Started in spite of: NEWS2 7, discomfort.", "as every morning"),
        ("14:15", "Stepped up in spite of: NEWS2 7.", "sat up"), ("14:17", "Resumed in spite of: discomfort.", "is over"),
    ]  # fmt: skip


# --- the order and the weight


def test_a_weight_of_another_day_is_told_with_its_moment_and_its_reason() -> None:
    play = took(prepared("ready"), "38:00", e.Started(SLOW, weight_reason="no scale"))
    weighed = f"The weight was measured at {Dated(clock('13:05'))}, not on this day."
    assert of(play, "The weight") == [("14:00", weighed, "no scale")]
    assert of(prepared("ready"), "The weight", "38:00") == [], "nothing was started with it"


def ordered(**more: Any) -> Play:
    return Play(order=msgspec.structs.replace(Play().state.order, **more))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("second", "This dose of this subject was ordered before."),
        ("window", "The order is outside the window of 7 ± 1 days after the dose before."),
        ("left", "This subject has left the trial."),
    ],
)
def test_an_order_against_the_rule(code: str, text: str) -> None:
    assert told(ordered(irregular=(code,), reason="stopped at 10 ml")) == [("13:00", text, "stopped at 10 ml")]


@pytest.mark.parametrize(("signed_at", "is_late"), [("14:00", False), ("14:00:01", True), (None, True)])
def test_an_order_is_signed_before_the_start(signed_at: str | None, is_late: bool) -> None:
    play = Preparation(ordered(prescriber=ZHAO.person_id), "70.0", 20).until("running")
    if signed_at:
        took(play, signed_at, e.OrderSigned())
    late = [("14:00", "Started before the prescriber had signed the order.", "")]
    assert told(play, "14:01") == (late if is_late else [])


# --- how much


@pytest.mark.parametrize(
    ("left_ml", "cells", "share"),
    [("69", "126.0–136.0", "90.0–97.1"), ("69.1", "125.9–135.9", "89.9–97.1"), ("51", "144.0–154.0", "102.8–110.0"),
     ("50.9", "144.1–154.1", "102.9–110.1")],
)  # fmt: skip
def test_the_dose_is_in_tolerance_up_to_10_per_cent(left_ml: str, cells: str, share: str) -> None:
    """A reading by eye is ± 5 ml: all of it must lie between 126 and 154 of 140 million cells."""
    play = took(prepared("second bag"), "14:58", e.InfusionEnded(D(left_ml), "by eye"))
    is_off = left_ml in ("69.1", "50.9")
    assert within_tolerance(play.state) is not is_off
    text = f"Given {cells} of 140.0 million cells ({share} %, {cells} ml): not surely within ±10 %."
    assert of(play, "Given") == ([("14:58", text, "by eye")] if is_off else [])
    assert within_tolerance(prepared("second bag").state) is None
    assert of(prepared("second bag"), "Given", "15:30") == []


def destroyed(ml: str, left_ml: str | None) -> Told:
    play = took(prepared("second bag"), "14:58", e.InfusionEnded(None if left_ml is None else D(left_ml)))
    took(play, "15:00", e.LeftoverDestroyed("B2", D(ml), "n2", "the bag fell"))
    return of(play, "Bag")


@pytest.mark.parametrize(("ml", "is_off"), [("58.9", True), ("59", False), ("61", False), ("61.1", True)])
def test_what_is_destroyed_is_what_was_left_to_1_ml(ml: str, is_off: bool) -> None:
    off = [("15:00", f"Bag B2: {ml} ml destroyed, 60 ml were left.", "the bag fell")] if is_off else []
    assert destroyed(ml, "60") == off


@pytest.mark.parametrize(("ml", "is_off"), [("56.4", True), ("56.5", False), ("72.6", False), ("72.7", True)])
def test_what_was_left_is_an_interval_where_nobody_read_it(ml: str, is_off: bool) -> None:
    """B1 was empty at 14:45:20; 12 min 40 s at 56 drops/min are 35.5 ml of B2, ± 20 %: 28.4 to 42.6."""
    off = [("15:00", f"Bag B2: {ml} ml destroyed, 57.4–71.7 ml were left.", "the bag fell")]
    assert destroyed(ml, None) == (off if is_off else [])


# --- what was left undone


def test_a_closing_with_something_left_undone() -> None:
    play = took(prepared("observation"), "16:58", e.ObservationClosed("transferred", (), "to intensive care", ("reaction", "gap")))
    assert of(play, "Closed") == [
        ("16:58", "Closed with this left undone: a reaction still open, nobody watched, and the bag was not read.",
         "to intensive care")
    ]  # fmt: skip
    assert of(took(prepared("observation"), "16:58", e.ObservationClosed("no_reaction", (), "busy")), "Closed") == []


def looked(at: str, late_reason: str = "", period: Literal["infusion", "extra"] = "infusion") -> Play:
    slot = 15 if period == "infusion" else None
    return took(prepared("running"), at, e.VitalsRecorded(period, slot, (), None, None, discomfort=False, late_reason=late_reason))


@pytest.mark.parametrize(
    ("at", "late_min"), [("14:20", None), ("14:20:01", 6), ("14:21", 6), ("14:21:01", 7), ("14:25", 10)]
)  # fmt: skip
def test_a_check_is_late_from_5_min_on(at: str, late_min: int | None) -> None:
    text = f"Vital signs of 14:15 taken {late_min} min late."
    assert of(looked(at, "busy"), "Vital", at) == ([(at, text, "busy")] if late_min else [])


def test_a_check_that_nobody_took_is_missed_after_10_min() -> None:
    play = prepared("running")
    assert of(play, "Vital", "14:25") == []
    assert of(play, "Vital", "14:25:01") == [("14:15", "Vital signs of 14:15 missed.", "")]
    assert of(looked("14:30", "busy", "extra"), "Vital", "14:30") == [("14:15", "Vital signs of 14:15 missed.", "")]


def test_they_stand_in_order_of_time_with_what_ran_over_its_time() -> None:
    play = prepared("stepped up")
    took(play, "14:20", e.RateSet(D(64), "behind"))
    took(play, "14:22", e.RateMeasured(D(72), "taps", 20))
    took(play, "14:29", e.InfusionStopped(D(70), "fever"))
    took(play, "15:00", e.ObservationClosed("transferred", (), "to intensive care"))
    assert told(play) == [
        ("14:20", "Rate 64 drops/min outside 40–60.", "behind"),
        ("14:22", "Measured 72 drops/min, more than 10 % off the 64 set.", ""),
        ("14:29", "Ended after 29.0 min, before 30.", "fever"),
        ("14:29", "Given 25.0–35.0 of 140.0 million cells (17.8–25.0 %, 25.0–35.0 ml): not surely within ±10 %.", "fever"),
        ("14:29", "Vital signs of 14:29 missed.", ""),
        ("15:00", "Observation closed after 31.0 of 120 min.", "to intensive care"),
    ]
    assert TRIAL.observation.length_min == 120
