"""What was found counts, not only that somebody looked: one gate for start, step up and resume.

It reads the last check as it was recorded (and corrected), and the infusion's own protocol.

| found | then |
|---|---|
| an open reaction; discomfort at the last check; nothing measured at all, or not since a reaction began while it runs | refused |
| NEWS2, of what was measured, from `gate.news2_from` on | an investigator with a reason, and a deviation |
| one parameter that scores `gate.single_from` or more | the same |
| a value beyond its far limit (`very_low`, `very_high`; one equal to it lies inside) | the same |
| fewer than `gate.measured_least` of pulse, SpO₂, NIBP, respiration, temperature, consciousness | the same |
| before the start: the hanging bag was thawed too long ago (`in_time`) | the same |
| `latched`: a high physiological alarm that nobody has answered for | the same |

A protocol without a `gate` refuses what was refused before it, which the chapters themselves say. Pause, slow, stop, end and
Reaction do not come here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.state import Infusion
from app.domain.people.roles import Person, Role
from app.domain.protocol import Protocol
from app.domain.texts import Text, listed, revived, say
from app.domain.vitals.news2 import Consciousness, scores
from app.domain.vitals.vital_signs import VITALS

from .in_time import thawed_too_long

#: What the least number is counted of; one of a group is enough.
_MEASURED = (("hr", "pr"), ("spo2",), ("nibp_sys",), ("rr",), ("temp",))


class Found(msgspec.Struct, frozen=True):
    """`refused`: nobody may go on. `needs`: what an investigator must give a reason for. Neither: go on."""

    refused: Text | None = None
    needs: tuple[Text, ...] = ()


def gate(state: Infusion, now: datetime, latched: Sequence[Text] = ()) -> Found:
    """What start, step up or resume meets now. `latched`: high physiological alarms, active or not yet answered for."""
    if state.protocol.gate is None:
        return Found()
    refused, check = why_refused(state), _last(state)
    if refused is not None or check is None:
        return Found(refused)
    aged = thawed_too_long(state, now) if state.started_at is None else ()
    return Found(None, (*worrying(check, state.protocol), *aged, *latched))


def why_refused(state: Infusion) -> Text | None:
    """What nobody goes on with."""
    if state.reaction_open:
        return say("A reaction is open.")
    check = _last(state)
    if state.protocol.gate is not None and state.reaction is not None and _unchecked_since(state, state.reaction.onset_at):
        return say("No vital signs since the reaction began. Measure first.")
    if check is not None and check.discomfort:
        return say("The last check noted discomfort.")
    if state.protocol.gate is not None and (check is None or all(v.value is None for v in check.values)):
        return say("The last check measured no vital signs. Measure first.")
    return None


def _unchecked_since(state: Infusion, onset_at: datetime) -> bool:
    """Whether nobody has recorded vital signs after the onset of the newest reaction, of an infusion that has begun."""
    return state.started_at is not None and (not state.checks or state.checks[-1].at <= onset_at)


def _last(state: Infusion) -> e.VitalsRecorded | None:
    event = state.checks[-1].event if state.checks else None
    return event if isinstance(event, e.VitalsRecorded) else None


def worrying(check: e.VitalsRecorded, protocol: Protocol) -> Iterator[Text]:
    """What of one check an investigator must answer for; nothing by a protocol without a gate."""
    rules = protocol.gate
    if rules is None:
        return
    values = {v.vital: v.value for v in check.values}
    level = Consciousness(check.consciousness) if check.consciousness else None
    scored = scores(values, check.oxygen, level, check.scale)
    total = sum(scored.values())
    if total >= rules.news2_from:
        yield say("NEWS2 {score}", score=total) if check.news2 is not None else say("NEWS2 at least {score}", score=total)
    for code, score in scored.items():
        if score >= rules.single_from:
            yield say("{what}: {score} points in NEWS2 by itself", what=_named(code, values, check.consciousness), score=score)
    yield from _far(values, protocol)
    measured = sum(any(values.get(code) is not None for code in group) for group in _MEASURED) + (level is not None)
    if measured < rules.measured_least:
        yield say("only {n} of 6 measured: pulse, SpO₂, blood pressure, respiration, temperature, consciousness", n=measured)


def _named(code: str, values: dict[str, Decimal | None], consciousness: str | None) -> Text:
    if code == "consciousness":
        return say("Consciousness: {level}", level=codes.word(consciousness or "", codes.CONSCIOUSNESS))
    return _value(code, values[code])


def _value(code: str, value: Decimal | None) -> Text:
    vital = VITALS[code]
    return say("{vital} {value} {unit}", vital=vital.name, value=value, unit=vital.unit_words)


def _far(values: dict[str, Decimal | None], protocol: Protocol) -> Iterator[Text]:
    for code, value in values.items():
        limits = protocol.vitals.limits_of(code)
        if limits is None or value is None:
            continue
        if limits.very_low is not None and value < limits.very_low:
            yield say("{what} is far too low (under {limit})", what=_value(code, value), limit=limits.very_low)
        if limits.very_high is not None and value > limits.very_high:
            yield say("{what} is far too high (over {limit})", what=_value(code, value), limit=limits.very_high)


# --- at the gate


class Leave(msgspec.Struct, frozen=True):
    """An investigator's leave to go on, as it goes into the event: nobody's where nothing was found."""

    found: tuple[Text, ...] = ()
    by: Person | None = None
    why: str = ""

    @property
    def by_id(self) -> str | None:
        return self.by.person_id if self.by else None

    def told(self) -> dict[str, Any]:
        """The fields of the event that every act has."""
        return {"found": self.found, "why_allowed": self.why, "printed_name": self.by.name if self.by else ""}


def passed(found: Found, by: Person | None, why: str) -> Leave:
    """Go on, or raise `Refused` with what was found: `by` must be an investigator who says why."""
    if found.refused is not None:
        raise Refused(found.refused)
    if not found.needs:
        return Leave()
    if by is None or by.role is not Role.INVESTIGATOR or not why.strip():
        raise Refused(say("Only an investigator with a reason lets it go on: {found}.", found=listed(found.needs)))
    return Leave(found.needs, by, why.strip())


# --- what stands in the record of it


class Passed(msgspec.Struct, frozen=True):
    """An act that went on although something was found, by what was recorded then and corrected since."""

    at: datetime
    event: e.Gated
    found: tuple[Text, ...]


def passed_with_findings(state: Infusion) -> Iterator[Passed]:
    """Every start, step up and resume that something spoke against."""
    check: e.VitalsRecorded | None = None
    for entry in as_corrected(state.entries):
        event = entry.event
        if isinstance(event, e.VitalsRecorded):
            check = event
        if isinstance(event, e.Gated):
            seen = tuple(worrying(check, state.protocol)) if check is not None else ()
            found = tuple(revived(text) for text in event.found) or seen
            if found:
                yield Passed(entry.at, event, found)
