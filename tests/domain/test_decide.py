"""A command becomes events at the hand of a person: who acts as what, which events a phase takes, and which of them is signed."""

from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bench import Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.decide import decide
from app.domain.people.roles import Person, Role
from app.domain.people.signatures import covered
from app.domain.texts import say

from .cast import CHEN, LI, clock
from .play import Play, prepared, vitals
from .seeing import plain

NOW = clock("14:05")
GUEST = Person("E-1", "Wu", Role.EMERGENCY)


def refusal(play: Play, command: Command, by: Person) -> str:
    with pytest.raises(Refused) as refused:
        decide(play.state, command, by, NOW)
    return plain(refused.value.text)


def test_in_an_emergency_whoever_stands_there_pauses_stops_and_measures_as_a_nurse_does() -> None:
    play = prepared("running")
    commands: tuple[Command, ...] = (Pause("collapsed"), Stop(None, "collapsed"), vitals())
    for command in commands:
        assert command.in_emergency
        assert decide(play.state, command, GUEST, NOW) == decide(play.state, command, LI, NOW)


def test_what_is_no_emergency_and_who_does_not_act_is_told_the_role() -> None:
    play = prepared("released")
    assert not Receive().in_emergency
    assert refusal(play, Receive(), GUEST) == "The role “Emergency” does not act on an infusion."
    monitor = Person("m1", "Wu", Role.MONITOR)
    assert refusal(play, AddNote("seen"), monitor) == "The role “Study monitor” does not act on an infusion."


def test_a_letter_that_nobody_sees_never_keeps_a_pause_waiting() -> None:
    play = prepared("running")
    assert decide(play.state, Pause("line\u200b"), LI, NOW) == [e.Paused("person", "line")]
    assert refusal(play, AddNote("line\u200b"), LI).startswith("Here is a character that nobody can see (U+200B).")


def test_what_a_phase_does_not_take_is_told_with_its_name() -> None:
    assert refusal(prepared("observed"), Pause("line"), LI) == "This is not possible now: the infusion is at “Observed”."


def test_of_several_events_each_is_taken_by_the_phase_that_the_one_before_led_to() -> None:
    """The list before the start, then the start; a second start would find it running."""
    play = prepared("ready")
    done = e.PreflightDone((e.PreflightItem("power", True, say("on battery")),), reason="cannot_wait")
    rate = Decimal(20)
    assert decide(play.state, Start(rate, preflight=done), LI, clock("14:00")) == [done, e.Started(rate)]


def test_the_first_event_signs_for_all_that_came_before() -> None:
    play = prepared("bags at the bench")
    (released,) = decide(play.state, Release(), CHEN, play.now)
    assert isinstance(released, e.Released)
    assert released.printed_name == CHEN.name
    assert released.signed_sha256 == covered(play.entries).hex()
