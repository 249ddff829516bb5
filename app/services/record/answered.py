"""Vital signs beyond the infusion's own limits, and what was done next."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import current
from app.domain.infusion.wording import vital_value
from app.domain.log import Entry
from app.domain.protocol import Protocol, VitalsRules
from app.domain.texts import Text, listed, say
from app.domain.vitals.vital_signs import VITALS

from .telling import Teller, plain

_ACTS = e.RateGiven | e.Paused | e.ReactionNoted | e.ReactionUpdated | e.InfusionEnded | e.InfusionStopped | e.NoteAdded
_TOLD = 3


class Beyond(msgspec.Struct, frozen=True):
    """A value outside its limits; `limit` is the one it crossed, the far one where it crossed both."""

    value: e.VitalEntry
    limit: Decimal
    is_low: bool
    is_far: bool

    @property
    def mark(self) -> str:
        """A shape, so that it is seen without colour."""
        return ("▼" if self.is_low else "▲") * (2 if self.is_far else 1)

    @property
    def word(self) -> Text:
        if self.is_far:
            return say("far too low") if self.is_low else say("far too high")
        return say("low") if self.is_low else say("high")


def beyond(value: e.VitalEntry, rules: VitalsRules) -> Beyond | None:
    """None inside the limits, and where the infusion's protocol has none; a value equal to a limit lies inside."""
    limits, number = rules.limits_of(value.vital), value.value
    if limits is None or number is None:
        return None
    for limit, is_low, is_far in ((limits.very_low, True, True), (limits.very_high, False, True),
                                  (limits.low, True, False), (limits.high, False, False)):  # fmt: skip
        if limit is not None and (number < limit if is_low else number > limit):
            return Beyond(value, limit, is_low, is_far)
    return None


def marked(value: e.VitalEntry, rules: VitalsRules) -> str:
    """The value, with its mark where it lies beyond a limit."""
    found = beyond(value, rules)
    return vital_value(value) if found is None else f"{vital_value(value)} {found.mark}"


class Told(msgspec.Struct, frozen=True):
    """“beyond the limits: HR 132 ▲ high (limit 120)” and “done: 14:26:10 Rate set to 28 drops/min”."""

    beyond: str
    done: str

    @property
    def line(self) -> str:
        return f"{self.beyond} · {self.done}"


def told_beyond(t: Teller, entry: Entry) -> Told | None:
    """What of a check lies beyond the limits, and what was done; None where nothing does."""
    event = current(t.source.entries, entry)
    assert isinstance(event, e.VitalsRecorded)
    rules = t.state.vitals_at(entry.at)
    found = [b for value in event.values if (b := beyond(value, rules)) is not None]
    if not found:
        return None
    values = t.tr(say("beyond the limits: {values}", values=listed(_value(b) for b in found)))
    return Told(values, t.tr(say("done: {steps}", steps=_done_after(t, entry))))


def _value(found: Beyond) -> Text:
    return say("{vital} {value} {mark} {word} (limit {limit})", vital=VITALS[found.value.vital].short,
               value=vital_value(found.value), mark=found.mark, word=found.word, limit=plain(found.limit))  # fmt: skip


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
