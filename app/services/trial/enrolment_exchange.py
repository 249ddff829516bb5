"""Enrolments between the investigator's laptop and the ward's, as codes or a file: sent, read, taken in."""

from collections.abc import Callable

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.chapters import allow
from app.domain.log import Entry
from app.domain.people.laptops import LaptopAdded
from app.domain.people.roles import CLINICAL, Person
from app.domain.people.signed_heads import HeadKept
from app.domain.products.parcel import Laptop
from app.domain.texts import say
from app.domain.trial.subject.enrolment_parcel import EnrolmentParcel, Receiver, arrived, packed
from app.domain.trial.subject.subject_commands import SendEnrolment
from app.domain.trial.subject.subject_facts import DoseElsewhere, EnrolmentArrived, EnrolmentSent
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import DoseGiven
from app.services.access import seals
from app.services.codes import code_lines as codes
from app.services.codes.release_exchange import Exchange
from app.services.ward.ports import Done, Outcome, ignore

from .trial_desk import TrialDesk


class EnrolmentExchange:
    """On the deciding thread, with the laptops that releases are exchanged with. `desk` is asked for when it is needed."""

    def __init__(self, exchange: Exchange, desk: Callable[[], TrialDesk | None]) -> None:
        self._exchange, self._desk = exchange, desk

    @property
    def laptops(self) -> list[LaptopAdded]:
        """Those with which anything is exchanged, by name."""
        return self._exchange.laptops

    @property
    def desk(self) -> TrialDesk:
        """Raises `Refused` where the protocol has no trial desk."""
        desk = self._desk()
        if desk is None:
            raise Refused(say("The protocol in use has no settings for a trial desk."))
        return desk

    # --- the investigator's side

    def send(self, code: str, to: LaptopAdded, by: Person, done: Done = ignore) -> None:
        """Once it is saved, `sent_lines` gives the codes."""
        desk, own = self.desk, self._exchange.own.card
        doses = tuple(DoseElsewhere(d.infusion_id, d.number, d.started_at, d.ended_at) for d in self._given(code))
        desk.submit(code, SendEnrolment(own.laptop, Laptop(to.store_id, to.name), own.practice, doses), by, done)

    def is_sent(self, code: str, store_id: str) -> bool:
        """Whether what was sent there last is still all there is to say."""
        entry = _sent(self._state(code), store_id)
        given = [(d.infusion_id, d.started_at, d.ended_at) for d in self._given(code)]
        sent = () if entry is None or not isinstance(entry.event, EnrolmentSent) else entry.event.doses
        return entry is not None and [(d.infusion_id, d.started_at, d.ended_at) for d in sent] == given

    def _given(self, code: str) -> tuple[DoseGiven, ...]:
        return self.desk.data().doses.get(code, ())

    def sent_lines(self, code: str, store_id: str) -> tuple[str, ...]:
        """The codes of what was sent to this laptop last, the same each time. Raises `Refused`."""
        state = self._state(code)
        entry = _sent(state, store_id)
        if entry is None or not isinstance(entry.event, EnrolmentSent):
            raise Refused(say("This enrolment was not sent."))
        own = self._exchange.own
        parcel = packed(state, entry.event, own.card.laptop, self._practice, self.desk.protocol.id)
        heads = self._exchange.heads.at_event(entry.event_id, entry.at, store_id)
        return codes.lines("BEDSIDE-ENROLMENT", own.sealed_enrolment(msgspec.structs.replace(parcel, heads=heads)))

    def _state(self, code: str) -> SubjectState:
        return self.desk.data().subject(code) or SubjectState(code, [])

    @property
    def _practice(self) -> bool:
        return self._exchange.own.card.practice

    # --- the ward's side

    def opened(self, data: bytes) -> EnrolmentParcel:
        """An enrolment of a laptop that is known here, unchanged. Raises `Refused`."""
        sealed = seals.unsealed_enrolment(data)
        return sealed.believe(self._exchange.key_of(sealed.parcel.sender))

    def judge(self, parcel: EnrolmentParcel) -> EnrolmentArrived:
        """What would be recorded of it. Raises `Refused`."""
        desk = self.desk
        here = Receiver(self._exchange.own.card.store_id, self._practice, desk.protocol, self._exchange.names())
        return arrived(parcel, desk.data().subject(parcel.subject), here, desk.now())

    def take_in(self, parcel: EnrolmentParcel, by: Person, done: Done = ignore) -> None:
        """Take it in, once. Raises `Refused`."""
        allow.role(by, CLINICAL)
        found = self.found(parcel)

        def taken(outcome: Outcome) -> None:
            if outcome.ok and found is not None:
                self._exchange.heads.keep(found, by)
            done(outcome)

        self.desk.keep(parcel.subject, [self.judge(parcel)], by.person_id, taken)

    def found(self, parcel: EnrolmentParcel) -> HeadKept | None:
        """What is to be remembered of the sender's record, and is wrong with it or with this one; it hinders nothing."""
        return None if parcel.heads is None else self._exchange.heads.judged(parcel.heads, parcel.sender.name)

    @property
    def founder(self) -> str:
        """The fingerprint of the key that this record was founded with."""
        return self._exchange.heads.founder


def _sent(state: SubjectState, store_id: str) -> Entry | None:
    entries = [x for x in state.entries if isinstance(x.event, EnrolmentSent) and x.event.to_store == store_id]
    return entries[-1] if entries else None
