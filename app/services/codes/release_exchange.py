"""Releases between the pharmacy's laptop and the ward's: who is known, what is sent, what is taken in."""

import uuid
from collections.abc import Callable
from functools import cached_property

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.arrival import Place, arrived, taken_in
from app.domain.infusion.chapters.exchange import SendRelease
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.people import accounts as a
from app.domain.people.laptops import LaptopAdded, PersonMet
from app.domain.people.roles import Person
from app.domain.people.signed_heads import HeadKept
from app.domain.products.parcel import Laptop, Parcel, packed
from app.domain.texts import say
from app.domain.typed_texts import sentence
from app.services.access import seals
from app.services.access.people import People
from app.services.ward.dispensing import refuse_held
from app.services.ward.ports import Done, Outcome, ignore
from app.services.ward.ward import Bedside

from . import code_lines as codes
from .remembered_heads import Chain, RememberedHeads


class Exchange:
    """On the deciding thread. `own` is asked for when this laptop's card is first needed."""

    def __init__(self, bedside: Bedside, people: People, own: Callable[[], seals.Own], chain: Chain) -> None:
        self._bedside, self._people, self._own = bedside, people, own
        self.heads = RememberedHeads(chain, people, lambda: self.own)

    @cached_property
    def own(self) -> seals.Own:
        """This laptop's card and key."""
        return self._own()

    # --- laptops

    @property
    def laptops(self) -> list[LaptopAdded]:
        """Those with which releases are exchanged, by name."""
        return self._people.laptops.all

    def card_lines(self) -> tuple[str, ...]:
        """This laptop's own code."""
        return codes.lines("BEDSIDE-LAPTOP", seals.written(self.own.card))

    def judge_card(self, card: seals.LaptopCard) -> None:
        """Raises `Refused` for a laptop with which nothing can be exchanged."""
        if card.store_id == self.own.card.store_id:
            raise Refused(say("This is this laptop's own code. Scan the other one's."))
        if card.practice != self.own.card.practice:
            raise Refused(say("Practice and real records do not mix: this laptop was not added."))

    def add(self, card: seals.LaptopCard, by: Person | None) -> None:
        """Trust what this laptop signs from now on, and send to it. Raises `Refused`."""
        self._administers(by)
        self.judge_card(card)
        self._people.happened(LaptopAdded(card.store_id, sentence(card.name), card.public_key), by)

    def remove(self, store_id: str, reason: str, by: Person | None) -> None:
        """Raises `Refused`."""
        self._administers(by)
        self._people.happened(self._people.laptops.remove(store_id, reason), by)

    def _administers(self, by: Person | None) -> None:
        if not self._bedside.practice:
            a.administers(by)

    # --- the pharmacy's side

    def command(self, to: LaptopAdded) -> SendRelease:
        """What the pharmacist asks for; once it is saved, `release_lines` gives the codes."""
        return SendRelease(self.own.card.laptop, Laptop(to.store_id, to.name), tuple(self._people.by_id.values()))

    def release_lines(self, state: Infusion) -> tuple[str, ...]:
        """The codes of a release that was sent, the same each time. Raises `Refused` for one that was not."""
        sent = state.sent
        if sent is None:
            raise Refused(say("This release was not sent."))
        entries = state.log
        at = next(n for n, x in enumerate(entries) if x.event is sent)
        before, sending = entries[:at], entries[at]
        parcel = packed(before, self.own.card.laptop, Laptop(sent.to_store, sent.to_name), self._people.by_id.values())
        heads = self.heads.at_event(sending.event_id, sending.at, sent.to_store)
        return codes.lines("BEDSIDE-RELEASE", self.own.sealed(msgspec.structs.replace(parcel, heads=heads)))

    def names(self) -> dict[str, str]:
        """Of the people known here, by id."""
        return {person_id: person.name for person_id, person in self._people.by_id.items()}

    # --- the ward's side

    def opened(self, data: bytes) -> Parcel:
        """A release of a laptop that is known here, unchanged. Raises `Refused`."""
        sealed = seals.unsealed(data)
        return sealed.believe(self.key_of(sealed.parcel.sender))

    def key_of(self, sender: Laptop) -> bytes:
        """The public key of a laptop that an administrator made known. Raises `Refused`."""
        known = self._people.laptops.get(sender.store_id)
        if known is None:
            raise Refused(say("The laptop {name} is not known here. An administrator adds it in Settings first.", name=sender.name))
        return known.public_key

    def judge(self, parcel: Parcel) -> Infusion:
        """The infusion as it would be taken in. Raises `Refused`."""
        bedside = self._bedside
        place = Place(self.own.card.store_id, bedside.practice, bedside.files.of, bedside.trial.sha256, self.names())
        state = arrived(parcel, place, bedside.now())
        if bedside.knows(state.infusion_id) or state.infusion_id in bedside.past.infusion_ids:
            raise Refused(say("This release was taken in here before. It counts once."))
        bedside.bed_is_free(state.order.bed)
        for bag_id in state.bags:
            refuse_held(bag_id, bedside.holder_of(bag_id, state.infusion_id))
        return state

    def take_in(self, parcel: Parcel, by: Person, done: Done = ignore) -> str:
        """Take it in, once, and give back the infusion's id. Raises `Refused`."""
        infusion_id, found = self.judge(parcel).infusion_id, self.found(parcel)
        arrival = Entry(uuid.uuid4().hex, infusion_id, self._bedside.now(), by.person_id, taken_in(parcel, by))

        def taken(outcome: Outcome) -> None:
            if outcome.ok:
                self._meet(parcel, by)
                if found is not None:
                    self.heads.keep(found, by)
            done(outcome)

        self._bedside.begin(infusion_id, [*parcel.entries, arrival], taken)
        return infusion_id

    def found(self, parcel: Parcel) -> HeadKept | None:
        """What is to be remembered of the sender's record, and is wrong with it or with this one; it hinders no release."""
        return None if parcel.heads is None else self.heads.judged(parcel.heads, parcel.sender.name)

    # --- what laptops remember of each other

    def receipt_lines(self, to: LaptopAdded) -> tuple[str, ...]:
        """Codes of what the other laptop is to remember of this one, and of what this one remembers of it."""
        return codes.lines("BEDSIDE-RECEIPT", self.own.sealed_receipt(self.heads.receipt(to, self._bedside.now())))

    def receipt(self, data: bytes) -> HeadKept:
        """What a receipt for this laptop tells. Raises `Refused`."""
        sealed = seals.unsealed_receipt(data)
        receipt = sealed.believe(self.key_of(sealed.parcel.sender))
        if receipt.to.store_id != self.own.card.store_id:
            raise Refused(say("This receipt is for the laptop {name}, not for this one.", name=receipt.to.name))
        return self.heads.judged(receipt.heads, receipt.sender.name)

    def _meet(self, parcel: Parcel, by: Person) -> None:
        """From now on the record names the people of the other laptop; they cannot sign in here."""
        for person in parcel.people:
            if person.person_id not in self._people.by_id:
                event = PersonMet(person.person_id, person.name, person.role, parcel.sender.store_id)
                self._people.happened(event, by)
