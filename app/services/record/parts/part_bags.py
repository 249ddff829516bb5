"""The bags from release to destruction, and the pre-medication."""

from collections.abc import Iterator

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.state import BagState
from app.domain.infusion.tasks import start_from
from app.domain.log import Entry
from app.domain.products.accountability import accounts
from app.domain.texts import say
from app.services.record.blocks import Cell, ColumnHead, FactsBlock, NoteBlock, Section, TableBlock
from app.services.record.telling import DASH, Teller, at_least, at_most, plain, whole


def bags(t: Teller) -> Section:
    title = t.tr(say("Bags"))
    if not t.state.bags:
        return Section(title, (NoteBlock(t.tr(say("No bag was recorded."))),))
    return Section(title, (_released(t), _given(t), *_elsewhere(t)))


def _elsewhere(t: Teller) -> Iterator[NoteBlock]:
    """Where it came from, or went to, if it was released on another laptop than the one at the bed."""
    for entry in t.entries(e.ReleaseArrived, e.ReleaseSent):
        event, about = entry.event, {"at": t.stamp(entry.at), "who": t.name(entry.by)}
        if isinstance(event, e.ReleaseArrived):
            yield NoteBlock(t.tr(say("Released on the laptop {name}; taken in here {at} by {who}.", name=event.from_name, **about)))
        elif isinstance(event, e.ReleaseSent):
            yield NoteBlock(t.tr(say("Sent to the laptop {name} {at} by {who}, where it goes on.", name=event.to_name, **about)))


def _released(t: Teller) -> TableBlock:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Bag as released")), "28mm"),
        ColumnHead(tr(say("Lot")), "1fr"),
        ColumnHead(tr(say("Cells")), "23mm", True),
        ColumnHead(tr(say("Volume")), "16mm", True),
        ColumnHead(tr(say("Drawn off")), "16mm", True),
        ColumnHead(tr(say("Viability")), "15mm", True),
        ColumnHead(tr(say("Tests")), "20mm"),
        ColumnHead(tr(say("Expiry")), "18mm"),
        ColumnHead(tr(say("Entered by")), "22mm"),
    )
    return TableBlock(columns, tuple(row for bag in t.state.bags.values() for row in _released_rows(t, bag)))


def _released_rows(t: Teller, bag: BagState) -> Iterator[tuple[Cell, ...]]:
    label, paper = bag.bag, bag.certificate
    how = t.tr(codes.word(label.entry, codes.ENTRIES))
    yield (
        label.bag_id, label.lot, whole(label.cells), t.volume(label.volume_ml),
        t.volume(bag.drawn_off_ml or None),
        f"{plain(paper.viability_pct)} %" if paper else DASH,
        _tests(t, paper), t.words.date_time(label.expires_at), f"{t.name(bag.scanned_by)} ({how})",
    )  # fmt: skip
    if label.reason:
        yield (t.tr(say("Typed, not scanned: {reason}", reason=codes.word(label.reason, codes.UNREADABLE))),)
    if bag.rejected is not None:
        yield (t.tr(say("Rejected: {reason}", reason=codes.word(bag.rejected))),)
    if bag.broken is not None:
        yield (t.tr(say("Unusable: {reason}", reason=codes.word(bag.broken))),)


def _tests(t: Teller, paper: e.CertificateRecorded | None) -> str:
    if paper is None:
        return DASH
    results = {**paper.tests, "appearance": paper.appearance_ok, "storage": paper.storage_ok}
    failed = [t.tr(codes.word(name, codes.TESTS)) for name, passed in results.items() if not passed]
    return t.tr(say("not passed: {tests}", tests=", ".join(failed))) if failed else t.tr(say("all passed"))


def _given(t: Teller) -> TableBlock:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Bag as given")), "28mm"),
        ColumnHead(tr(say("Thawed")), "1fr"),
        ColumnHead(tr(say("Checked by two")), "1.9fr"),
        ColumnHead(tr(say("Hung")), "1fr"),
        ColumnHead(tr(say("Empty or taken down")), "1fr"),
        ColumnHead(tr(say("Infused")), "18mm", True),
        ColumnHead(tr(say("Left in it")), "16mm", True),
        ColumnHead(tr(say("Destroyed")), "17mm", True),
        ColumnHead(tr(say("Witness")), "22mm"),
    )
    return TableBlock(columns, tuple(_given_row(t, bag) for bag in t.state.bags.values()))


def _given_row(t: Teller, bag: BagState) -> tuple[Cell, ...]:
    bag_id = bag.bag.bag_id
    destroyed = next((x for x in t.entries(e.LeftoverDestroyed) if of_bag(x, bag_id)), None)
    witness = destroyed.event.witness if destroyed and isinstance(destroyed.event, e.LeftoverDestroyed) else None
    checked = [f"{t.name(x.by)} {t.at(x.at)}" for x in bag_checks(t, bag_id)]
    gone = t.at(bag.emptied_at or bag.taken_down_at)
    thawed = next((x for x in t.entries(e.BagThawed) if of_bag(x, bag_id)), None)
    return (
        bag_id,
        t.with_mended(t.at(bag.thawed_at), thawed),
        ", ".join(checked) or DASH,
        t.at(bag.hung_at),
        t.tr(say("returned")) if bag.returned else gone,
        _infused(t, bag),
        t.volume(bag.left_ml),
        t.with_mended(t.volume(bag.destroyed_ml), destroyed) if bag.destroyed_ml is not None else DASH,
        t.name(witness),
    )


def _infused(t: Teller, bag: BagState) -> str:
    """As the ledger accounts for it."""
    found = accounts([t.state], t.source.made_at).bags
    own = next((account for account in found if account.bag_id == bag.bag.bag_id), None)
    if own is None or bag.hung_at is None:
        return DASH
    if own.infused_least_ml == own.infused_most_ml:
        return t.volume(own.infused_least_ml)
    return t.tr(say("{n} ml", n=f"{at_least(own.infused_least_ml)}–{at_most(own.infused_most_ml)}"))


def bag_checks(t: Teller, bag_id: str) -> list[Entry]:
    """The two last looks at a thawed bag; earlier ones were undone by a mismatch."""
    return [x for x in t.entries(e.BagChecked) if of_bag(x, bag_id)][-2:]


def of_bag(entry: Entry, bag_id: str) -> bool:
    return getattr(entry.event, "bag_id", None) == bag_id


def premedication(t: Teller) -> Section:
    title, tr = t.tr(say("Pre-medication")), t.tr
    given = t.state.premedication
    if given is None:
        return Section(title, (NoteBlock(tr(say("Not given."))),))
    entry = t.entries(e.PremedicationGiven)[-1]
    rules = t.state.protocol.premedication
    drug = t.words.pick(rules.drug) if given.drug == rules.drug.en else given.drug
    dose = say("{drug} {dose} mg (ordered: {ordered} mg)", drug=drug, dose=plain(given.dose_mg),
               ordered=plain(rules.dose_mg))  # fmt: skip
    waits = say("{at}, {minutes} min after it", at=t.at(start_from(t.state)), minutes=rules.lead_min)
    if t.state.lead_time_overridden_by:
        waits = say("at once: {who} overrode the waiting time", who=t.name(t.state.lead_time_overridden_by))
    rows: list[tuple[str, Cell]] = [
        (tr(say("Drug and dose")), tr(dose)),
        (tr(say("Time given")), f"{t.stamp(given.given_at)}, {t.name(entry.by)}"),
        (tr(say("Start possible from")), tr(waits)),
        (tr(say("Allergies, asked")), given.allergies),
        (tr(say("Allergy to DMSO, asked")), tr(say("yes") if given.dmso_allergy else say("no"))),
        (tr(say("Baseline blood")), tr(codes.word(given.baseline_blood, codes.BLOOD))),
    ]
    if mended := t.mended(entry):
        rows.append((tr(say("Corrected")), mended))
    return Section(title, (FactsBlock(tuple(rows)),))
