"""A release comes to the ward's laptop: whatever the pharmacy's had to pass, it passes here once more."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from app.domain.errors import Broken, Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.people.roles import CLINICAL, Person, Role
from app.domain.people.signatures import misfits
from app.domain.products.parcel import Parcel, digest
from app.domain.protocol import Protocol
from app.domain.texts import Dated, say

from .chapters import allow
from .chapters.bench import ready_to_release
from .chapters.exchange import loose


class Place(msgspec.Struct, frozen=True):
    """Where it arrives: this store, the protocol file in force, and the people that it knows by id.

    `protocol_of`: what an order's file and site settings mean here; None where they cannot be read.
    """

    store_id: str
    practice: bool
    protocol_of: Callable[[e.Ordered], Protocol | None]
    protocol_sha256: str
    names: Mapping[str, str]


def arrived(parcel: Parcel, place: Place, now: datetime) -> Infusion:
    """The infusion as it was released. Raises `Refused`: nothing of it may then be taken in."""
    if parcel.to.store_id != place.store_id:
        raise Refused(say("This release is for the laptop {name}, not for this one.", name=parcel.to.name))
    _same_people(parcel, place)
    state = _replayed(parcel, place)
    if state.last_at is not None and state.last_at > now:
        raise Refused(
            say("By the clock of {name} it is later than here: released at {at}. Set the clocks right, or try again then.",
                name=parcel.sender.name, at=Dated(state.last_at))
        )  # fmt: skip
    if state.phase is not Phase.RELEASED or state.came is not None or loose(state):
        raise Refused(say("This is no release that waits to be received."))
    if Role.PHARMACIST not in {person.role for person in parcel.people if person.person_id == state.released_by}:
        raise _damaged()
    ready_to_release(state, now)
    return state


def _same_people(parcel: Parcel, place: Place) -> None:
    for person in parcel.people:
        here = place.names.get(person.person_id, person.name)
        if here != person.name:
            raise two_people(person, here)


def two_people(person: Person, here: str) -> Refused:
    return Refused(
        say("{person} is {there} at the pharmacy and {here} here. A staff number must mean one person everywhere.",
            person=person.person_id, there=person.name, here=here)
    )  # fmt: skip


def _replayed(parcel: Parcel, place: Place) -> Infusion:
    order = parcel.entries[0].event if parcel.entries else None
    if not isinstance(order, e.Ordered) or {x.stream for x in parcel.entries} != {parcel.entries[0].stream}:
        raise _damaged()
    if order.practice != place.practice:
        raise Refused(say("Practice and real records do not mix: this release was not taken in."))
    if order.protocol_sha256 != place.protocol_sha256:
        raise Refused(
            say("It was released by another protocol: {id} {version}. Both laptops need the same one.",
                id=order.protocol_id, version=order.protocol_version)
        )  # fmt: skip
    protocol = place.protocol_of(order)
    if protocol is None or any(misfits(parcel.entries)):
        raise _damaged()
    try:
        return replay(parcel.entries[0].stream, parcel.entries, protocol)
    except (Broken, KeyError):
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused(say("The release is not whole. Nothing was taken in: have it sent again."))


def taken_in(parcel: Parcel, by: Person) -> e.ReleaseArrived:
    """What is recorded here of its arrival. Raises `Refused`."""
    allow.role(by, CLINICAL)
    return e.ReleaseArrived(parcel.sender.store_id, parcel.sender.name, digest(parcel))
