"""Bag accountability: what came of every bag of a store, and of every lot. Volumes in ml.

Computed from the infusions' events alone. A bag counts once, however often its label was read; what is known only as an
interval stays one.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import groupby

import msgspec

from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.phases import BEFORE_START, INFUSING
from app.domain.infusion.state import BagState, Infusion

_NONE = Decimal(0)


class BagAccount(msgspec.Struct, frozen=True):
    """One bag. `left_over_ml` None: it is in use, or nobody could read what was left in it."""

    lot: str
    bag_id: str
    received_ml: Decimal
    is_released: bool
    drawn_off_ml: Decimal
    infused_least_ml: Decimal
    infused_most_ml: Decimal
    left_over_ml: Decimal | None
    destroyed_ml: Decimal
    sent_ml: Decimal = _NONE
    returned_ml: Decimal = _NONE

    @property
    def balance_ml(self) -> tuple[Decimal, Decimal]:
        """What must still be there, at least and at most: 0 when everything is accounted for."""
        kept = self.received_ml - self.drawn_off_ml - self.destroyed_ml - self.sent_ml - self.returned_ml
        return kept - self.infused_most_ml, kept - self.infused_least_ml


class LotAccount(msgspec.Struct, frozen=True):
    """The sums of one lot's bags. `unread`: bags of which nobody knows what was left over."""

    lot: str
    received: int
    received_ml: Decimal
    released: int
    released_ml: Decimal
    drawn_off_ml: Decimal
    infused_least_ml: Decimal
    infused_most_ml: Decimal
    left_over_ml: Decimal
    unread: int
    destroyed_ml: Decimal
    balance_least_ml: Decimal
    balance_most_ml: Decimal
    sent_ml: Decimal = _NONE
    returned_ml: Decimal = _NONE


class Repeated(msgspec.Struct, frozen=True):
    """A bag that was entered in more than one infusion; it may be given in one only."""

    bag_id: str
    subjects: tuple[str, ...]


class Accountability(msgspec.Struct, frozen=True):
    """By lot and bag number."""

    bags: tuple[BagAccount, ...]
    lots: tuple[LotAccount, ...]
    repeated: tuple[Repeated, ...]


def accounts(states: Iterable[Infusion], now: datetime) -> Accountability:
    """Everything as it stands at `now`. Of each state only what came of its bags is kept."""
    found: dict[tuple[str, str], list[BagAccount]] = {}
    seen: dict[str, list[str]] = {}
    for state in states:
        for account in _of_infusion(state, now):
            found.setdefault((account.lot, account.bag_id), []).append(account)
            seen.setdefault(account.bag_id, []).append(state.order.subject)
    bags = tuple(_once(found[key]) for key in sorted(found))
    lots = groupby(bags, key=lambda bag: bag.lot)
    repeated = (Repeated(bag_id, tuple(subjects)) for bag_id, subjects in sorted(seen.items()) if len(subjects) > 1)
    return Accountability(bags, tuple(_lot(lot, list(inside)) for lot, inside in lots), tuple(repeated))


def _of_infusion(state: Infusion, now: datetime) -> list[BagAccount]:
    have, known = delivered(state, state.ended_at or now), _NONE
    infused: dict[str, tuple[Decimal, Decimal]] = {}
    for bag_id, bag in state.bags.items():
        exact = _exactly_infused(state, bag)
        if exact is not None:
            infused[bag_id], known = (exact, exact), known + exact
    hanging = state.hanging
    if hanging is not None and hanging.bag.bag_id not in infused:
        ends = (min(max(ml - known, _NONE), hanging.volume_ml) for ml in (have.least_ml, have.most_ml))
        infused[hanging.bag.bag_id] = (next(ends), next(ends))
    return [_bag(state, bag, infused[bag_id]) for bag_id, bag in state.bags.items() if bag.place != "stayed"]


def _exactly_infused(state: Infusion, bag: BagState) -> Decimal | None:
    """None while it hangs, and where nobody could read what was left in it."""
    if bag.hung_at is None or _gone_before_start(state, bag):
        return _NONE
    if bag.emptied_at is not None:
        return bag.volume_ml
    return None if bag.left_ml is None else bag.volume_ml - bag.left_ml


def _gone_before_start(state: Infusion, bag: BagState) -> bool:
    gone_at, started_at = bag.taken_down_at, state.started_at
    return gone_at is not None and (started_at is None or gone_at <= started_at)


def _bag(state: Infusion, bag: BagState, infused: tuple[Decimal, Decimal]) -> BagAccount:
    """A bag that came from the pharmacy's laptop came as it was after the bench."""
    came = bag.place == "came"
    return BagAccount(
        bag.bag.lot,
        bag.bag.bag_id,
        bag.volume_ml if came else bag.bag.volume_ml,
        state.released_by is not None and bag.certificate is not None and bag.rejected is None,
        _NONE if came else bag.drawn_off_ml,
        *infused,
        _left_over(state, bag, infused),
        bag.destroyed_ml or _NONE,
        bag.volume_ml if bag.place == "sent" else _NONE,
        bag.volume_ml if bag.returned and bag.destroyed_ml is None else _NONE,
    )


def _left_over(state: Infusion, bag: BagState, infused: tuple[Decimal, Decimal]) -> Decimal | None:
    if bag.place == "sent" or bag.returned:
        return _NONE
    waits = bag.usable and bag.hung_at is None and state.phase in (*BEFORE_START, *INFUSING)
    if waits or (bag.hanging and bag.left_ml is None):
        return None
    return bag.volume_ml - infused[0]


def _once(readings: list[BagAccount]) -> BagAccount:
    """One bag whose label was read for several infusions: it came in once; whatever was done to it adds up."""
    first, *others = readings
    for other in others:
        first = msgspec.structs.replace(
            first,
            is_released=first.is_released or other.is_released,
            drawn_off_ml=first.drawn_off_ml + other.drawn_off_ml,
            infused_least_ml=first.infused_least_ml + other.infused_least_ml,
            infused_most_ml=first.infused_most_ml + other.infused_most_ml,
            left_over_ml=_least(first.left_over_ml, other.left_over_ml),
            destroyed_ml=first.destroyed_ml + other.destroyed_ml,
            sent_ml=first.sent_ml + other.sent_ml,
            returned_ml=first.returned_ml + other.returned_ml,
        )
    return first


def _least(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else min(one, other)


def _lot(lot: str, bags: list[BagAccount]) -> LotAccount:
    released = [bag for bag in bags if bag.is_released]
    return LotAccount(
        lot,
        len(bags),
        _sum(bag.received_ml for bag in bags),
        len(released),
        _sum(bag.received_ml for bag in released),
        _sum(bag.drawn_off_ml for bag in bags),
        _sum(bag.infused_least_ml for bag in bags),
        _sum(bag.infused_most_ml for bag in bags),
        _sum(bag.left_over_ml or _NONE for bag in bags),
        sum(bag.left_over_ml is None for bag in bags),
        _sum(bag.destroyed_ml for bag in bags),
        _sum(bag.balance_ml[0] for bag in bags),
        _sum(bag.balance_ml[1] for bag in bags),
        _sum(bag.sent_ml for bag in bags),
        _sum(bag.returned_ml for bag in bags),
    )


def _sum(volumes: Iterable[Decimal]) -> Decimal:
    return sum(volumes, _NONE)
