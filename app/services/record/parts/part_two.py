"""Everything that takes two people, each with their own name and time."""

from collections.abc import Iterator

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.log import Entry, Event
from app.domain.texts import Text, say
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Run, Section, TableBlock
from app.services.record.telling import DASH, Teller

from .part_bags import bag_checks, of_bag

Row = tuple[Cell, ...]


def two_people(t: Teller) -> Section:
    tr = t.tr
    title = tr(say("Checks by two people"))
    columns = (
        ColumnHead(tr(say("What")), "1fr"),
        ColumnHead(tr(say("First person")), "44mm"),
        ColumnHead(tr(say("Second person")), "44mm"),
    )
    rows = tuple(row for part in (_weight, _handing_out, _identity, _replacements, _bags, _witnessed, _wrong) for row in part(t))
    return Section(title, (TableBlock(columns, rows) if rows else NoteBlock(tr(say("None."))),))


def _row(t: Teller, what: Text | str, first: Entry | None, second: Entry | None) -> Row:
    return (t.tr(what), _who(t, first), _who(t, second))


def _who(t: Teller, entry: Entry | None) -> str:
    if entry is None:
        return DASH
    how: str | None = getattr(entry.event, "entry", None)
    told = f" ({t.tr(codes.word(how, codes.ENTRIES))})" if how else ""
    return f"{t.name(entry.by)}, {t.at(entry.at)}{told}"


def _last(t: Teller, kind: type[Event]) -> Entry | None:
    return next(reversed(t.entries(kind)), None)


def _weight(t: Teller) -> Iterator[Row]:
    confirmed = _last(t, e.WeightConfirmed)
    if confirmed:
        yield _row(t, say("Weight recorded, confirmed"), _last(t, e.WeightRecorded), confirmed)


def _handing_out(t: Teller) -> Iterator[Row]:
    released = _last(t, e.Released)
    if released:
        yield _row(t, say("Bags released, received"), released, _last(t, e.Received))


def _identity(t: Teller) -> Iterator[Row]:
    """The two last answers; earlier ones were undone by a mismatch."""
    found = t.entries(e.IdentityChecked)[-2:]
    if found:
        what = say("Patient, order and unthawed bags verified")
        yield _row(t, what, found[0], found[1] if len(found) > 1 else None)


def _replacements(t: Teller) -> Iterator[Row]:
    """Bags that came after the first check; earlier answers were undone by a mismatch."""
    for released in t.entries(e.BagReleased):
        yield _row(t, t.line(released), released, None)
    for bag_id in t.state.bags:
        found = [x for x in t.entries(e.BagVerified) if of_bag(x, bag_id)][-2:]
        if found:
            what = say("Patient and unthawed bag {bag} verified", bag=bag_id)
            yield _row(t, what, found[0], found[1] if len(found) > 1 else None)


def _bags(t: Teller) -> Iterator[Row]:
    for bag_id in t.state.bags:
        found = bag_checks(t, bag_id)
        if found:
            what = say("Bag {bag} with its thaw time and appearance, before hanging", bag=bag_id)
            yield _row(t, what, found[0], found[1] if len(found) > 1 else None)


def _witnessed(t: Teller) -> Iterator[Row]:
    for entry in t.entries(e.SurplusDrawn, e.NextBagChosen, e.LeftoverDestroyed):
        witness = getattr(entry.event, "witness", None)
        yield (t.line(entry), _who(t, entry), t.name(witness))
    for entry in t.entries(e.Resumed):
        assert isinstance(entry.event, e.Resumed)
        if entry.event.authorised_by:
            yield (t.line(entry), _who(t, entry), t.name(entry.event.authorised_by))


def _wrong(t: Teller) -> Iterator[Row]:
    for entry in t.entries(e.MismatchFound):
        yield ((Run(t.line(entry), "strong"),), _who(t, entry), DASH)
