"""A reaction from its first press to its signed report: drugs, calls, the bag that is kept, the way back to the drip."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import DestroyLeftover
from app.domain.infusion.chapters.pause import Resume
from app.domain.infusion.chapters.reaction import FreeBag, NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.chapters.signing import SignReaction, unsigned_report
from app.domain.infusion.phases import Phase
from app.domain.infusion.story import WORDS
from app.domain.products.leftovers import leftovers
from tests.domain.cast import CHEN, LI, WANG, ZHAO
from tests.domain.play import Play, prepared, vitals

KEPT = "keep"


def stopped(point: str = "stepped up") -> Play:
    play = prepared(point)
    play.do(NoteReaction(play.now, ("chills",), "stop"), LI, play.now + timedelta(minutes=2))
    return play


def told(play: Play, *steps: str, grade: int | None = 2, **other: object) -> None:
    assert play.state.reaction is not None
    done = tuple(e.StepDone(code, play.now) for code in steps)
    command = msgspec.structs.replace(UpdateReaction(play.state.reaction.onset_at, ("chills",), done, grade), **other)
    play.do(command, LI, play.now + timedelta(minutes=1))


def over(play: Play, outcome: e.ReactionOutcome = "recovered") -> None:
    play.do(vitals(), LI, play.now + timedelta(minutes=1))
    play.do(ResolveReaction(play.now, "", outcome), LI)


def said(play: Play, kind: type[e.Fact]) -> str:
    event = next(x.event for x in reversed(play.entries) if isinstance(x.event, kind))
    return str(WORDS[kind](event, play.state, {}))


def test_drugs_and_who_was_called_when_stand_in_the_record() -> None:
    play = stopped()
    at = play.now
    told(play, "stay", called=" Dr Zhao ", called_at=at, drugs=(e.DrugGiven(" chlorphenamine ", "10 mg", at),))
    known = play.state.reaction
    assert known is not None
    assert (known.called, known.called_at, known.drugs) == ("Dr Zhao", at, (e.DrugGiven("chlorphenamine", "10 mg", at),))
    line = said(play, e.ReactionUpdated)
    assert f"given: chlorphenamine 10 mg {at.astimezone():%H:%M}" in line or "given: chlorphenamine 10 mg" in line
    assert "called: Dr Zhao" in line
    assert play.same_from_disk()


def test_a_time_of_a_call_to_nobody_is_left_out_and_a_call_without_a_time_stands() -> None:
    play = stopped()
    told(play, called="", called_at=play.now)
    assert play.state.reaction is not None
    assert play.state.reaction.called_at is None
    told(play, called="Dr Zhao")
    assert "called: Dr Zhao" in said(play, e.ReactionUpdated)


@pytest.mark.parametrize(("drug", "dose"), [("adrenaline", " "), ("", "0.5 mg")])
def test_a_drug_has_a_name_and_a_dose(drug: str, dose: str) -> None:
    play = stopped()
    with pytest.raises(Refused, match="name and its dose"):
        told(play, drugs=(e.DrugGiven(drug, dose, play.now),))


def test_noted_again_what_was_given_stays_known() -> None:
    play = stopped()
    told(play, called="Dr Zhao", called_at=play.now, drugs=(e.DrugGiven("oxygen", "2 l/min", play.now),))
    play.do(NoteReaction(play.now, ("rash",), "stop"), LI)
    assert play.state.reaction is not None
    assert play.state.reaction.drugs[0].drug == "oxygen"
    assert play.state.reaction.called_at is not None


# --- the way back to the drip


def test_half_an_hour_of_calm_is_not_enough_it_takes_vital_signs_after_the_onset() -> None:
    play = stopped()
    play.do(ResolveReaction(play.now), LI, play.now + timedelta(minutes=30))
    with pytest.raises(Refused, match="No vital signs since the reaction began"):
        play.do(Resume(Decimal(40), ZHAO), LI)
    play.do(vitals(), LI, play.now + timedelta(minutes=1))
    with pytest.raises(Refused, match="only an investigator"):
        play.do(Resume(Decimal(40)), LI)
    play.do(Resume(Decimal(20), ZHAO, "half the rate first"), LI)
    assert (play.state.phase, play.state.rate_gtt_min) == (Phase.RUNNING, Decimal(20))


# --- bag and set


def test_the_step_keeps_the_bag_that_hangs_and_nothing_of_it_is_destroyed() -> None:
    play = stopped()
    told(play, "stay", KEPT)
    bag_id = next(x.event.bag_id for x in play.entries if isinstance(x.event, e.BagKept))
    assert play.state.hanging is not None
    assert play.state.hanging.bag.bag_id == bag_id
    told(play, "stay", KEPT)
    assert sum(isinstance(x.event, e.BagKept) for x in play.entries) == 1
    with pytest.raises(Refused, match="kept for examination"):
        play.do(DestroyLeftover(bag_id, Decimal(60), WANG), LI)


def test_before_anything_hung_there_is_no_bag_to_keep() -> None:
    play = prepared("premedicated")
    play.do(NoteReaction(play.now, ("rash",), "continue"), LI)
    told(play, KEPT)
    assert not any(isinstance(x.event, e.BagKept) for x in play.entries)


def test_after_the_end_the_last_bag_is_kept_until_an_investigator_lets_it_go() -> None:
    play = prepared("observation")
    bag_id = leftovers(play.state)[0].bag.bag_id
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI)
    told(play, KEPT)
    assert leftovers(play.state) == []
    with pytest.raises(Refused, match="another role"):
        play.do(FreeBag(bag_id, "cultures taken"), LI)
    with pytest.raises(Refused, match="Give a reason"):
        play.do(FreeBag(bag_id, " "), ZHAO)
    play.do(FreeBag(bag_id, "cultures taken"), ZHAO)
    assert [b.bag.bag_id for b in leftovers(play.state)] == [bag_id]
    with pytest.raises(Refused, match="is not kept"):
        play.do(FreeBag(bag_id, "cultures taken"), ZHAO)
    with pytest.raises(Refused, match="is not kept"):
        play.do(FreeBag("another", "cultures taken"), ZHAO)
    assert play.same_from_disk()


def test_a_bag_whose_rest_is_destroyed_is_kept_no_more() -> None:
    play = prepared("observed")
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI)
    told(play, KEPT)
    assert not any(isinstance(x.event, e.BagKept) for x in play.entries)


# --- the report


def test_the_report_is_signed_by_the_nurse_then_by_an_investigator() -> None:
    play = stopped()
    with pytest.raises(Refused, match="still open"):
        play.do(SignReaction("performed"), LI)
    told(play, grade=None)
    over(play)
    with pytest.raises(Refused, match="no grade"):
        play.do(SignReaction("performed"), LI)
    assert unsigned_report(play.state) is None


def test_two_people_in_their_order_once_each() -> None:
    play = stopped()
    told(play)
    over(play, "sequelae")
    assert said(play, e.ReactionResolved).endswith("recovered with after-effects")
    assert unsigned_report(play.state) == "performed"
    with pytest.raises(Refused, match="nurse signs first"):
        play.do(SignReaction("reviewed"), ZHAO)
    with pytest.raises(Refused, match="another role"):
        play.do(SignReaction("performed"), CHEN)
    play.do(SignReaction("performed"), LI)
    assert said(play, e.ReactionSigned) == "Reaction report signed: performed"
    with pytest.raises(Refused, match="stands already"):
        play.do(SignReaction("performed"), LI)
    with pytest.raises(Refused, match="another role"):
        play.do(SignReaction("reviewed"), LI)
    play.do(SignReaction("reviewed"), ZHAO)
    assert unsigned_report(play.state) is None
    assert play.same_from_disk()


def test_noted_anew_it_is_signed_anew() -> None:
    play = stopped()
    told(play)
    over(play)
    play.do(SignReaction("performed"), LI)
    play.do(NoteReaction(play.now, ("rash",), "stop"), LI)
    assert play.state.report_signed == {}


def test_without_a_reaction_there_is_nothing_to_sign() -> None:
    play = prepared("running")
    assert unsigned_report(play.state) is None
    with pytest.raises(Refused, match="No reaction was noted"):
        play.do(SignReaction("performed"), LI)


def test_an_older_record_s_outcome_is_not_known() -> None:
    play = stopped()
    told(play)
    play.take(e.ReactionResolved(play.now, "warm again"), LI.person_id)
    assert said(play, e.ReactionResolved).endswith("warm again")


def test_24_h_after_the_end_it_is_still_a_reaction_and_its_report_can_be_signed() -> None:
    play = prepared("signed")
    play.do(NoteReaction(play.now, ("fever",), "continue"), LI, play.now + timedelta(hours=20))
    told(play)
    play.do(ResolveReaction(play.now), LI)
    play.do(SignReaction("performed"), LI)
    play.do(SignReaction("reviewed"), ZHAO)
    assert play.state.phase is Phase.SIGNED
