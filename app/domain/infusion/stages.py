"""The way of an infusion as the stage strip shows it: what is done, what is on, what comes next."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.infusion.phases import Phase
from app.domain.texts import Text, say

from .state import Infusion

P = Phase


class StageName(NamedTuple):
    """One stage in words: while it is still to be done, while it is on, and once it is over."""

    to_do: Text
    doing: Text
    done: Text


class StageSpan(msgspec.Struct, frozen=True):
    """One stage with the moments it began and ended; both None before, `ended_at` None while it is on.

    `given_up`: it ended without being done.
    """

    key: str
    name: StageName
    started_at: datetime | None
    ended_at: datetime | None
    given_up: bool = False

    @property
    def label(self) -> Text:
        """What is to do, doing or done."""
        if self.started_at is None or self.given_up:
            return self.name.to_do
        return self.name.doing if self.ended_at is None else self.name.done


_NAMES = {
    "released": StageName(say("Release"), say("Release"), say("Released")),
    "verified": StageName(say("Verify"), say("Verify"), say("Verified")),
    "premedication": StageName(say("Pre-medicate"), say("Pre-medicate"), say("Pre-medicated")),
    "thaw": StageName(say("Thaw and hang"), say("Thaw and hang"), say("Thawed and hung")),
    "observation": StageName(say("Observe"), say("Observing"), say("Observed")),
    "signed": StageName(say("Sign"), say("Sign"), say("Signed")),
}


def stages(state: Infusion) -> list[StageSpan]:
    """Release → Verify → Pre-medicate → Thaw and hang → one for each rate → Observe → Sign."""
    reached = state.reached
    before = {
        "released": reached.get(P.ORDERED),
        "verified": None if state.sent else reached.get(P.RELEASED),
        "premedication": reached.get(P.VERIFIED),
        "thaw": reached.get(P.PREMEDICATED),
    }
    after = {"observation": state.ended_at, "signed": reached.get(P.OBSERVED)}
    named, closing = ([(key, _NAMES[key], at) for key, at in marks.items()] for marks in (before, after))
    marks = [*named, *_rates(state), *closing]
    ends = [mark[2] for mark in marks[1:]] + [reached.get(P.SIGNED)]
    pairs = zip(marks, _fill(ends), strict=True)
    given_up = state.phase is P.ABANDONED
    return [StageSpan(key, name, at, _end(at, later, state), given_up and later is None) for (key, name, at), later in pairs]


def _rates(state: Infusion) -> list[tuple[str, StageName, datetime | None]]:
    found = []
    for number, stage in enumerate(state.protocol.infusion.stages):
        low, high = stage.rate_gtt_min
        label = say("{rate}/min", rate=low if low == high else f"{low}–{high}")
        at = state.started_at if number == 0 else state.reached.get(f"stage{number}")
        found.append((f"rate_{number + 1}", StageName(label, label, label), at))
    return found


def _fill(ends: list[datetime | None]) -> list[datetime | None]:
    """A stage that was never entered passes the end of the one before on to the next that was."""
    filled: list[datetime | None] = []
    following: datetime | None = None
    for at in reversed(ends):
        following = at or following
        filled.append(following)
    return list(reversed(filled))


def _end(at: datetime | None, later: datetime | None, state: Infusion) -> datetime | None:
    if at is None:
        return None
    if state.phase in (P.ABANDONED, P.SENT) and later is None:
        return state.reached[state.phase]
    return later


def current_stage(state: Infusion) -> StageSpan | None:
    """The stage that is on; None once signed or given up."""
    return next((s for s in stages(state) if s.started_at and s.ended_at is None), None)
