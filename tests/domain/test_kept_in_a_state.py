"""What a state keeps so that nobody works it out again and again; it must never be that of another state."""

from datetime import timedelta

import msgspec
import pytest

from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.checks import checks, infusion_checks, observation_checks
from app.domain.infusion.facts import NoteAdded
from app.domain.infusion.story import after, as_recorded, replay

from .cast import LI, TRIAL, clock
from .play import Play, prepared


def test_the_plan_is_worked_out_once_for_a_state() -> None:
    state = prepared("running").state
    assert state.plan is not None
    assert state.plan is state.plan


def test_each_state_has_its_own_plan() -> None:
    """At every step of an infusion, asked in turn."""
    entries = prepared("signed").entries
    before = replay("inf", entries[:1], TRIAL)
    for entry in entries[1:]:
        plan, state = before.plan, after(before, [entry])
        assert state.plan == replay("inf", state.entries, TRIAL).plan
        assert before.plan == plan
        before = state


def test_the_newest_time_is_that_of_the_latest_event_however_they_were_ordered() -> None:
    play = Play()
    play.do(AddNote("one"), LI, clock("13:30"))
    entry = play.entries[-1]
    early = msgspec.structs.replace(entry, event_id="early", at=clock("13:10"))
    state = after(play.state, [early])
    assert (state.last_at, state.newest_at) == (clock("13:10"), clock("13:30"))
    assert replay("inf", state.entries, TRIAL).newest_at == as_recorded("inf", state.entries).newest_at == clock("13:30")
    assert Play().state.newest_at == max(x.at for x in Play().entries)


@pytest.mark.parametrize("name", ["ready", "running", "stepped up", "second bag", "observation", "signed"])
def test_the_checks_are_at_each_moment_what_they_would_be_if_nobody_had_asked_before(name: str) -> None:
    """Asked each second and close to whatever opens, comes due, is late or missed; with a note on the way, and out of turn."""
    play = prepared(name)
    state, began = play.state, play.state.newest_at
    assert began is not None
    noted = after(state, [msgspec.structs.replace(play.entries[-1], event=NoteAdded("one"), event_id="note")])
    turns = {check.due_at for check in checks(state, began + timedelta(hours=3))}
    close = [at + timedelta(minutes=m, microseconds=us) for at in turns for m in (-5, 0, 5, 10) for us in (-1, 0, 1)]
    each = [began + timedelta(seconds=n) for n in range(-60, 3 * 60 * 60, 7)]
    for now in (*sorted((*close, *each)), began, began + timedelta(hours=1)):
        fresh = (*infusion_checks(state, now), *observation_checks(state, now))
        assert checks(state, now) == checks(noted, now) == fresh, now


def test_the_checks_are_worked_out_once_until_one_opens_comes_due_or_is_late() -> None:
    state = prepared("running").state
    for first, last in (("14:02", "14:09:59"), ("14:10", "14:14:59")):
        assert checks(state, clock(first)) is checks(state, clock(last))
    assert checks(state, clock("14:16")) is not checks(state, clock("14:16:01"))


def test_another_infusion_of_as_many_changes_has_checks_of_its_own() -> None:
    play = prepared("running")
    hour = timedelta(hours=1)
    later = replay("inf", [msgspec.structs.replace(entry, at=entry.at + hour) for entry in play.entries], TRIAL)
    assert later.changes == play.state.changes
    now = clock("15:02")
    assert checks(play.state, now) != checks(later, now) == (*infusion_checks(later, now), *observation_checks(later, now))
