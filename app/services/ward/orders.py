"""An order at the ward: whose it is, what speaks against this dose, and the first entries of its infusion."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec
from msgspec.structs import astuple, replace

from app.domain.infusion.chapters.ordering import OrderedBy, Wanted, prescribed
from app.domain.infusion.facts import InfusionEvent
from app.domain.infusion.found.dose_order import DoseBefore, Irregular, irregular, local_day
from app.domain.infusion.phases import Phase
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.people.signatures import signed
from app.domain.typed_texts import folded

from .dispensing import PastKnown
from .known_infusion import KnownInfusion
from .ports import Done, Outcome


class Prescription(msgspec.Struct, frozen=True):
    """Whose order it is where a nurse writes it down, whether they have signed it at once, and why against the rule."""

    prescriber: Person | None = None
    is_signed: bool = False
    reason: str = ""


#: An investigator orders for themselves.
OWN = Prescription()


Dose = tuple[str, str, str, int]
"""Subject, bed, group and the dose's number."""


class Enrolled(Protocol):
    """What the trial desk says of an order, and writes down after one. `doses`: given on another laptop, by infusion."""

    def against(self, subject: str, group: str, /) -> tuple[Irregular, ...]: ...

    def ordered(self, subject: str, group: str, dose_number: int, reason: str, prescriber: Person, /) -> None: ...

    def knows(self, subject: str, /) -> bool: ...

    def doses(self, subject: str, /) -> Mapping[str, DoseBefore]: ...


class NoTrialDesk:
    """Nothing speaks against anybody."""

    def against(self, _subject: str, _group: str) -> tuple[Irregular, ...]:
        return ()

    def ordered(self, _subject: str, _group: str, _dose_number: int, _reason: str, _prescriber: Person) -> None:
        return None

    def knows(self, _subject: str) -> bool:
        return False

    def doses(self, _subject: str) -> Mapping[str, DoseBefore]:
        return {}


class Orders:
    """`rules`: by which new orders are made now (raises `Refused` where there is nothing to go by); `past`: what was given
    before this store was opened; `infusions`: those of this run; `enrolment` is the trial desk's, once there is one.
    """

    def __init__(self, rules: Callable[[], OrderedBy], past: PastKnown, infusions: Callable[[], Iterable[KnownInfusion]]) -> None:
        self._rules, self._past, self._infusions = rules, past, infusions
        self.enrolment: Enrolled = NoTrialDesk()

    def entries(self, dose: Dose, prescription: Prescription, by: Person, now: datetime) -> list[Entry]:
        """The first entries of a new infusion. Raises `Refused` for an order that cannot be."""
        wanted = replace(Wanted(*dose, *astuple(prescription)), is_known=self._knows(folded(dose[0])))
        events = prescribed(wanted, by, self.irregular(dose, now), self._rules())
        return _first_entries(events, by, prescription.prescriber or by, now)

    def irregular(self, dose: Dose, now: datetime) -> tuple[Irregular, ...]:
        """What speaks against ordering this dose today."""
        typed, _bed, group, number = dose
        subject = folded(typed)
        before = [*_doses_before(subject, self._infusions(), self._past), *self._elsewhere(subject)]
        of_dose = irregular(group, number, local_day(now), before, self._rules().protocol.dosing)
        return (*of_dose, *self.enrolment.against(subject, group))

    def _elsewhere(self, subject: str) -> list[DoseBefore]:
        """Doses given on another laptop, but for an infusion that came here too."""
        here = {known.infusion_id for known in self._infusions()}
        doses = self.enrolment.doses(subject)
        return [
            dose for infusion_id, dose in doses.items() if infusion_id not in here and infusion_id not in self._past.infusion_ids
        ]

    def _knows(self, subject: str) -> bool:
        """However its code is written."""
        past = self._past
        now = (known.subject for known in self._infusions())
        return subject in past.doses or subject in past.weights_kg or subject in now or self.enrolment.knows(subject)

    def told(self, dose: Dose, prescription: Prescription, by: Person, done: Done) -> Done:
        """Once the order is saved, what was signed against the desk's word stands on the subject's own stream."""
        subject, _bed, group, number = dose

        def saved(outcome: Outcome) -> None:
            if outcome.ok:
                self.enrolment.ordered(folded(subject), group, number, prescription.reason, prescription.prescriber or by)
            done(outcome)

        return saved


def _doses_before(subject: str, infusions: Iterable[KnownInfusion], past: PastKnown) -> list[DoseBefore]:
    """The other orders of a subject that were not given up. A release that was sent to the ward counts as given that day."""
    mine = (s for s in infusions if s.subject == subject and s.phase is not Phase.ABANDONED)
    now = [DoseBefore(s.group, s.dose_number, _day(s.started_at or s.sent_at)) for s in mine]
    return [*past.doses.get(subject, ()), *now]


def _day(at: datetime | None) -> date | None:
    return None if at is None else local_day(at)


def _first_entries(events: Sequence[InfusionEvent], by: Person, who: Person, now: datetime) -> list[Entry]:
    """The order as `by` wrote it, and the signature of `who` orders it where it was given at once."""
    infusion_id = uuid.uuid4().hex
    entries = [Entry(uuid.uuid4().hex, infusion_id, now, by.person_id, events[0])]
    for event in events[1:]:
        entries.append(Entry(uuid.uuid4().hex, infusion_id, now, who.person_id, signed(entries, event, who)))
    return entries
