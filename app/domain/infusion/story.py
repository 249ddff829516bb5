"""The whole story: every chapter's rules, effects and words, and an infusion replayed from its events."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.errors import Broken
from app.domain.log import Entry
from app.domain.protocol import Protocol
from app.domain.sealed_entries import packed
from app.domain.texts import Text, revived, say

from . import facts as e
from .chapters import (
    alarms,
    bags,
    bench,
    corrections,
    drip,
    ending,
    exchange,
    identity,
    notes,
    ordering,
    pause,
    premedication,
    reaction,
    signing,
    thaw,
    vital_checks,
    watching,
    weighing,
)
from .chapters.chapter import Chapter, Effects, Rules, Wordings
from .corrected import as_corrected
from .phases import Phase, phase_after
from .state import Infusion
from .wording import People

CHAPTERS: tuple[Chapter, ...] = (
    ordering,
    weighing,
    bags,
    bench,
    exchange,
    identity,
    premedication,
    thaw,
    drip,
    pause,
    reaction,
    vital_checks,
    watching,
    alarms,
    ending,
    signing,
    notes,
    corrections,
)
RULES: Rules = {command: rule for chapter in CHAPTERS for command, rule in chapter.RULES.items()}
EFFECTS: Effects = {event: effect for chapter in CHAPTERS for event, effect in chapter.EFFECTS.items()}


def _refused_words(ev: e.CommandRefused, _s: Infusion, _p: People) -> Text:
    title = next((command.title for command in RULES if command.__name__ == ev.command), ev.command)
    return say("Refused ({command}): {why}", command=title, why=revived(ev.why))


WORDS: Wordings = {
    e.CommandRefused: _refused_words,
    **{event: words for chapter in CHAPTERS for event, words in chapter.WORDS.items()},
}


#: What putting together events raises that no program of ours wrote one after the other.
UNREADABLE = (Broken, AssertionError, AttributeError, TypeError, ValueError, ArithmeticError, LookupError, msgspec.MsgspecError)


class Unreadable(NamedTuple):
    """An infusion that is left out, and why."""

    infusion: str
    what: str

    @property
    def text(self) -> Text:
        return say("The events of infusion {infusion} cannot be put together: {what}", infusion=self.infusion, what=self.what)


def unreadable(infusion: str, error: BaseException | None = None) -> Unreadable:
    """`error` None: it does not begin with an order."""
    if error is None:
        return Unreadable(infusion, "no order at its beginning")
    return Unreadable(infusion, str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}")


def replay(infusion_id: str, entries: Iterable[Entry], protocol: Protocol) -> Infusion:
    """Rebuild an infusion. Corrections are laid over the events they correct before anything is computed."""
    ordered = list(entries)
    corrected = as_corrected(ordered)
    if not corrected or not isinstance(corrected[0].event, e.Ordered):
        raise Broken(say("The record of {infusion} does not begin with an order.", infusion=infusion_id))
    first = corrected[0]
    assert isinstance(first.event, e.Ordered)
    state = Infusion(infusion_id, first.event, protocol, first.at, first.by)
    state.entries.append(ordered[0])
    state.reached[Phase.ORDERED] = state.newest_at = first.at
    for entry, original in zip(corrected[1:], ordered[1:], strict=True):
        _take(state, entry, original)
    return state


def as_recorded(infusion_id: str, entries: Iterable[Entry]) -> Infusion:
    """An infusion whose protocol file is not at hand: its events and the phases they led to, and nothing computed."""
    ordered = list(entries)
    corrected = as_corrected(ordered)
    first = corrected[0]
    assert isinstance(first.event, e.Ordered)
    state = Infusion(infusion_id, first.event, None, first.at, first.by)
    for entry in ordered:
        _keep(state, entry)
    state.checks = [entry for entry in corrected if isinstance(entry.event, e.VitalsRecorded)]
    state.signatures = {x.event.meaning: x for x in corrected if isinstance(x.event, e.SignatureGiven)}
    state.reached[Phase.ORDERED] = first.at
    for entry in corrected[1:]:
        reached = phase_after(state.phase, entry.event) or state.phase
        if reached is not state.phase:
            _enter(state, reached, entry.at)
        state.last_at = entry.at
    state.newest_at = max(entry.at for entry in corrected)
    return state


def after(state: Infusion, entries: Sequence[Entry]) -> Infusion:
    """The state with further saved events; the one given stays as it is.

    An event that the table does not allow is our own fault. A correction is laid over what came before it.
    """
    if any(isinstance(entry.event, e.Corrected) for entry in entries):
        return replay(state.infusion_id, [*state.log, *entries], state.protocol)
    is_quiet = all(_is_only_kept(state, entry) for entry in entries)
    further = msgspec.structs.replace(state, entries=state.entries.copy()) if is_quiet else _copy(state)
    for entry in entries:
        _take(further, entry, entry)
    return further


def _is_only_kept(state: Infusion, entry: Entry) -> bool:
    """Whether it changes nothing else, as a note does not."""
    return type(entry.event) not in EFFECTS and phase_after(state.phase, entry.event) is state.phase


def _copy(state: Infusion) -> Infusion:
    """Shares with the original only what no handler changes."""
    return msgspec.structs.replace(
        state,
        entries=state.entries.copy(),
        reached=state.reached.copy(),
        bags={bag_id: copy(bag) for bag_id, bag in state.bags.items()},
        certificates=state.certificates.copy(),
        measurements=state.measurements.copy(),
        flows=[copy(flow) for flow in state.flows],
        pins=state.pins.copy(),
        spans=[copy(span) for span in state.spans],
        checks=state.checks.copy(),
        own_limits=state.own_limits.copy(),
        reactions=state.reactions.copy(),
        report_signed=state.report_signed.copy(),
        signatures=state.signatures.copy(),
    )


def _take(state: Infusion, entry: Entry, original: Entry) -> None:
    """`entry` as it was corrected, of which the `original` is kept."""
    after = phase_after(state.phase, entry.event)
    if after is None:
        name = type(entry.event).__name__
        raise Broken(say("{event} is not possible while {phase}.", event=name, phase=state.phase.value))
    handler = EFFECTS.get(type(entry.event))
    if handler:
        handler(state, entry, entry.event)
    if handler or after is not state.phase:
        state.changes += 1
    if after is not state.phase:
        _enter(state, after, entry.at)
    _keep(state, original)
    state.last_at = entry.at
    state.newest_at = max(state.newest_at or entry.at, entry.at)


def _keep(state: Infusion, entry: Entry) -> None:
    seal = packed(entry, len(state.entries)) if type(entry.event) is e.SamplesSealed else b""
    if seal:
        state.seals += seal
    else:
        state.entries.append(entry)


def _enter(state: Infusion, after: Phase, at: datetime) -> None:
    state.phase = after
    state.reached.setdefault(after, at)
