"""What lists and orders must know of an infusion, whether it is at hand or was put away: one line of it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion


class KnownInfusion(msgspec.Struct, frozen=True):
    """`reached_at`: since when it is in its phase; `bags`: the ids of all that it took."""

    infusion_id: str
    subject: str
    bed: str
    group: str
    dose_number: int
    phase: Phase
    ordered_at: datetime
    reached_at: datetime
    started_at: datetime | None
    sent_at: datetime | None
    weight_kg: Decimal | None
    bags: tuple[str, ...]


def known(s: Infusion) -> KnownInfusion:
    order = s.order
    return KnownInfusion(
        s.infusion_id, order.subject, order.bed, order.group, order.dose_number, s.phase, s.ordered_at, s.reached[s.phase],
        s.started_at, s.reached.get(Phase.SENT), s.weight.weight_kg if s.weight else None, tuple(s.bags),
    )  # fmt: skip


def last_weight_kg(of: KnownInfusion, infusions: Iterable[KnownInfusion]) -> Decimal | None:
    """What the subject weighed at the order before this one; None where none of `infusions` tells."""
    before = [s for s in infusions if s.subject == of.subject and s.ordered_at < of.ordered_at and s.weight_kg is not None]
    latest = max(before, key=lambda s: s.ordered_at, default=None)
    return latest.weight_kg if latest else None
