"""Vital signs beyond the infusion's own limits or away from its baseline, and what was done next."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import current
from app.domain.infusion.wording import vital_value
from app.domain.log import Entry
from app.domain.protocol import Protocol
from app.domain.texts import listed, parts, say
from app.domain.vitals.worrying import JudgedBy, Worry, worries, worry
from app.domain.watch.bed_seen import judged_by

from .telling import Teller

_ACTS = e.RateGiven | e.Paused | e.ReactionNoted | e.ReactionUpdated | e.InfusionEnded | e.InfusionStopped | e.NoteAdded
_TOLD = 3


def worry_of(value: e.VitalEntry, by: JudgedBy) -> Worry | None:
    """None where it is missing or does not worry."""
    return None if value.value is None else worry(by, value.vital, value.value)


def marked(value: e.VitalEntry, by: JudgedBy) -> str:
    """The value, with its mark where it worries."""
    found = worry_of(value, by)
    return vital_value(value) if found is None else f"{vital_value(value)} {found.mark}"


class Told(msgspec.Struct, frozen=True):
    """“beyond the limits: HR 132 ▲ high (limit 120)” or “HR 66 → 103 ↑ rose since the baseline”;
    “done: 14:26:10 Rate set to 28 drops/min”."""

    beyond: str
    done: str

    @property
    def line(self) -> str:
        return f"{self.beyond} · {self.done}"


def told_beyond(t: Teller, entry: Entry) -> Told | None:
    """What of a check lies beyond the limits or left the baseline, and what was done; None where nothing does."""
    event = current(t.source.entries, entry)
    assert isinstance(event, e.VitalsRecorded)
    given = {value.vital: value.value for value in event.values}
    found = list(worries(judged_by(t.state, entry.at), given).values())
    if not found:
        return None
    beyond = [x.words for x in found if x.limit is not None]
    told = parts(say("beyond the limits: {values}", values=listed(beyond)) if beyond else None,
                 *(x.words for x in found if x.limit is None))  # fmt: skip
    return Told(t.tr(told), t.tr(say("done: {steps}", steps=_done_after(t, entry))))


def _done_after(t: Teller, check: Entry) -> str:
    """What was recorded until the next check, the open reaction before it; “nothing recorded” where there is nothing."""
    lines = [f"{t.at(x.at)} {t.line(x)}" for x in _acts(t, check)]
    return " · ".join(lines[:_TOLD]) or t.tr(say("nothing recorded"))


def _acts(t: Teller, check: Entry) -> Iterator[Entry]:
    if (reaction := _open_reaction(t, check.at)) is not None:
        yield reaction
    until = check.at + timedelta(minutes=_round_min(t.state.protocol, check))
    later = t.source.entries[_place(t, check) + 1 :]
    for entry in later:
        is_check = isinstance(entry.event, e.VitalsRecorded)
        if entry.at > until or (is_check and getattr(entry.event, "period", "") != "extra"):
            return
        if is_check or isinstance(entry.event, _ACTS):
            yield entry


def _place(t: Teller, check: Entry) -> int:
    return next(n for n, entry in enumerate(t.source.entries) if entry.event_id == check.event_id)


def _round_min(protocol: Protocol, check: Entry) -> int:
    """Until the next check is due."""
    during = isinstance(check.event, e.VitalsRecorded) and check.event.period == "observation"
    return protocol.observation.interval_min if during else protocol.vitals.interval_min


def _open_reaction(t: Teller, at: datetime) -> Entry | None:
    """The reaction that was noted before `at` and was not over then."""
    found = None
    for entry in t.entries(e.ReactionNoted, e.ReactionResolved):
        if entry.at < at:
            found = entry if isinstance(entry.event, e.ReactionNoted) else None
    return found
