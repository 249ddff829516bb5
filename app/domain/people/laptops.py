"""The other laptops that releases come from and go to: which they are, and who acted on them."""

from app.domain.errors import Refused
from app.domain.log import Event, ReviewGroup
from app.domain.texts import say

from .roles import Role
from .signed_heads import HeadKept, SeenHeads


class LaptopAdded(Event, frozen=True):
    """A laptop with which releases are exchanged from now on; its name, and its key by which it signs them."""

    sentence = say("Laptop {name} added, to exchange releases with")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    store_id: str
    name: str
    public_key: bytes


class PersonMet(Event, frozen=True):
    """Somebody who acted on another laptop, whose release came here."""

    sentence = say("Known from another laptop: {name} ({number}), {role}")

    person_id: str
    name: str
    role: Role
    store_id: str


class LaptopRemoved(Event, frozen=True):
    sentence = say("Laptop {store_id} removed: {reason}")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    store_id: str
    reason: str


LaptopEvent = LaptopAdded | LaptopRemoved | PersonMet | HeadKept


class Laptops:
    """The laptops with which releases are exchanged, by their stores' ids; `heads`: which records they and this one have seen."""

    def __init__(self) -> None:
        self._by_id: dict[str, LaptopAdded] = {}
        self.heads = SeenHeads()

    @property
    def all(self) -> list[LaptopAdded]:
        return sorted(self._by_id.values(), key=lambda laptop: (laptop.name, laptop.store_id))

    def get(self, store_id: str) -> LaptopAdded | None:
        return self._by_id.get(store_id)

    def apply(self, event: Event) -> None:
        self.heads.apply(event)
        if isinstance(event, LaptopAdded):
            self._by_id[event.store_id] = event
        elif isinstance(event, LaptopRemoved):
            self._by_id.pop(event.store_id, None)

    def remove(self, store_id: str, reason: str) -> LaptopRemoved:
        """Raises `Refused`."""
        if store_id not in self._by_id:
            raise Refused(say("This laptop is not on the list."))
        if not reason.strip():
            raise Refused(say("Give a reason."))
        return LaptopRemoved(store_id, reason.strip())
