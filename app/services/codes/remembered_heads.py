"""Heads between laptops: what this one says of its record, what it keeps of others, and what it finds when both are compared."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from app.domain.people.laptops import LaptopAdded
from app.domain.people.roles import Person
from app.domain.people.signed_heads import HeadKept, Heads, OwnRecord, SignedHead, judged_here, judged_there
from app.domain.products.parcel import Laptop, Receipt
from app.services.access.people import People
from app.services.access.seals import Own


class ChainPlace(Protocol):
    """Where an event stands in the chain."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> str: ...


class Beginning(Protocol):
    @property
    def store_id(self) -> str: ...
    @property
    def genesis(self) -> str: ...


class Chain(Protocol):
    """The record's own chain, as far as it is saved."""

    def info(self) -> Beginning: ...
    def head(self) -> ChainPlace: ...
    def hash_at(self, seq: int, /) -> str | None: ...
    def place(self, event_id: str, /) -> ChainPlace: ...


class RememberedHeads:
    """On the deciding thread. `own`: this laptop's card and key."""

    def __init__(self, chain: Chain, people: People, own: Callable[[], Own]) -> None:
        self._chain, self._people, self._own = chain, people, own

    @property
    def founder(self) -> str:
        """The fingerprint of the key that this record was founded with."""
        return self._people.keys.ring.founder

    @property
    def meetings(self) -> list[HeadKept]:
        """Of each laptop that has seen this record, where it told the most of it."""
        return self._people.laptops.heads.meetings

    def _signed(self, place: ChainPlace, at: datetime) -> SignedHead:
        return self._own().signed_head(self.founder, place.seq, place.hash, at)

    def at_event(self, event_id: str, at: datetime, to_store: str) -> Heads:
        """What goes with what that event sent: the same each time, but for what was heard of the receiver since."""
        return Heads(self._signed(self._chain.place(event_id), at), self._people.laptops.heads.of(to_store))

    def receipt(self, to: LaptopAdded, now: datetime) -> Receipt:
        heads = Heads(self._signed(self._chain.head(), now), self._people.laptops.heads.of(to.store_id))
        return Receipt(self._own().card.laptop, Laptop(to.store_id, to.name), heads)

    def judged(self, heads: Heads, name: str) -> HeadKept:
        """What is to be remembered of the laptop `name`, and what is wrong with either record."""
        own, seen = heads.own, heads.seen
        here = "" if seen is None else judged_here(seen, self._here())
        return HeadKept(name, own, seen, here, judged_there(self._people.laptops.heads.of(own.store_id), own))

    def keep(self, kept: HeadKept, by: Person | None) -> None:
        self._people.happened(kept, by)

    def _here(self) -> OwnRecord:
        info = self._chain.info()
        return OwnRecord(info.store_id, info.genesis, self.founder, self._chain.head().seq, self._chain.hash_at)
