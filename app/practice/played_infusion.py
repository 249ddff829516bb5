"""One infusion played through by its own rules, without a window, a clock or a store: what a made-up trial is fed with."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from math import inf

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RecordCertificate, ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.decide import decide
from app.domain.infusion.drip_volume import offered_rates
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import after, replay
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.services.access.practice_people import PRACTICE
from app.services.protocol_files import Trial

from .nurse import BEFORE_MIDNIGHT

N1, N2, PHARMACIST, INVESTIGATOR = (person for person, _pin in PRACTICE)
_NORMAL = {"hr": "78", "spo2": "97", "nibp_sys": "118", "nibp_dia": "72", "nibp_map": "87", "rr": "16", "temp": "36.7"}
_SLOW, _FAST = Decimal(20), 48


class PlayedInfusion:
    """One bag for 50 kg or less, by the book: 20 drops/min, then 48, two hours of observation, two signatures."""

    def __init__(
        self, infusion_id: str, order: e.Ordered, weight_kg: Decimal, start: datetime, trial: Trial, until_min: float = inf
    ) -> None:
        """`until_min`: from the start; what comes later is not played."""
        self._trial, self._id, self._weight_kg = trial, infusion_id, weight_kg
        self._at = start - timedelta(minutes=60)
        self._start = start
        self._bag = f"UC-{infusion_id[-8:]}"
        self.entries = [self._entry(order, INVESTIGATOR)]
        self.state: Infusion = replay(infusion_id, self.entries, trial.protocol)
        for minutes, command, by in self._steps():
            if minutes > until_min:
                break
            self.do(minutes, command, by)

    def _entry(self, event: Event, by: Person) -> Entry:
        number = len(self.entries) if hasattr(self, "entries") else 0
        return Entry(f"{self._id}-{number}", self._id, self._at, by.person_id, event)

    def do(self, minutes: float, command: Command, by: Person) -> None:
        """`minutes` from the start of the drip."""
        self._at = self._start + timedelta(minutes=minutes)
        for event in decide(self.state, command, by, self._at):
            self.entries.append(self._entry(event, by))
            self.state = after(self.state, self.entries[-1:])

    def _steps(self) -> Iterator[tuple[float, Command, Person]]:
        yield from self._bench()
        given_at = self._start - timedelta(minutes=31)
        yield -31, GivePremedication(Decimal(5), given_at, "none", False, "drawn"), N1
        yield -9, ThawBag(self._bag, self._start - timedelta(minutes=9)), N1
        for person in (N1, N2):
            yield -3, CheckBag(self._bag, self._bag, True), person
        yield -2, HangBag(self._bag), N1
        yield -1, self._vitals(), N1
        yield 0, Start(_SLOW, weight_reason=BEFORE_MIDNIGHT), N1
        yield 15, self._vitals(), N1
        rates = offered_rates(self.state, 1, self._at)
        yield 15, StepUp(Decimal(_FAST if _FAST in rates else rates[0])), N1
        yield 30, self._vitals(), N1
        yield 42, End(Decimal(0)), N1
        yield 42, self._vitals(), N1
        yield from self._afterwards()

    def _bench(self) -> Iterator[tuple[float, Command, Person]]:
        before = self._weight_kg if self.state.order.dose_number > 1 else None
        yield -55, RecordWeight(self._weight_kg, before, self._weight_kg), N1
        bag = e.Bag(self._bag, "MADE-UP", 100_000_000, Decimal(100), self._start + timedelta(days=1))
        yield -52, ScanBag(bag), PHARMACIST
        tests = dict.fromkeys(self._trial.protocol.product.certificate_tests, True)
        yield -51, RecordCertificate(self._bag, Decimal("91.2"), tests, True, True), PHARMACIST
        yield -50, ChooseSet(20), PHARMACIST
        yield -49, Release(), PHARMACIST
        yield -45, Receive(), N1
        for person in (N1, N2):
            yield -40, CheckIdentity(self.state.order.subject, (self._bag,)), person

    def _afterwards(self) -> Iterator[tuple[float, Command, Person]]:
        for minutes in (72, 102, 132, 162):
            yield minutes, self._vitals(), N1
        yield 162, CloseObservation("no_reaction"), N1
        yield 163, FlushLine(Decimal(20)), N1
        if not self.state.bags[self._bag].returned and self._weight_kg < 50:
            yield 164, DestroyLeftover(self._bag, 100 - 2 * self._weight_kg, N2), N1
        yield 165, Sign("performed"), N1
        yield 170, Sign("reviewed"), INVESTIGATOR

    @staticmethod
    def _vitals() -> RecordVitals:
        values = tuple(e.VitalEntry(code, Decimal(value), "typed") for code, value in _NORMAL.items())
        return RecordVitals(values, discomfort=False, oxygen=False, consciousness="A")
