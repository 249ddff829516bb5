"""Reactions: what was noted and when, and how the patient and the drip were when each one began."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import as_corrected, current
from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.given.cells_given import cells_given
from app.domain.infusion.wording import vital_line
from app.domain.log import Entry
from app.domain.texts import Text, joined, listed, number, say
from app.domain.vitals.vital_signs import NIBP, VITALS
from app.services.record.blocks import Block, Cell, FactsBlock, NoteBlock, Section
from app.services.record.parts.part_events import event_table
from app.services.record.parts.part_first import span
from app.services.record.telling import DASH, Teller, at_least, at_most

_TOLD = (e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved, e.BagKept, e.BagFreed, e.ReactionSigned)


def reactions(t: Teller) -> Section:
    title, found = t.tr(say("Reactions")), t.entries(*_TOLD)
    if not found:
        return Section(title, (NoteBlock(t.tr(say("No reaction was noted."))),))
    onsets = [block for entry in t.entries(e.ReactionNoted) for block in _onset(t, entry)]
    return Section(title, (event_table(t, found), *onsets))


def _onset(t: Teller, entry: Entry) -> Iterator[Block]:
    noted = current(t.source.entries, entry)
    assert isinstance(noted, e.ReactionNoted)
    yield FactsBlock(tuple(at_the_onset(t, noted.onset_at)))


def at_the_onset(t: Teller, at: datetime) -> Iterator[tuple[str, Cell]]:
    tr = t.tr
    yield tr(say("At the onset, {at}", at=t.at(at))), tr(_drip(t, at))
    yield tr(say("Given until then")), tr(_given(t, at))
    yield tr(say("Monitor's vital signs then")), _monitored(t, at)
    checks = [x for x in as_corrected(list(t.source.entries)) if isinstance(x.event, e.VitalsRecorded)]
    before = [x for x in checks if x.at <= at]
    later = [x for x in checks if x.at > at]
    yield tr(say("Check before it")), _check(t, before[-1] if before else None)
    yield tr(say("Check after it")), _check(t, later[0] if later else None)


def _drip(t: Teller, at: datetime) -> Text:
    flow = next((f for f in t.state.flows if f.start <= at and (f.end is None or at < f.end)), None)
    if flow is None:
        return say("it was not dripping")
    how = say("measured") if flow.basis == "measured" else say("as set") if flow.basis == "set" else say("nobody watched")
    return say("{rate} drops/min ({how})", rate=number(flow.rate_gtt_min), how=how)


def _given(t: Teller, at: datetime) -> Text:
    if t.state.started_at is None or at < t.state.started_at:
        return say("nothing")
    have = delivered(t.state, min(at, t.state.ended_at or at))
    return say("at least {least} ml, at most {most} ml = {cells} cells", least=at_least(have.least_ml),
               most=at_most(have.most_ml), cells=span(cells_given(t.state, at).cells))  # fmt: skip


def _monitored(t: Teller, at: datetime) -> str:
    """The newest value of each vital sign that was not too old then; a value beyond that age tells nothing of the onset."""
    rules, found = t.state.protocol.vitals, {}
    for code, came_at, value in t.source.samples:
        longest = rules.max_age_nibp_s if code in NIBP else rules.max_age_s
        if value is not None and code in VITALS and 0 <= (at - came_at).total_seconds() <= longest:
            found[code] = e.VitalEntry(code, Decimal(str(value)), "monitor")
    lines = listed(vital_line(found[code]) for code in VITALS if code in found)
    return t.tr(lines) if found else t.tr(say("none from a monitor"))


def _check(t: Teller, entry: Entry | None) -> str:
    if entry is None or not isinstance(entry.event, e.VitalsRecorded):
        return DASH
    return t.tr(joined(" ", [t.at(entry.at), listed(vital_line(v) for v in entry.event.values if v.value is not None)]))
