"""An enrolment on its way from the investigator's laptop to the ward's: who is enrolled, who signed it, the doses so far.

Of the subject nothing else travels. It can be sent again after a further dose: the newest counts.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec

from app.domain.errors import Refused
from app.domain.log import Event
from app.domain.people.signed_heads import Heads
from app.domain.products.parcel import Laptop
from app.domain.protocol import Protocol
from app.domain.texts import Dated, say

from . import subject_facts as f
from .subject_commands import SendEnrolment
from .subject_state import SubjectState

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class SentDose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dose as it travels."""

    infusion_id: str
    number: int
    started_at: Moment
    ended_at: Moment | None = None


class EnrolmentParcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`enrolment_id`: the signed entry's on the sender's record, by which a later parcel is known to be of the same enrolment.

    `heads`: what the sender signs of its record as it is when this goes out.
    """

    sender: Laptop
    to: Laptop
    subject: str
    practice: bool
    protocol_id: str
    as_of: Moment
    enrolment_id: str
    group: str
    cohort: f.Cohort
    on: date
    signed_by: str
    printed_name: str
    signed_at: Moment
    doses: tuple[SentDose, ...]
    heads: Heads | None = None


class Receiver(msgspec.Struct, frozen=True):
    """Where it arrives: this store, the protocol in force, and the names of people known by id."""

    store_id: str
    practice: bool
    protocol: Protocol
    names: Mapping[str, str]


def encoded(parcel: EnrolmentParcel) -> bytes:
    """Canonical JSON."""
    return msgspec.json.encode(parcel, order="sorted")


def decoded(data: bytes) -> EnrolmentParcel:
    """Raises `msgspec.MsgspecError` for what is no enrolment."""
    return msgspec.json.decode(data, type=EnrolmentParcel)


def digest(parcel: EnrolmentParcel) -> str:
    """SHA-256 (hex) by which both sides name it; its heads are of later than this is saved."""
    return hashlib.sha256(encoded(msgspec.structs.replace(parcel, heads=None))).hexdigest()


# --- sending


def send_enrolment(state: SubjectState, c: SendEnrolment, protocol: Protocol, now: datetime) -> list[Event]:
    """Raises `Refused`."""
    sent = f.EnrolmentSent(c.to.store_id, c.to.name, now, c.doses, "")
    return [msgspec.structs.replace(sent, sha256=digest(packed(state, sent, c.sender, c.practice, protocol.id)))]


def packed(state: SubjectState, sent: f.EnrolmentSent, sender: Laptop, practice: bool, protocol_id: str) -> EnrolmentParcel:
    """The same each time for what was sent, so that its codes can be shown again. Raises `Refused`."""
    entry = state.enrolment
    if entry is None or not isinstance(entry.event, f.SubjectEnrolled):
        raise Refused(say("{subject} is not enrolled.", subject=state.code))
    made = entry.event
    if made.elsewhere:
        raise Refused(say("{subject} was enrolled on another laptop: the enrolment is sent from there.", subject=state.code))
    if state.left is not None:
        raise Refused(say("This subject has left the trial."))
    return EnrolmentParcel(
        sender, Laptop(sent.to_store, sent.to_name), state.code, practice, protocol_id, sent.as_of, entry.event_id, made.group,
        made.cohort, made.on, entry.by or "", made.printed_name, entry.at,
        tuple(SentDose(*msgspec.structs.astuple(dose)) for dose in sent.doses),
    )  # fmt: skip


# --- arriving


def arrived(parcel: EnrolmentParcel, state: SubjectState | None, here: Receiver, now: datetime) -> f.EnrolmentArrived:
    """What is recorded of it on the ward's laptop. Raises `Refused`: nothing of it may then be taken in."""
    if parcel.to.store_id != here.store_id:
        raise Refused(say("This enrolment is for the laptop {name}, not for this one.", name=parcel.to.name))
    if parcel.practice != here.practice:
        raise Refused(say("Practice and real records do not mix: this enrolment was not taken in."))
    if parcel.protocol_id != here.protocol.id:
        raise Refused(say("This is an enrolment in another trial: {id}.", id=parcel.protocol_id))
    if parcel.as_of > now:
        raise Refused(
            say("By the clock of {name} it is later than here: sent at {at}. Set the clocks right, or try again then.",
                name=parcel.sender.name, at=Dated(parcel.as_of))
        )  # fmt: skip
    _is_whole(parcel, here.protocol)
    known = here.names.get(parcel.signed_by, parcel.printed_name)
    if known != parcel.printed_name:
        raise Refused(
            say("{person} is {there} on the other laptop and {here} here. A staff number must mean one person everywhere.",
                person=parcel.signed_by, there=parcel.printed_name, here=known)
        )  # fmt: skip
    if state is not None:
        _fits(parcel, state)
    doses = tuple(f.DoseElsewhere(*msgspec.structs.astuple(dose)) for dose in parcel.doses)
    return f.EnrolmentArrived(
        parcel.enrolment_id, parcel.group, parcel.cohort, parcel.on, parcel.signed_by, parcel.printed_name, parcel.signed_at,
        parcel.sender.store_id, parcel.sender.name, parcel.as_of, doses, digest(parcel),
    )  # fmt: skip


def _is_whole(parcel: EnrolmentParcel, protocol: Protocol) -> None:
    """A signed file holds what could have happened, or nothing of it is believed."""
    numbers, ids = [d.number for d in parcel.doses], {d.infusion_id for d in parcel.doses}
    try:
        most = protocol.doses_in(parcel.group)
    except Refused:
        most = 0
    is_signed = parcel.signed_by and parcel.printed_name and parcel.enrolment_id and parcel.signed_at <= parcel.as_of
    past = all(d.started_at <= (d.ended_at or d.started_at) <= parcel.as_of for d in parcel.doses)
    is_counted = len(ids) == len(numbers) and all(1 <= n <= most for n in numbers)
    if not (is_signed and past and parcel.subject and most and is_counted):
        raise Refused(say("The enrolment is not whole. Nothing was taken in: have it sent again."))


def _fits(parcel: EnrolmentParcel, state: SubjectState) -> None:
    """What is known of the subject here goes on to hold."""
    made, came = state.enrolled, state.came
    if made is not None and not made.elsewhere:
        raise Refused(say("{subject} is enrolled already.", subject=state.code))
    if made is None and state.screened is not None:
        raise Refused(say("{subject} was screened here: it is enrolled on the Trial page.", subject=state.code))
    if state.left is not None:
        raise Refused(say("This subject has left the trial."))
    if came is not None:
        _is_newer(parcel, came, state.code)
    elif made is not None and made.group != parcel.group:
        raise Refused(
            say("{subject} is in group {here} here and in group {there} on the other laptop: an investigator looks into it.",
                subject=state.code, here=made.group, there=parcel.group)
        )  # fmt: skip


def _is_newer(parcel: EnrolmentParcel, came: f.EnrolmentArrived, code: str) -> None:
    if parcel.enrolment_id != came.enrolment_id or parcel.sender.store_id != came.from_store:
        raise Refused(say("{subject} came from the laptop {name} by another enrolment. Nothing was taken in.",
                          subject=code, name=came.from_name))  # fmt: skip
    if digest(parcel) == came.sha256:
        raise Refused(say("This enrolment was taken in here before. It counts once."))
    if parcel.as_of <= came.as_of:
        raise Refused(say("This enrolment is older than the one that was taken in here, of {at}.", at=Dated(came.as_of)))
