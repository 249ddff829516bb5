"""What is left of opened bags, and whether what is destroyed of one is what was left. Volumes in ml."""

from decimal import Decimal

from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.flows import flowed_ml
from app.domain.infusion.state import BagState, Infusion

_NONE = Decimal(0)


def leftovers(s: Infusion) -> list[BagState]:
    """Opened bags whose rest has not been destroyed before a witness, and is not kept for examination."""
    opened = (b for b in s.bags.values() if b.thawed_at is not None and b.emptied_at is None and not b.kept)
    return [b for b in opened if b.destroyed_ml is None and leftover_ml(s, b) != 0]


def leftover_ml(s: Infusion, bag: BagState) -> Decimal:
    """What is left in an opened bag: as read by a person, else by the estimate, rounded to 0.1."""
    if bag.left_ml is not None:
        return bag.left_ml
    if bag.hung_at is None:
        return bag.volume_ml
    assert s.ended_at is not None
    before = (b for b in s.bags.values() if b.hung_at and b.hung_at < bag.hung_at)
    given = delivered(s, s.ended_at).likely_ml - sum((b.content.volume_ml for b in before), _NONE)
    return round(max(bag.volume_ml - given, _NONE), 1)


def left_between(s: Infusion, bag: BagState) -> tuple[Decimal, Decimal]:
    """What is left in a bag, at least and at most: as a person read it, else what the counted drops leave of it."""
    if bag.emptied_at is not None:
        return _NONE, _NONE
    if bag.left_ml is not None:
        return bag.left_ml, bag.left_ml
    if bag.hung_at is None or s.ended_at is None:
        return bag.volume_ml, bag.volume_ml
    given = delivered(s, s.ended_at)
    before = [flowed_ml(s, b) for b in s.bags.values() if b.hung_at and b.hung_at < bag.hung_at]
    least = bag.volume_ml - given.most_ml + sum((low for low, _ in before), _NONE)
    most = bag.volume_ml - given.least_ml + sum((high for _, high in before), _NONE)
    return max(least, _NONE), min(most, bag.volume_ml)


def is_off(s: Infusion, bag: BagState, destroyed_ml: Decimal) -> bool:
    """Whether given and destroyed differ from the bag's volume by more than the protocol lets pass."""
    if s.protocol.ending is None:
        return False
    off, (least, most) = s.protocol.ending.destroyed_off_ml, left_between(s, bag)
    return not least - off <= destroyed_ml <= most + off
