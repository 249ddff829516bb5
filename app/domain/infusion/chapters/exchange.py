"""A release goes from the pharmacy's laptop to the ward's, and a nurse receives it. What arrives is read in `arrival`."""

from datetime import datetime

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.log import Entry
from app.domain.people.roles import Person, Role
from app.domain.products.parcel import Laptop, digest, packed
from app.domain.texts import say

from . import allow
from .bench import ready_to_release
from .chapter import Command, Effects, Events, Rules, Wordings


class SendRelease(Command, frozen=True):
    """`people`: those known here, of whom the ward is told who acted."""

    title = say("send the release")

    sender: Laptop
    to: Laptop
    people: tuple[Person, ...]


class Receive(Command, frozen=True):
    title = say("receive")


def send_release(state: Infusion, command: SendRelease, by: Person, now: datetime) -> Events:
    """To the ward's laptop, where it goes on; here it is closed."""
    allow.role(by, {Role.PHARMACIST})
    allow.phase(state, {Phase.RELEASED}, say("Only a release that no nurse has received yet can be sent."))
    for bag in loose(state):
        raise Refused(say("Bag {bag} is not released for this dose. Set it aside first.", bag=bag.bag.bag_id))
    ready_to_release(state, now)
    parcel = packed(state.log, command.sender, command.to, command.people)
    return [e.ReleaseSent(command.to.store_id, command.to.name, digest(parcel))]


def loose(state: Infusion) -> list[BagState]:
    """Bags at hand that are no part of what was released."""
    planned = {bag.bag.bag_id for bag in state.planned_bags if bag.released_by is not None}
    return [bag for bag_id, bag in state.bags.items() if bag.usable and bag_id not in planned]


def receive(state: Infusion, _command: Receive, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.NURSE})
    allow.phase(state, {Phase.RELEASED}, say("Nothing has been released to receive."))
    return [e.Received()]


def _sent(s: Infusion, _entry: Entry, ev: e.ReleaseSent) -> None:
    s.sent = ev
    for bag in s.bags.values():
        bag.place = "sent" if bag.usable else "here"


def _came(s: Infusion, _entry: Entry, ev: e.ReleaseArrived) -> None:
    s.came = ev
    for bag in s.bags.values():
        bag.place = "came" if bag.usable else "stayed"


def _received(s: Infusion, entry: Entry, _ev: e.Received) -> None:
    s.received_by = s.nurse = entry.by


RULES: Rules = {SendRelease: send_release, Receive: receive}
EFFECTS: Effects = {e.ReleaseSent: _sent, e.ReleaseArrived: _came, e.Received: _received}
WORDS: Wordings = {}
