"""Start, step up, set, measure, pause and resume: what each refuses, whom it asks, and what it leaves in the record."""

from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, SetRate, Start, StepUp, step_up_waits_for
from app.domain.infusion.chapters.pause import ExplainPause, Pause, Resume
from app.domain.people.roles import Person
from app.domain.texts import say

from .cast import CHEN, LI, TRIAL, ZHAO, clock, protocol, span
from .play import Play, prepared, vitals
from .seeing import plain

EARLY = D(TRIAL.vitals.early_min)
ALARMS = (say("SpO₂ low"),)
SIGNED = (ZHAO.person_id, ZHAO.name, "looked at the patient", ALARMS)


def refusal(play: Play, command: Command, by: Person = LI) -> str:
    with pytest.raises(Refused) as refused:
        play.do(command, by)
    return plain(refused.value.text)


def leave(event: e.InfusionEvent) -> tuple[object, ...]:
    assert isinstance(event, e.Started | e.SteppedUp | e.Resumed)
    return event.authorised_by, event.printed_name, event.why_allowed, event.found


def ready() -> Play:
    play = prepared("ready")
    play.now = clock("14:00")
    return play


def ready_to_step_up() -> Play:
    play = prepared("running")
    play.do(vitals(), LI, clock("14:15"))
    return play


def paused() -> Play:
    play = prepared("stepped up")
    play.do(Pause(" line "), LI, clock("14:20"))
    return play


@pytest.mark.parametrize(("play", "act", "rate"), [(ready, Start, 20), (ready_to_step_up, StepUp, 55), (paused, Resume, 55)])
def test_an_alarm_that_stands_takes_an_investigator_who_says_why(
    play: Callable[[], Play], act: Callable[..., Command], rate: int
) -> None:
    """Whoever lets it go on signs: the record holds who, the printed name, the reason, and what was found."""
    first, alone = play(), play()
    question = "Only an investigator with a reason lets it go on: SpO₂ low."
    others: list[dict[str, Any]] = [
        {},
        {"authorised_by": ZHAO},
        {"authorised_by": ZHAO, "why_allowed": " "},
        {"authorised_by": CHEN, "why_allowed": "x"},
    ]
    for other in others:
        assert refusal(first, act(rate_gtt_min=D(rate), latched=ALARMS, **other)) == question
    event = first.do(act(rate_gtt_min=D(rate), latched=ALARMS, authorised_by=ZHAO, why_allowed=" looked at the patient "), LI)[-1]
    assert leave(event) == SIGNED
    assert leave(alone.do(act(rate_gtt_min=D(rate)), LI)[-1]) == (None, "", "", ())


def test_a_start_before_its_time_is_told_from_when_it_may_be() -> None:
    play = prepared("ready")
    play.now = clock("13:59:59")
    early = "Too early: the start is possible from 14:00, or when an investigator overrides it."
    assert refusal(play, Start(D(20))) == early


def test_nothing_is_said_of_a_weight_of_today() -> None:
    (started,) = ready().do(Start(D(20), weight_reason="not needed"), LI)
    assert started == e.Started(D(20))


def test_amber_lines_before_the_start_take_a_reason() -> None:
    item = e.PreflightItem("power", True, say("on battery"))
    play = ready()
    assert refusal(play, Start(D(20), preflight=e.PreflightDone((item,), reason=" "))) == (
        "The list before the start has amber lines: say why it starts all the same."
    )
    for done in (e.PreflightDone((item,), reason="cannot_wait"), e.PreflightDone(())):
        assert ready().do(Start(D(20), preflight=done), LI) == [done, e.Started(D(20))]


def test_a_rate_outside_its_stage_takes_a_reason() -> None:
    low, high = prepared("stepped up").rules.infusion.stages[1].rate_gtt_min
    play = prepared("stepped up")
    play.do(SetRate(low), LI)
    for inside in (low + 1, high):
        assert play.do(SetRate(inside), LI) == [e.RateSet(inside)]
    off = high + D("0.1")
    for no_reason in ("", "  "):
        assert refusal(play, SetRate(off, no_reason)) == f"{off} drops/min is outside {low}–{high}: give a reason."
    assert play.do(SetRate(off, "behind"), LI) == [e.RateSet(off, "behind")]
    first = ready()
    slowest = first.rules.infusion.stages[0].rate_gtt_min[0]
    assert refusal(first, Start(slowest - D("0.1"))).endswith("give a reason.")
    assert first.do(Start(slowest), LI) == [e.Started(slowest)]


def test_a_stage_without_a_running_time_waits_for_none() -> None:
    play = prepared("stepped up")
    assert step_up_waits_for(play.state, play.now) is None


def test_a_step_up_waits_for_the_running_time_and_for_the_check_that_came_due_in_it() -> None:
    """At 14:15 the starting rate has run its 15 min, and the check of 15 min is due."""
    play = prepared("running")
    waits = {at: step_up_waits_for(play.state, clock(at)) for at in ("14:14:54", "14:14:59", "14:15")}
    assert {at: why and plain(why) for at, why in waits.items()} == {
        "14:14:54": "The starting rate runs 15 min; 14.9 have passed.",
        "14:14:59": "The starting rate runs 15 min; 14.9 have passed.",
        "14:15": "Record the vital signs that are due first.",
    }
    for before, waits_on in ((EARLY, False), (EARLY + D("0.1"), True)):
        other = prepared("running")
        other.do(vitals(), LI, clock("14:15") - span(before))
        assert (step_up_waits_for(other.state, clock("14:15")) is not None) is waits_on


def test_each_step_up_leads_to_the_next_stage() -> None:
    play = prepared("running", rules=protocol("three-stage"))
    stages = [play.state.stage]
    for at, rate in (("14:10", 20), ("14:30", 60)):
        play.do(vitals(), LI, clock(at))
        play.do(StepUp(D(rate)), LI)
        stages.append(play.state.stage)
    assert stages == [0, 1, 2]
    assert refusal(play, StepUp(D(60))) == "The last rate stage runs already."


def test_anybody_may_set_it_as_it_is_or_slower_and_only_a_nurse_faster() -> None:
    play = prepared("stepped up")
    rate = play.state.rate_gtt_min
    assert rate is not None
    assert play.do(SetRate(rate, " as it was "), CHEN) == [e.RateSet(rate, "as it was")]
    assert play.do(SetRate(D(1)), CHEN) == [e.RateSet(D(1))]
    assert refusal(play, SetRate(D("1.1")), CHEN) == "This needs another role: Nurse or Investigator."


def test_a_measured_rate_keeps_how_it_was_measured() -> None:
    measured = e.RateMeasured(D("54.5"), "taps", 12, D("3.5"))
    play = prepared("stepped up")
    assert play.do(MeasureRate(D("54.5"), "taps", 12, D("3.5")), LI) == [measured]
    assert (play.state.measured, play.state.measured_at, play.state.flows[-1].basis) == (measured, play.now, "measured")
    assert play.state.measurements[-1][1] == play.state.rate_gtt_min
    play.do(SetRate(D(50)), LI)
    assert play.state.flows[-1].basis == "set"


def test_a_pause_keeps_its_reason_and_one_given_later_takes_its_place() -> None:
    play = paused()
    assert play.state.pause == e.Paused("person", "line")
    play.do(ExplainPause(" moved "), LI)
    assert play.state.pause == e.Paused("person", "moved")
    assert play.do(Resume(D(55), reason=" behind "), LI) == [e.Resumed(D(55), reason="behind")]
    assert play.state.pause is None
