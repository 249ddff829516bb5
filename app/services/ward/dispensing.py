"""What a bench must know of other infusions: who else has a bag, what was given before."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.found.dose_order import DoseBefore
from app.domain.texts import Dated, Text, say

from .known_infusion import KnownInfusion


class Holder(msgspec.Struct, frozen=True):
    """An infusion that has a bag, used or set aside. `taken_at`: when, for one that this store closed before; else None."""

    bag_id: str
    infusion_id: str
    subject: str
    bed: str
    taken_at: datetime | None = None


class Past(NamedTuple):
    """What a store knows of infusions that it closed before: last weights and doses by subject, ids, and who ever took a bag."""

    weights_kg: Mapping[str, Decimal] = MappingProxyType({})
    doses: Mapping[str, Sequence[DoseBefore]] = MappingProxyType({})
    infusion_ids: Container[str] = frozenset()
    who_took: Callable[[str], Sequence[Holder]] = lambda _bag_id: ()


class PastKnown(Protocol):
    """The same, which may be read when it is asked for."""

    @property
    def weights_kg(self) -> Mapping[str, Decimal]: ...
    @property
    def doses(self) -> Mapping[str, Sequence[DoseBefore]]: ...
    @property
    def infusion_ids(self) -> Container[str]: ...
    @property
    def who_took(self) -> Callable[[str], Sequence[Holder]]: ...


NO_PAST = Past()


def holders(infusions: Iterable[KnownInfusion]) -> Iterable[Holder]:
    """Who has which bag."""
    return (Holder(bag_id, s.infusion_id, s.subject, s.bed) for s in infusions for bag_id in s.bags)


def holder_of(bag_id: str, infusions: Iterable[KnownInfusion], past: Sequence[Holder], but: str) -> Holder | None:
    """Another infusion that has this bag, of this run or of the past; `but` is the one that asks. Case makes no other bag."""
    wanted = bag_id.casefold()
    found = (h for h in (*holders(infusions), *past) if h.infusion_id != but and h.bag_id.casefold() == wanted)
    return next(found, None)


def held(bag_id: str, holder: Holder) -> Text:
    if holder.taken_at is None:
        return say("Bag {bag} belongs to another infusion: subject {subject}, bed {bed}.",
                   bag=bag_id, subject=holder.subject, bed=holder.bed)  # fmt: skip
    return say("Bag {bag} was taken on {at} for subject {subject}, bed {bed}. The same bag is never used twice.",
               bag=bag_id, at=Dated(holder.taken_at), subject=holder.subject, bed=holder.bed)  # fmt: skip


def refuse_held(bag_id: str, holder: Holder | None) -> None:
    if holder is not None:
        raise Refused(held(bag_id, holder))
