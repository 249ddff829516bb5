"""The bags of an order: what their labels say, and the release checklist of their certificates."""

from datetime import datetime

from app.domain.infusion import code_words as codes
from app.domain.infusion.state import BagState, Infusion
from app.domain.products.certificate import Point, points
from app.domain.texts import Text, joined, number, parts, say
from app.services.words.words import Words
from ui.dispense.checklist import ChecklistGroup, ChecklistPoint, ChecklistState
from ui.dispense.dose_state import bag_cells
from ui.dispense.view import expired
from ui.kit.table import Column, TableLine, TableState

_GOOD, _BAD = "✓", "✗"


def _columns(s: Infusion) -> tuple[Column, ...]:
    least = s.protocol.product.min_viability_pct
    return (
        Column(say("Bag"), 1.4, strong=True), Column(say("Lot"), 0.9), Column(say("Content"), 1.5),
        Column(say("Viability ≥ {least} %", least=least), 1.0), Column(say("Expiry"), 1.3), Column(say("Entered"), 0.8),
    )  # fmt: skip


def table(s: Infusion, now: datetime, words: Words) -> TableState:
    return TableState(_columns(s), tuple(_row(s, bag, now, words) for bag in s.bags.values()))


def _row(s: Infusion, bag: BagState, now: datetime, words: Words) -> TableLine:
    label = bag.bag
    name: Text | str = label.bag_id if bag.usable else say("{bag} (set aside)", bag=label.bag_id)
    expiry = f"{words.date_time(label.expires_at)} {_BAD if expired(bag, now) else _GOOD}"
    return TableLine(
        label.bag_id, (name, label.lot, _content(s, bag), _viability(s, bag), expiry, codes.word(label.entry, codes.ENTRIES))
    )


def _content(s: Infusion, bag: BagState) -> Text:
    return parts(say("{ml} ml", ml=number(bag.volume_ml)), bag_cells(bag.content.cells, s.protocol))


def _viability(s: Infusion, bag: BagState) -> str:
    paper = bag.certificate
    if paper is None:
        return "—"
    return f"{paper.viability_pct:f} % {_GOOD if paper.viability_pct >= s.protocol.product.min_viability_pct else _BAD}"


def checklist(s: Infusion, now: datetime, words: Words) -> ChecklistState:
    """Every planned bag with everything that its release asks for."""
    return ChecklistState(tuple(_checked(s, bag, now, words) for bag in s.planned_bags))


def _checked(s: Infusion, bag: BagState, now: datetime, words: Words) -> ChecklistGroup:
    label = bag.bag
    title = parts(label.bag_id, say("Lot {lot}", lot=label.lot), _content(s, bag))
    expiry = ChecklistPoint(joined(" ", [say("Expiry"), words.date_time(label.expires_at)]), not expired(bag, now))
    found = (ChecklistPoint(_point_words(s, bag, point), point.passed) for point in points(bag.certificate, s.protocol.product))
    return ChecklistGroup(title, expiry, tuple(found))


def _point_words(s: Infusion, bag: BagState, point: Point) -> Text | str:
    if point.key != "viability":
        return point.name
    least, paper = f"≥ {s.protocol.product.min_viability_pct:f} %", bag.certificate
    return joined(" ", [point.name, f"{paper.viability_pct:f} % ({least})" if paper else least])
