"""The end, the flush, what becomes of each bag, the observation and the two signatures: each refusal and each fact whole."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.ending import (
    CloseObservation,
    DestroyLeftover,
    End,
    FlushLine,
    ReturnBag,
    Stop,
    left_undone,
    unopened,
    unused,
)
from app.domain.infusion.chapters.notes import AddNote, HandOver
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.chapters.signing import Sign, SignReaction, took_part, unsigned_report
from app.domain.infusion.chapters.thaw import ReportEmpty
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Pin

from .cast import CHEN, GAO, LI, SUN, WANG, ZHAO, clock, protocol
from .play import Play, label, recorded, vitals
from .whole_answers import facts, refusal

BEDSIDE_ONLY = "This needs another role: Nurse or Investigator."
UP_TO_100 = "Between 0 and 100 ml."


# --- the end


@pytest.mark.parametrize(
    ("command", "told"),
    [(End(D(60), " dose_in "), e.InfusionEnded(D(60), "dose_in")), (Stop(D(60), " patient "), e.InfusionStopped(D(60), "patient"))],
)
def test_the_end_keeps_what_was_read_and_why(command: End | Stop, told: e.InfusionEnded | e.InfusionStopped) -> None:
    """B1 ran empty, and 40 ± 5 ml of B2 are in."""
    play, at = recorded("second bag"), clock("14:58")
    play.do(Pause(), LI, clock("14:57"))
    assert facts(play, command, CHEN, at) == [told]
    s = play.state
    assert (s.ended_at, s.end, s.pause, s.phase) == (at, told, None, Phase.OBSERVATION)
    assert (s.bags["B2"].left_ml, s.bags["B1"].left_ml) == (D(60), None)
    assert s.pins[-1] == Pin(at, D(135), D(145))


def test_at_the_end_nothing_drips_any_more() -> None:
    play, at = recorded("second bag"), clock("14:58")
    pins = len(play.state.pins)
    assert facts(play, End(None), LI, at) == [e.InfusionEnded(None, "")]
    assert (play.state.flows[-1].end, play.state.spans[-1].end, len(play.state.pins)) == (at, at, pins)
    assert play.state.bags["B2"].left_ml is None


@pytest.mark.parametrize(
    ("left", "kept"), [("0", "0"), ("100", "100"), ("-0.1", None), ("100.1", None), ("NaN", None), ("sNaN", None)]
)
@pytest.mark.parametrize("act", [End, Stop])
def test_a_reading_that_the_bag_cannot_hold_does_not_hold_up_the_end(act: Any, left: str, kept: str | None) -> None:
    (told,) = facts(recorded("running"), act(D(left), ""))
    assert isinstance(told, e.InfusionEnded | e.InfusionStopped)
    assert told.left_ml == (None if kept is None else D(kept))


@pytest.mark.parametrize("act", [End, Stop])
def test_with_no_bag_hanging_there_is_nothing_to_read(act: Any) -> None:
    play = recorded("running")
    play.do(ReportEmpty(), LI, clock("14:20"))
    pins = len(play.state.pins)
    (told,) = facts(play, act(D(0), ""))
    assert isinstance(told, e.InfusionEnded | e.InfusionStopped)
    assert (told.left_ml, len(play.state.pins)) == (None, pins)


def test_the_end_is_the_end_of_what_runs_alone() -> None:
    assert refusal(recorded("hung"), End(D(60))) == "This is not possible now: the infusion is at “Hung”."
    assert refusal(recorded("observation"), End(None)) == "This is not possible now: the infusion is at “Observation”."


@pytest.mark.parametrize(("ml", "possible"), [("0", True), ("500", True), ("-0.1", False), ("500.1", False), ("NaN", False)])
def test_the_line_is_flushed(ml: str, possible: bool) -> None:
    play = recorded("observation")
    assert refusal(play, FlushLine(D(20)), CHEN) == BEDSIDE_ONLY
    if possible:
        assert facts(play, FlushLine(D(ml))) == [e.LineFlushed(D(ml))]
        assert play.state.flushed_ml == D(ml)
    else:
        assert refusal(play, FlushLine(D(ml))) == "Between 0 and 500 ml."


# --- what is left is destroyed


REST = DestroyLeftover("B2", D(60), WANG)
NOTHING_LEFT = "Nothing of bag {} is left to destroy."


def test_what_is_left_is_destroyed_before_a_witness_who_signs() -> None:
    play = recorded("observation")
    assert refusal(play, replace(REST, witness=LI)) == "The witness must be another person."
    destroyed = e.LeftoverDestroyed("B2", D(60), "n2", "spilt", printed_name="Wang")
    assert facts(play, replace(REST, reason=" spilt "), CHEN) == [destroyed]
    assert play.state.bags["B2"].destroyed_ml == D(60)
    assert refusal(play, REST) == NOTHING_LEFT.format("B2")
    assert refusal(play, replace(REST, bag_id="B9")) == NOTHING_LEFT.format("B9")


@pytest.mark.parametrize(("place", "is_here"), [("here", True), ("came", True), ("sent", False), ("stayed", False)])
def test_what_lies_at_the_other_laptop_is_dealt_with_there(place: Literal["sent", "stayed", "came", "here"], is_here: bool) -> None:
    play = with_a_spare("observation")
    play.state.bags["B3"].place = place
    rest, back = replace(REST, bag_id="B3", volume_ml=D(100)), ReturnBag("B3", LI)
    if is_here:
        assert names(unopened(play.state)) == ["B2", "B3"]
        assert isinstance(facts(play, rest)[0], e.LeftoverDestroyed)
    else:
        assert names(unopened(play.state)) == ["B2"]
        assert refusal(play, rest) == NOTHING_LEFT.format("B3")
        assert refusal(play, back, CHEN) == OPENED.format("B3")


def test_what_is_kept_for_examination_is_not_destroyed() -> None:
    play = recorded("observation")
    play.take(e.BagKept("B2"), LI.person_id)
    assert refusal(play, REST) == "Bag B2 is kept for examination: nothing of it is destroyed."
    play.take(e.BagFreed("B2", "cultures taken"), ZHAO.person_id)
    assert isinstance(facts(play, REST)[0], e.LeftoverDestroyed)


OFF = "60 ml of bag B2 were left: say why another volume is destroyed."


@pytest.mark.parametrize(
    ("ml", "why"),
    [("58.9", OFF), ("59", None), ("61", None), ("61.1", OFF), ("100.1", UP_TO_100), ("-0.1", UP_TO_100), ("NaN", UP_TO_100)],
)
def test_another_volume_than_was_left_takes_a_reason(ml: str, why: str | None) -> None:
    play = recorded("observation")
    if why is None:
        assert isinstance(facts(play, replace(REST, volume_ml=D(ml)))[0], e.LeftoverDestroyed)
        return
    assert refusal(play, replace(REST, volume_ml=D(ml), reason=" ")) == why
    if why is OFF:
        told = e.LeftoverDestroyed("B2", D(ml), "n2", "spilt", printed_name="Wang")
        assert facts(play, replace(REST, volume_ml=D(ml), reason="spilt")) == [told]


def test_nothing_and_all_of_a_bag_can_be_destroyed() -> None:
    for ml in (D(0), D(100)):
        assert isinstance(facts(recorded("observation"), replace(REST, volume_ml=ml, reason="x"))[0], e.LeftoverDestroyed)


def test_where_nobody_read_it_what_the_drops_leave_is_told_to_a_tenth_outwards() -> None:
    """B2 hung from 14:45:20 on at 56 drops/min of 20 a ml, to 14:58: 35.5 ml of the counted drops, 20 % either way."""
    play = recorded("second bag")
    play.do(End(None), LI, clock("14:58"))
    assert refusal(play, replace(REST, volume_ml=D(99))) == (
        "57.4–71.7 ml of bag B2 were left: say why another volume is destroyed."
    )


# --- an unopened bag goes back


def with_a_spare(point: str) -> Play:
    """B3 lies there unopened."""
    play = recorded("hung")
    play.do(ScanBag(label("B3")), CHEN)
    if point == "abandoned":
        play.do(Abandon("unfit"), LI)
        return play
    play.do(vitals(), LI, clock("13:58"))
    play.take(e.Started(D(20)), LI.person_id)
    play.do(End(D(60)), LI, clock("14:30"))
    return play


def names(found: list[BagState]) -> list[str]:
    return [bag.bag.bag_id for bag in found]


OPENED = "Bag {} was opened, or its whereabouts are recorded already."


def test_an_unopened_bag_goes_back_to_a_pharmacist_from_whoever_had_it() -> None:
    play = with_a_spare("observation")
    back = ReturnBag("B3", LI)
    assert refusal(play, back, LI) == "This needs another role: Pharmacist."
    assert refusal(play, ReturnBag("B3", CHEN), CHEN) == "Who hands the bag over and who takes it back are two people."
    assert refusal(play, ReturnBag("B1", LI), CHEN) == OPENED.format("B1")
    assert refusal(play, ReturnBag("B9", LI), CHEN) == OPENED.format("B9")
    assert facts(play, back, SUN) == [e.BagReturned("B3", "n1", printed_name="Sun")]
    assert play.state.bags["B3"].returned
    assert refusal(play, back, CHEN) == OPENED.format("B3")


def test_unopened_is_what_was_never_thawed_and_of_which_nothing_is_recorded() -> None:
    play = with_a_spare("observation")
    assert names(unopened(play.state)) == ["B2", "B3"]
    play.take(e.LeftoverDestroyed("B2", D(100), "n2"), LI.person_id)
    assert names(unopened(play.state)) == ["B3"]


def test_of_an_infusion_that_was_given_up_the_thawed_bags_are_unused_too() -> None:
    play = with_a_spare("abandoned")
    assert (names(unopened(play.state)), names(unused(play.state))) == (["B2", "B3"], ["B2", "B3", "B1"])
    play.take(e.LeftoverDestroyed("B1", D(100), "n2"), LI.person_id)
    assert names(unused(play.state)) == ["B2", "B3"]
    assert names(unused(with_a_spare("observation").state)) == ["B2", "B3"]


# --- the observation


CLOSED = CloseObservation("no_reaction", ("fever",), " busy ")
LASTS = "The observation lasts until 16:58: give a reason to close it."
LEFT = "Left undone: {}. Do it now, or give a reason."


def observing() -> Play:
    """Everything is done; the last check was due at 16:58."""
    play = recorded("observation")
    for due in ("15:28", "15:58", "16:28", "16:58"):
        play.do(vitals(), LI, clock(due))
    return play


def test_an_observation_is_closed_with_what_came_of_it() -> None:
    play = observing()
    closed = e.ObservationClosed("no_reaction", ("fever",), "busy", ())
    assert facts(play, CLOSED) == [closed]
    assert (play.state.observation, play.state.observation_closed_at) == (closed, clock("16:58"))
    assert refusal(play, CLOSED) == "No observation is open."
    assert refusal(observing(), CLOSED, CHEN) == BEDSIDE_ONLY
    assert refusal(recorded("running"), CLOSED) == "No observation is open."


WITHOUT = CloseObservation("no_reaction", (), " ")


def last_check_done() -> Play:
    """Ended at 14:58; an extra check makes up for those that were missed, and the last was taken in its time."""
    play = recorded("observation")
    play.do(vitals(), LI, clock("16:50"))
    play.do(vitals(), LI, clock("16:55"))
    return play


def test_it_lasts_two_hours_or_is_closed_with_a_reason() -> None:
    play = last_check_done()
    assert refusal(play, WITHOUT, LI, clock("16:57:59")) == LASTS
    assert facts(play, CLOSED) == [e.ObservationClosed("no_reaction", ("fever",), "busy", ())]


@pytest.mark.parametrize("outcome", ["reaction_ongoing", "transferred"])
def test_also_at_its_end_whoever_goes_on_reacting_or_elsewhere_is_told_why(outcome: str) -> None:
    play = last_check_done()
    assert refusal(play, replace(WITHOUT, outcome=outcome), LI, clock("16:58")) == LASTS
    assert isinstance(facts(play, replace(CLOSED, outcome=outcome))[0], e.ObservationClosed)


def test_at_its_end_it_is_closed_without_a_reason() -> None:
    assert facts(last_check_done(), WITHOUT, LI, clock("16:58")) == [e.ObservationClosed("no_reaction", (), "", ())]


def test_the_last_vital_signs_are_taken_first_though_there_is_a_reason() -> None:
    play = recorded("observation")
    assert refusal(play, CLOSED, LI, clock("16:58")) == "Record the last vital signs of the observation first."
    assert isinstance(facts(play, CLOSED, LI, clock("16:57:59"))[0], e.ObservationClosed)


ANOTHER = "A reaction was noted: choose another outcome."


def test_with_a_reaction_still_open_it_is_not_over() -> None:
    play = last_check_done()
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI, clock("16:58"))
    assert refusal(play, CLOSED) == ANOTHER
    assert refusal(play, replace(CLOSED, outcome="reaction_resolved")) == (
        "The reaction is still open: say since when it is over, or choose another outcome."
    )
    ongoing = e.ObservationClosed("reaction_ongoing", ("fever",), "busy", ("reaction",))
    assert facts(play, replace(CLOSED, outcome="reaction_ongoing")) == [ongoing]


def test_after_a_reaction_that_is_over_there_was_one() -> None:
    play = last_check_done()
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI, clock("16:58"))
    play.do(ResolveReaction(play.now), LI)
    assert refusal(play, CLOSED) == ANOTHER
    assert facts(play, CloseObservation("reaction_resolved")) == [e.ObservationClosed("reaction_resolved", (), "", ())]


def test_what_is_left_undone_is_told_and_kept() -> None:
    play = recorded("observation")
    at = clock("17:08:01")
    assert refusal(play, CloseObservation("no_reaction", (), " "), LI, at) == LEFT.format("vital signs missed")
    assert facts(play, CLOSED, LI, at) == [e.ObservationClosed("no_reaction", ("fever",), "busy", ("checks",))]


def gap() -> Play:
    """It was paused while nobody watched, and the bag was not read since."""
    play = recorded("second bag")
    play.restart(timedelta(minutes=1))
    play.do(End(None), LI)
    return play


def unknown() -> Play:
    play = recorded("observation")
    play.restart(timedelta(minutes=1), reboot=True, wall=timedelta(hours=-1))
    return play


def reacting() -> Play:
    play = recorded("observation")
    play.do(NoteReaction(play.now, (), "continue"), LI)
    return play


@pytest.mark.parametrize(
    ("play", "codes"),
    [(lambda: recorded("observation"), ()), (gap, ("gap",)), (unknown, ("time",)), (reacting, ("reaction",))],
)
def test_each_thing_that_is_left_undone_by_itself(play: Callable[[], Play], codes: tuple[str, ...]) -> None:
    found = play()
    assert left_undone(found.state, found.now) == codes


# --- two signatures


PERFORMED, REVIEWED = Sign("performed", " on_behalf "), Sign("reviewed", "not kept")


def test_the_nurse_signs_then_an_investigator() -> None:
    play = recorded("observed")
    assert refusal(play, REVIEWED, ZHAO) == "The nurse signs first."
    assert refusal(play, PERFORMED, ZHAO) == "This needs another role: Nurse."
    assert facts(play, PERFORMED, LI) == [e.SignatureGiven("performed", "on_behalf", printed_name="Li")]
    assert (play.state.signatures["performed"].by, play.state.phase) == ("n1", Phase.OBSERVED)
    assert refusal(play, PERFORMED, LI) == "This signature stands already."
    assert refusal(play, REVIEWED, LI) == "This needs another role: Investigator."
    assert refusal(play, REVIEWED, replace(LI, role=ZHAO.role)) == "The second signature needs another person."
    assert facts(play, REVIEWED, ZHAO) == [e.SignatureGiven("reviewed", "", printed_name="Zhao"), e.InfusionSigned()]
    assert (list(play.state.signatures), play.state.phase) == (["performed", "reviewed"], Phase.SIGNED)


def test_whoever_did_nothing_at_the_bed_says_why_they_sign() -> None:
    play = recorded("observed")
    outside = "Gao recorded nothing at the bed of this infusion: say why you sign."
    assert refusal(play, Sign("performed", " "), GAO) == outside
    play.do(AddNote("passed by"), GAO)
    play.do(HandOver(GAO), LI)
    assert refusal(play, Sign("performed"), GAO) == outside
    assert facts(play, PERFORMED, GAO) == [e.SignatureGiven("performed", "on_behalf", printed_name="Gao")]
    assert facts(recorded("observed"), Sign("performed"), WANG) == [e.SignatureGiven("performed", printed_name="Wang")]


def test_who_took_part_recorded_something_at_the_bed() -> None:
    state = recorded("received").state
    assert [took_part(state, by.person_id) for by in (LI, CHEN)] == [False, False], "weighed, and at the bench"
    state = recorded("verified").state
    assert [took_part(state, by.person_id) for by in (LI, WANG, CHEN)] == [True, True, False]


def test_a_record_is_signed_when_everything_is_accounted_for() -> None:
    assert refusal(recorded("observation"), PERFORMED) == "The observation must be closed before signing."
    play = observing()
    play.do(CLOSED, LI)
    assert refusal(play, PERFORMED) == "Record the flush of the line first."
    play.do(FlushLine(D(0)), LI)
    assert refusal(play, PERFORMED) == "Record what happened to the rest of the bags first."
    play.do(REST, LI)
    assert isinstance(facts(play, PERFORMED)[0], e.SignatureGiven)
    without = recorded("observation", rules=protocol(settings={"infusion.flush_line": False}))
    without.do(CLOSED, LI)
    assert refusal(without, PERFORMED) == "Record what happened to the rest of the bags first."


# --- the report of a reaction


def reported(grade: int | None = 2, *, over: bool = True) -> Play:
    play = recorded("stepped up")
    play.do(NoteReaction(play.now, ("chills",), "stop"), LI)
    play.do(UpdateReaction(play.now, ("chills",), (), grade), LI)
    if over:
        play.do(ResolveReaction(play.now), LI)
    return play


def test_the_report_of_a_reaction_is_signed_by_two_in_their_order() -> None:
    play = reported()
    by_nurse, by_investigator = SignReaction("performed"), SignReaction("reviewed")
    assert unsigned_report(play.state) == "performed"
    assert refusal(play, by_investigator, ZHAO) == "The nurse signs first."
    assert refusal(play, by_nurse, ZHAO) == "This needs another role: Nurse."
    assert facts(play, by_nurse, WANG) == [e.ReactionSigned("performed", printed_name="Wang")]
    assert unsigned_report(play.state) == "reviewed"
    assert refusal(play, by_nurse, LI) == "This signature stands already."
    assert refusal(play, by_investigator, LI) == "This needs another role: Investigator."
    assert facts(play, by_investigator, ZHAO) == [e.ReactionSigned("reviewed", printed_name="Zhao")]
    assert {meaning: entry.by for meaning, entry in play.state.report_signed.items()} == {"performed": "n2", "reviewed": "i1"}
    assert unsigned_report(play.state) is None


def test_what_a_report_of_a_reaction_still_lacks() -> None:
    sign = SignReaction("performed")
    assert refusal(recorded("running"), sign) == "No reaction was noted."
    assert refusal(reported(over=False), sign) == "The reaction is still open: say first since when it is over."
    assert refusal(reported(None), sign) == "The reaction has no grade yet."
    for play in (recorded("running"), reported(over=False), reported(None)):
        assert unsigned_report(play.state) is None
