"""The times of every stage, how long it ran, what was given, and every drip rate."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import get_args

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.deviations import within_tolerance
from app.domain.infusion.drip_volume import delivered, minutes, running_min
from app.domain.infusion.given.cells_given import Bounds, cells_given
from app.domain.infusion.phases import Phase
from app.domain.infusion.summary import infusion_minutes
from app.domain.log import Entry, Event
from app.domain.texts import Text, parts, say
from app.services.record.blocks import Cell, ColumnHead, FactsBlock, NoteBlock, Section, TableBlock
from app.services.record.parts.part_first import span, tenths
from app.services.record.telling import DASH, Teller, at_least, at_most, ml, plain

_FACTS: tuple[type[e.Fact], ...] = get_args(e.InfusionEvent)


def times(t: Teller) -> Section:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Stage")), "1fr"),
        ColumnHead(tr(say("Local time")), "46mm"),
        ColumnHead(tr(say("Who")), "34mm"),
    )
    stages = [(kind.milestone, x) for kind in _FACTS if kind.milestone for x in _which(t, kind)]
    rows = tuple((tr(name), t.stamp(x.at), t.name(x.by)) for name, x in stages)
    return Section(tr(say("Times")), (TableBlock(columns, rows), FactsBlock(tuple(_lasted(t)))))


def _which(t: Teller, kind: type[Event]) -> list[Entry]:
    """Every step up; the signing that stands; of all else the first."""
    found = t.entries(kind)
    if kind is e.InfusionSigned:
        found = [x for x in found if x.at == t.state.reached.get(Phase.SIGNED)]
    return found if kind is e.SteppedUp else found[:1]


def _lasted(t: Teller) -> Iterator[tuple[str, Cell]]:
    s, tr, now = t.state, t.tr, t.source.made_at
    if s.started_at is None:
        yield tr(say("Duration")), tr(say("not started"))
        return
    for number, stage in enumerate(s.protocol.infusion.stages):
        ran = tr(say("{minutes} min", minutes=ml(running_min(s, number, now))))
        if stage.running_min is not None:
            ran = tr(say("{minutes} min of {wanted} min", minutes=ml(running_min(s, number, now)),
                         wanted=plain(stage.running_min)))  # fmt: skip
        yield tr(say("Running time, stage {number}", number=number + 1)), ran
    end = s.ended_at or now
    ran_all = sum((running_min(s, n, now) for n in range(len(s.protocol.infusion.stages))), Decimal(0))
    pauses = max(minutes(end - s.started_at) - ran_all, Decimal(0))
    yield tr(say("Not running (pauses, bag changes)")), tr(say("{minutes} min", minutes=ml(pauses)))
    took, (low, high) = infusion_minutes(s), s.protocol.infusion.duration_min
    whole = say("{minutes} min; {low}–{high} min are allowed", minutes=ml(took), low=low, high=high)
    yield tr(say("Whole duration")), tr(whole) if took is not None else tr(say("not ended"))


def given(t: Teller) -> Section:
    """The delivered volume as an interval, and the rates it was reckoned from."""
    s, tr = t.state, t.tr
    title = tr(say("Given volume and drip rates"))
    if s.started_at is None:
        return Section(title, (NoteBlock(tr(say("Nothing was given."))),))
    return Section(title, (FactsBlock(tuple(_volumes(t))), _rates(t)))


def _volumes(t: Teller) -> Iterator[tuple[str, Cell]]:
    s, tr = t.state, t.tr
    have, planned = delivered(s, s.ended_at or t.source.made_at), s.planned_ml
    amount = say("at least {least} ml, at most {most} ml", least=at_least(have.least_ml), most=at_most(have.most_ml))
    yield tr(say("Given volume")), tr(amount)
    share = s.protocol.dose.tolerance_pct
    if planned:
        yield tr(say("Plan")), t.volume(planned)
        yield from _cells(t)
        yield tr(say("Within ±{share} % of the plan", share=plain(share))), tr(_verdict(within_tolerance(s)))
    rules = s.protocol.delivery
    reckoned = say("measured rates ±{measured} %, set rates ±{set} %, nobody watching: 0 to +{lost} %",
                   measured=plain(rules.measured_rate_pct), set=plain(rules.set_rate_pct),
                   lost=plain(rules.lost_watch_pct))  # fmt: skip
    yield tr(say("Reckoned with")), tr(reckoned)
    beside = say("±{pct} % of its drops per ml; stands beside the figures above, not in them",
                 pct=plain(rules.drop_factor_pct))  # fmt: skip
    yield tr(say("Giving set's own tolerance")), tr(beside)
    flushed = t.entries(e.LineFlushed)
    if s.flushed_ml is not None and flushed:
        yield tr(say("Line flushed with")), t.with_mended(t.volume(s.flushed_ml), flushed[-1])
    ends = t.entries(e.InfusionEnded, e.InfusionStopped)
    if ends and (mended := t.mended(ends[-1])):
        yield tr(say("Corrected")), mended


def _cells(t: Teller) -> Iterator[tuple[str, Cell]]:
    """In all and of each bag, by its own count."""
    tr, found = t.tr, cells_given(t.state, t.source.made_at)
    if found.share_pct is not None:
        told = say("{cells} cells = {pct} % of the dose", cells=span(found.cells), pct=tenths(found.share_pct))
        yield tr(say("Given cells")), tr(told)
    if found.per_kg is not None:
        yield tr(say("Given per kg")), tr(say("{cells} cells", cells=span(found.per_kg)))
    if found.viable_cells is not None:
        yield tr(say("Viable cells given")), _viable(t, found.viable_cells, found.viable_per_kg)
    for bag in found.bags:
        of_it = say("{n} ml: {cells} cells", n=tenths(bag.ml), cells=span(bag.cells))
        viable = say("{cells} viable", cells=span(bag.viable_cells)) if bag.viable_cells else None
        yield tr(say("Given of bag {bag}", bag=bag.bag_id)), tr(parts(of_it, viable))


def _viable(t: Teller, cells: Bounds, per_kg: Bounds | None) -> str:
    return t.tr(parts(say("{cells} cells", cells=span(cells)), say("{cells} per kg", cells=span(per_kg)) if per_kg else None))


def _verdict(inside: bool | None) -> Text:
    if inside is None:
        return say("not ended")
    return say("yes") if inside else say("not surely")


def _rates(t: Teller) -> TableBlock:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Time")), "18mm"),
        ColumnHead(tr(say("From start")), "18mm", True),
        ColumnHead(tr(say("Set (drops/min)")), "26mm", True),
        ColumnHead(tr(say("Measured (drops/min)")), "32mm", True),
        ColumnHead(tr(say("How")), "1fr"),
        ColumnHead(tr(say("Who")), "26mm"),
    )
    found = [x for x in t.source.entries if isinstance(x.event, e.RateGiven | e.RateMeasured | e.Paused)]
    return TableBlock(columns, tuple(_rate_row(t, x) for x in found))


def _rate_row(t: Teller, entry: Entry) -> tuple[Cell, ...]:
    event = entry.event
    rate = getattr(event, "rate_gtt_min", None)
    shown = DASH if rate is None else plain(rate.quantize(Decimal("0.1")))
    measured = isinstance(event, e.RateMeasured)
    how = _measured_how(t, event) if isinstance(event, e.RateMeasured) else _set_how(t, event)
    since = entry.at - (t.state.started_at or entry.at)
    return (
        t.at(entry.at), _minute(since), "" if measured else shown, shown if measured else "",
        t.with_mended(how, entry), t.name(entry.by),
    )  # fmt: skip


def _minute(since: timedelta) -> str:
    return f"{int(since.total_seconds()) // 60}:{int(since.total_seconds()) % 60:02}"


def _measured_how(t: Teller, event: e.RateMeasured) -> str:
    how = say("{method}, {drops} drops", method=codes.word(event.method, codes.METHODS), drops=event.drops)
    if event.spread_pct is None:
        return t.tr(how)
    return t.tr(how) + " · " + t.tr(say("spread {pct} %", pct=plain(event.spread_pct)))


def _set_how(t: Teller, event: Event) -> str:
    assert isinstance(event, e.Fact)
    assert event.rate_change is not None
    reason, how = getattr(event, "reason", ""), t.tr(event.rate_change)
    return f"{how} · {t.tr(codes.word(reason))}" if reason else how
