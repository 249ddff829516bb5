"""The way of an infusion as the stage strip shows it: what is done, what is on, what comes next."""

from datetime import datetime

import msgspec

from app.domain.infusion.phases import Phase
from app.domain.texts import Text, say

from .state import Infusion

P = Phase


class StageSpan(msgspec.Struct, frozen=True):
    """One stage with the moments it began and ended; both None before, `ended_at` None while it is on."""

    key: str
    label: Text
    started_at: datetime | None
    ended_at: datetime | None


def stages(state: Infusion) -> list[StageSpan]:
    """Released → Verified → Pre-medication → Thaw and hang → one for each rate → Observation → Signed."""
    reached = state.reached
    marks: list[tuple[str, Text, datetime | None]] = [
        ("released", say("Released"), reached.get(P.ORDERED)),
        ("verified", say("Verified"), None if state.sent else reached.get(P.RELEASED)),
        ("premedication", say("Pre-medication"), reached.get(P.VERIFIED)),
        ("thaw", say("Thaw and hang"), reached.get(P.PREMEDICATED)),
        *_rates(state),
        ("observation", say("Observation"), state.ended_at),
        ("signed", say("Signed"), reached.get(P.OBSERVED)),
    ]
    ends = [mark[2] for mark in marks[1:]] + [reached.get(P.SIGNED)]
    pairs = zip(marks, _fill(ends), strict=True)
    return [StageSpan(key, label, at, _end(at, later, state)) for (key, label, at), later in pairs]


def _rates(state: Infusion) -> list[tuple[str, Text, datetime | None]]:
    found = []
    for number, stage in enumerate(state.protocol.infusion.stages):
        low, high = stage.rate_gtt_min
        label = say("{rate}/min", rate=low if low == high else f"{low}–{high}")
        at = state.started_at if number == 0 else state.reached.get(f"stage{number}")
        found.append((f"rate_{number + 1}", label, at))
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
