"""The plan as it was signed at the release, and every plan that took its place."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.story import after, replay
from app.domain.log import Entry
from app.domain.products.dose import BagPlan
from app.domain.texts import cells, say
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Section, TableBlock
from app.services.record.source import RecordSource
from app.services.record.telling import Teller, ml, whole


class PlanThen(msgspec.Struct, frozen=True):
    """A plan and the entry that made it: the release, or what changed the bags."""

    by: Entry
    plan: BagPlan


def plans(source: RecordSource) -> list[PlanThen]:
    """The plan as signed first, then each one that differs from the one before by a bag or a tenth of a ml."""
    return list(_changes(source))


def _changes(source: RecordSource) -> Iterator[PlanThen]:
    released = next((n for n, x in enumerate(source.entries) if isinstance(x.event, e.Released)), None)
    if released is None:
        return
    state = replay(source.state.infusion_id, source.entries[: released + 1], source.state.protocol)
    shown: object = None
    for entry in source.entries[released:]:
        if entry is not source.entries[released]:
            state = after(state, [entry])
        plan = state.plan
        if plan is not None and (now_shown := _drawn(plan)) != shown:
            shown = now_shown
            yield PlanThen(entry, plan)


def _drawn(plan: BagPlan) -> object:
    return [(draw.bag_id, ml(draw.volume_ml)) for draw in plan.draws], plan.dose_cells


def plan_changes(t: Teller) -> Section:
    tr, found = t.tr, plans(t.source)
    title = tr(say("Plan as signed, and plans after it"))
    if not found:
        return Section(title, (NoteBlock(tr(say("Nothing was released: no plan was signed."))),))
    columns = (ColumnHead(tr(say("Plan")), "30mm"), ColumnHead(tr(say("Made by")), "1fr"),
               ColumnHead(tr(say("From each bag")), "62mm"), ColumnHead(tr(say("In all")), "20mm", True))  # fmt: skip
    rows = tuple(_row(t, n, then) for n, then in enumerate(found))
    stands = [] if len(found) > 1 else [NoteBlock(tr(say("The plan stood as it was signed.")))]
    return Section(title, (TableBlock(columns, rows), *stands))


def _row(t: Teller, number: int, then: PlanThen) -> tuple[Cell, ...]:
    name = t.tr(say("as signed") if number == 0 else say("re-plan {n}", n=number))
    plan = then.plan
    missing = max(plan.missing_cells, Decimal(0))
    drawn = [t.tr(say("{bag}: {ml} ml, {cells} cells", bag=d.bag_id, ml=ml(d.volume_ml), cells=cells(d.cells)))
             for d in plan.draws]  # fmt: skip
    drawn += [t.tr(say("without a bag: {cells} cells", cells=whole(missing)))] if missing else []
    return (name, _by(t, then.by), "\n".join(drawn), t.volume(plan.volume_ml))


def _by(t: Teller, entry: Entry) -> str:
    return f"{t.at(entry.at)} {t.name(entry.by)}: {t.line(entry, with_state=False)}"
