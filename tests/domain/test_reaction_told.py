"""A reaction as it is noted, told, closed: every field of what is recorded, and what is known of it afterwards."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import SetRate
from app.domain.infusion.chapters.reaction import FreeBag, NoteReaction, ResolveReaction, UpdateReaction, acute, slower_rate
from app.domain.infusion.chapters.signing import SignReaction
from app.domain.infusion.phases import Phase

from .cast import CHEN, LI, WANG, ZHAO, clock, protocol
from .play import Play, prepared
from .whole_answers import facts, refusal

MOMENT = timedelta(seconds=1)
AT = clock("14:20")
NOTED = NoteReaction(clock("14:18"), ("chills",), "continue", 2, ("stay",), "Dr Zhao", "shivers", D(28))
TOLD = e.ReactionNoted(clock("14:18"), ("chills",), "continue", 2, ("stay",), "Dr Zhao", "shivers")


def dripping() -> Play:
    play = prepared("stepped up")
    play.now = AT
    return play


# --- noted


def test_what_is_noted_is_kept_whole_and_began_no_later_than_now() -> None:
    assert facts(dripping(), NOTED, WANG) == [TOLD]
    ahead = replace(NOTED, onset_at=AT + MOMENT)
    assert facts(dripping(), ahead) == [replace(TOLD, onset_at=AT)]


def test_what_is_done_of_the_drip_follows_at_once() -> None:
    play = dripping()
    assert facts(play, replace(NOTED, action="stop")) == [replace(TOLD, action="stop"), e.Paused("reaction")]
    assert play.state.phase is Phase.PAUSED
    slow = replace(NOTED, action="slow")
    assert facts(dripping(), slow) == [replace(TOLD, action="slow"), e.RateSet(D(28), "reaction")]
    assert facts(dripping(), replace(slow, slower_gtt_min=None)) == [replace(TOLD, action="slow")]
    for impossible in ("0.9", "300.1", "NaN"):
        assert facts(dripping(), replace(slow, slower_gtt_min=D(impossible))) == [replace(TOLD, action="slow")]


@pytest.mark.parametrize("action", ["stop", "slow"])
def test_what_does_not_run_is_neither_stopped_nor_slowed(action: str) -> None:
    for point in ("verified", "observation"):
        play = prepared(point)
        (noted,) = facts(play, replace(NOTED, onset_at=play.now, action=action))
        assert isinstance(noted, e.ReactionNoted)


def test_a_reaction_is_acute_for_24_h_from_the_end() -> None:
    """The infusion ended at 14:58; what comes later is an adverse event."""
    last = clock("14:58") + timedelta(hours=24)
    play = prepared("signed")
    assert (acute(play.state, last), acute(play.state, last + MOMENT)) == (True, False)
    assert acute(prepared("running").state, last + timedelta(days=9))
    late = replace(NOTED, onset_at=last)
    assert refusal(play, late, LI, last + MOMENT) == "The 24 h of acute reactions are over: report it as an adverse event."
    assert facts(play, late, LI, last) == [replace(TOLD, onset_at=last)]
    assert isinstance(facts(prepared("observed"), late, LI, last + MOMENT)[0], e.ReactionNoted)


@pytest.mark.parametrize(
    ("rate", "slower"), [("60", "28"), ("56", "28"), ("40", "20"), ("20", "8"), ("8", "4"), ("7", "4"), ("1", "4")]
)
def test_it_is_slowed_to_half_as_it_can_be_counted(rate: str, slower: str) -> None:
    """A multiple of 4 drops/min, not above the half, and 4 at least."""
    play = prepared("stepped up")
    play.do(SetRate(D(rate), "x"), LI)
    found = slower_rate(play.state)
    assert (found, str(found)) == (D(slower), slower)


def test_the_share_it_is_slowed_to_is_the_protocols() -> None:
    assert slower_rate(prepared("hung").state) is None
    assert slower_rate(prepared("stepped up", rules=protocol(settings={"reaction.slow_to_pct": 75})).state) == D(40)


# --- what is known of it


def test_noted_again_while_open_it_is_the_same_reaction_and_nothing_known_is_lost() -> None:
    play = dripping()
    given = (e.DrugGiven("oxygen", "2 l/min", AT),)
    done = (e.StepDone("stay", AT),)
    play.do(NoteReaction(AT, ("chills", "fever"), "continue"), LI)
    play.do(UpdateReaction(AT, ("chills", "fever"), done, 2, "Dr Zhao", "shivers", AT, given), LI)
    play.do(NoteReaction(AT - MOMENT, ("rash", "chills"), "continue"), LI)
    whole = e.ReactionUpdated(AT - MOMENT, ("chills", "fever", "rash"), done, 2, "Dr Zhao", "shivers", AT, given)
    assert play.state.reaction == whole
    play.do(NoteReaction(AT, (), "continue", 3, ("vitals",), "Dr Wu", "worse"), LI)
    assert play.state.reaction == replace(whole, grade=3, called="Dr Wu", text="worse")
    assert len(play.state.reactions) == 3


def test_after_the_first_is_over_the_next_is_another_one() -> None:
    play = dripping()
    play.do(NOTED, LI)
    first = e.ReactionUpdated(clock("14:18"), ("chills",), (), 2, "Dr Zhao", "shivers")
    assert (play.state.reaction, play.state.reaction_open) == (first, True)
    play.do(ResolveReaction(AT), LI)
    assert (play.state.reaction, play.state.reaction_open) == (first, False)
    play.do(SignReaction("performed"), LI)
    play.do(NoteReaction(AT, ("rash",), "continue"), LI)
    assert (play.state.reaction, play.state.reaction_open) == (e.ReactionUpdated(AT, ("rash",)), True)
    assert (play.state.report_signed, len(play.state.reactions)) == ({}, 2)
    assert play.same_from_disk()


@pytest.mark.parametrize(("action", "cause"), [("stop", "reaction"), ("continue", "person")])
def test_a_pause_becomes_one_for_the_reaction_where_it_stops_the_infusion(action: str, cause: str) -> None:
    play = dripping()
    play.take(e.Paused("person", "moved"), LI.person_id)
    play.do(replace(NOTED, action=action), LI)
    pause = play.state.pause
    assert pause is not None
    assert (pause.cause, pause.reason) == (cause, "moved")


# --- told in full


UPDATE = UpdateReaction(
    AT, ("chills",), (e.StepDone("stay", AT),), 2, " Dr Zhao ", " shivers ", AT, (e.DrugGiven(" oxygen ", " 2 l/min ", AT),)
)
UPDATED = e.ReactionUpdated(
    AT, ("chills",), (e.StepDone("stay", AT),), 2, "Dr Zhao", "shivers", AT, (e.DrugGiven("oxygen", "2 l/min", AT),)
)


def reacting() -> Play:
    play = dripping()
    play.do(NOTED, LI)
    return play


def test_what_is_told_of_it_is_kept_whole() -> None:
    play = reacting()
    assert facts(play, UPDATE) == [UPDATED]
    assert play.state.reaction == UPDATED
    assert refusal(play, UPDATE, CHEN) == "This needs another role: Nurse or Investigator."
    assert refusal(dripping(), UPDATE) == "No reaction is open."


def test_each_time_of_it_may_lie_ahead_by_the_clocks_slack_and_then_counts_as_now() -> None:
    """Two minutes; only the onset is never refused."""
    soon, late = AT + timedelta(minutes=2), AT + timedelta(minutes=2) + MOMENT
    drug = e.DrugGiven("oxygen", "2 l/min", soon)
    ahead = replace(UPDATE, onset_at=late, steps=(e.StepDone("stay", soon),), called_at=soon, drugs=(drug,))
    assert facts(reacting(), ahead) == [UPDATED]
    lies = "14:22:01 lies in the future."
    assert refusal(reacting(), replace(ahead, steps=(e.StepDone("stay", late),))) == lies
    assert refusal(reacting(), replace(ahead, called_at=late)) == lies
    assert refusal(reacting(), replace(ahead, drugs=(replace(drug, given_at=late),))) == lies


def test_a_call_is_kept_with_its_time_and_a_time_without_a_call_is_not() -> None:
    assert facts(reacting(), replace(UPDATE, called_at=None)) == [replace(UPDATED, called_at=None)]
    assert facts(reacting(), replace(UPDATE, called=" ")) == [replace(UPDATED, called="", called_at=None)]


@pytest.mark.parametrize("drug", [e.DrugGiven(" ", "2 l/min", AT), e.DrugGiven("oxygen", " ", AT)])
def test_every_drug_has_its_name_and_its_dose(drug: e.DrugGiven) -> None:
    assert refusal(reacting(), replace(UPDATE, drugs=(*UPDATE.drugs, drug))) == "Give every drug its name and its dose."


@pytest.mark.parametrize("grade", [0, 6])
def test_there_is_no_other_grade_than_one_to_five(grade: int) -> None:
    assert refusal(reacting(), replace(UPDATE, grade=grade)) == "The grade is a whole number from 1 to 5."


def test_every_grade_may_be_given_or_none() -> None:
    for grade in (None, 1, 2, 3, 4, 5):
        assert facts(reacting(), replace(UPDATE, grade=grade)) == [replace(UPDATED, grade=grade)]


# --- bag and set are kept


KEEP = (e.StepDone("keep", AT),)


def kept(play: Play, *steps: e.StepDone) -> list[str]:
    return [x.bag_id for x in facts(play, replace(UPDATE, steps=steps)) if isinstance(x, e.BagKept)]


def test_the_step_keeps_the_bag_once() -> None:
    play = reacting()
    assert kept(play, e.StepDone("stay", AT)) == []
    assert kept(play, e.StepDone("stay", AT), *KEEP) == ["B1"]
    is_kept = [play.state.bags["B1"].kept]
    play.take(e.BagFreed("B1", "cultures taken"), ZHAO.person_id)
    assert [*is_kept, play.state.bags["B1"].kept] == [True, False]
    assert kept(play, *KEEP) == [], "it was done before"
    assert kept(play) == []
    assert kept(play, *KEEP) == ["B1"], "done anew"


def both_hung(*, second_hangs: bool = True) -> Play:
    play = prepared("second bag")
    play.do(NoteReaction(play.now, ("chills",), "continue"), LI)
    if not second_hangs:
        play.take(e.BagEmptied("B2"), LI.person_id)
    return play


def test_it_keeps_the_bag_that_hangs_else_the_one_that_hung_last() -> None:
    assert kept(both_hung(), *KEEP) == ["B2"]
    assert kept(both_hung(second_hangs=False), *KEEP) == ["B2"]
    before = prepared("thawed")
    before.now = AT
    before.do(NoteReaction(before.now, ("chills",), "continue"), LI)
    assert kept(before, *KEEP) == [], "none was hung yet"


def test_a_bag_that_is_kept_or_destroyed_already_is_not_kept_anew() -> None:
    play = both_hung()
    play.take(e.BagKept("B2"), LI.person_id)
    assert kept(play, *KEEP) == []
    gone = both_hung(second_hangs=False)
    gone.state.bags["B2"].destroyed_ml = D(0)
    assert kept(gone, *KEEP) == []


def test_an_investigator_lets_a_kept_bag_go() -> None:
    play = both_hung()
    free = FreeBag("B2", " cultures taken ")
    assert refusal(play, free, ZHAO) == "Bag B2 is not kept."
    assert refusal(play, replace(free, bag_id="B9"), ZHAO) == "Bag B9 is not kept."
    play.take(e.BagKept("B2"), LI.person_id)
    assert refusal(play, free, LI) == "This needs another role: Investigator."
    assert refusal(play, replace(free, reason=" "), ZHAO) == "Give a reason."
    assert facts(play, free, ZHAO) == [e.BagFreed("B2", "cultures taken")]


# --- over


def test_it_is_over_since_when_a_person_says_but_no_later_than_now() -> None:
    over = ResolveReaction(AT - MOMENT, " warm again ", "sequelae")
    assert refusal(dripping(), over) == "No reaction is open."
    assert facts(reacting(), over) == [e.ReactionResolved(AT - MOMENT, "warm again", "sequelae")]
    assert facts(reacting(), replace(over, resolved_at=AT + MOMENT)) == [e.ReactionResolved(AT, "warm again", "sequelae")]
    assert facts(reacting(), ResolveReaction(AT)) == [e.ReactionResolved(AT, "", "recovered")]
