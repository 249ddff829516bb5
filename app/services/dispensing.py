"""What a bench must know of other infusions: who else has a bag, what a subject weighed last time."""

from collections.abc import Iterable
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import Infusion
from app.domain.texts import Text, say


def holder_of(bag_id: str, infusions: Iterable[Infusion], but: str) -> Infusion | None:
    """Another infusion that has this bag, used or set aside; `but` is the one that asks."""
    return next((s for s in infusions if s.infusion_id != but and bag_id in s.bags), None)


def held(bag_id: str, holder: Infusion) -> Text:
    return say("Bag {bag} belongs to another infusion: subject {subject}, bed {bed}.",
               bag=bag_id, subject=holder.order.subject, bed=holder.order.bed)  # fmt: skip


def refuse_held(bag_id: str, infusions: Iterable[Infusion], but: str) -> None:
    holder = holder_of(bag_id, infusions, but)
    if holder is not None:
        raise Refused(held(bag_id, holder))


def last_weight_kg(state: Infusion, infusions: Iterable[Infusion]) -> Decimal | None:
    """What the subject weighed at the order before this one; None where none of `infusions` tells."""
    before = [s for s in infusions if s.order.subject == state.order.subject and s.ordered_at < state.ordered_at]
    weighed = [s for s in before if s.weight is not None]
    latest = max(weighed, key=lambda s: s.ordered_at, default=None)
    return latest.weight.weight_kg if latest and latest.weight else None
