"""The dose of a weight in plain arithmetic: cells, ml of each bag, bags and what is left over."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from app.domain.infusion.state import Infusion
from app.domain.products.dose import BagPlan, dose_cells
from app.domain.protocol import Product, Protocol
from app.domain.texts import Text, number, say
from app.services.words.words import Words
from ui.dispense.dose_chain import DosePiece, DoseState
from ui.dispense.view import whole_plan

_NTH = (say("first bag {ml} ml"), say("second bag {ml} ml"), say("third bag {ml} ml"))
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLUS, _EQUALS = DosePiece("+", "operator"), DosePiece("=", "operator")


def power_of_ten(product: Product) -> int:
    """The power of ten in which this protocol's bags are counted: 8 for 1.0 × 10⁸."""
    return Decimal(product.cells_per_bag).adjusted()


def superscript(power: int) -> str:
    return f"10{str(power).translate(_RAISED)}"


def bag_cells(cells: int | Decimal, protocol: Protocol) -> str:
    """A bag's count as labels write it: 0.98 × 10⁸; with more decimals where the label has them."""
    power = power_of_ten(protocol.product)
    share = Decimal(cells).scaleb(-power).normalize()
    places = max(2, -int(share.as_tuple().exponent))
    return f"{share:.{places}f} × {superscript(power)}"


def _per_kg(protocol: Protocol) -> str:
    cells = Decimal(protocol.dose.cells_per_kg)
    power = cells.adjusted()
    return f"{cells.scaleb(-power).normalize():f} × {superscript(power)}"


def dose_state(s: Infusion, words: Words) -> DoseState:
    """The chain for the recorded weight; without one, what it waits for."""
    if s.weight is None:
        waits = DosePiece(say("Record the weight: the dose follows from it."), "quiet")
        return DoseState(((DosePiece(f"— kg × {_per_kg(s.protocol)}"),), (waits,)))
    plan = whole_plan(s, dose_cells(s.weight.weight_kg, s.protocol))
    cells = say("{cells} cells", cells=words.cells(plan.dose_cells))
    first = (DosePiece(f"{s.weight.weight_kg:f} kg × {_per_kg(s.protocol)}"), _EQUALS, DosePiece(cells, "result"))
    return DoseState((first, _volume(plan), _bags(plan)), _as_one_text(_notes(s, plan, words)))


def _as_one_text(notes: Iterator[Text]) -> tuple[Text, ...]:
    """All notes as one text, so that they share their lines."""
    text = next(notes, None)
    for note in notes:
        text = say("{first} {second}", first=text, second=note)
    return (text,) if text else ()


def _volume(plan: BagPlan) -> tuple[DosePiece, ...]:
    total = DosePiece(say("{ml} ml", ml=number(plan.volume_ml)), "result")
    spans = [DosePiece(text) for text in _draws(plan)]
    between = [part for span in spans for part in (_PLUS, span)][1:]
    return (*between, _EQUALS, total)


def _draws(plan: BagPlan) -> list[Text]:
    """Each bag's ml; many bags given whole are counted together."""
    volumes = [number(d.volume_ml) for d in plan.draws]
    if len(volumes) <= len(_NTH):
        return [Text(_NTH[at].msgid, {"ml": ml}) for at, ml in enumerate(volumes)]
    whole = Counter(volumes[:-1]).items()
    many = [say("{n} bags of {ml} ml", n=n, ml=ml) for ml, n in whole]
    return [*many, say("last bag {ml} ml", ml=volumes[-1])]


def _bags(plan: BagPlan) -> tuple[DosePiece, ...]:
    count = len(plan.draws)
    bags = DosePiece(say("1 bag,") if count == 1 else say("{n} bags,", n=count), "result")
    if plan.leftover_ml == 0:
        return bags, DosePiece(say("nothing left over"))
    left = DosePiece(say("{ml} ml left over", ml=number(plan.leftover_ml)))
    return bags, left, DosePiece(say("(destroy, witnessed)"), "quiet")


def _notes(s: Infusion, plan: BagPlan, words: Words) -> Iterator[Text]:
    nominal = s.protocol.product.cells_per_bag
    for draw in plan.draws:
        bag = s.bags.get(draw.bag_id)
        if bag is not None and bag.bag.cells != nominal:
            count = bag_cells(bag.bag.cells, s.protocol)
            yield say("The label of bag {bag} says {count}: its own count is used.", bag=draw.bag_id, count=count)
        if bag is not None and bag.drawn_off_ml:
            yield say("{ml} ml drawn off bag {bag} at the bench.", ml=number(bag.drawn_off_ml), bag=draw.bag_id)
    if any(draw.bag_id not in s.bags for draw in plan.draws):
        yield say("Until a label is scanned a bag counts as {count}.", count=bag_cells(nominal, s.protocol))
    if plan.viable_cells is not None:
        yield say("Viable cells at release: {cells}.", cells=words.cells(plan.viable_cells))
