"""What a state keeps so that nobody works it out again and again; it must never be that of another state."""

import msgspec

from app.domain.infusion.chapters.notes import AddNote
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
