"""A ward with one infusion, a store in memory and a clock moved by hand."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import Start
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.state import Infusion
from app.domain.people.roles import Person
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.services.protocol_files import Trial
from app.services.ward.dispensing import NO_PAST, Past
from app.services.ward.infusion_writes import InfusionWrites
from app.services.ward.ports import Outcome
from app.services.ward.ward import ASLEEP_S, Bedside
from devices.link import LinkState, LinkStatus
from tests.domain.cast import CHEN, LI, TRIAL, WANG, ZHAO
from tests.domain.play import certificate, vitals
from tests.fakes import FakeStore, HandClock, at_once
from tests.kept import kept

PORT = "COM7"


class Ward:
    """`do` carries a command out and gives back its outcome, if it has one already."""

    def __init__(self, practice: bool = True, past: Past = NO_PAST) -> None:
        self.store, self.clock = FakeStore(), HandClock()
        trial = Trial(TRIAL, "f" * 64)
        self.bedside = Bedside(self.store, self.clock.record(), trial, at_once, self.clock.moment, practice, past, log=self.store)
        self.infusion_id = self.bedside.order("B-001", "12", "B", 1, ZHAO)
        self.outcomes: list[Outcome] = []

    @property
    def state(self) -> Infusion:
        return self.bedside.infusion(self.infusion_id)

    @property
    def line(self) -> InfusionWrites:
        return self.bedside.line(self.infusion_id)

    def do(self, command: Command, by: Person) -> Outcome:
        self.bedside.submit(self.infusion_id, command, by, self.outcomes.append)
        return self.outcomes[-1] if self.outcomes else Outcome()

    def wait(self, minutes: float = 0, seconds: float = 0) -> None:
        """Let time go by with the program watching."""
        left = minutes * 60 + seconds
        while left > 0:
            self.clock.move(seconds=min(ASLEEP_S, left))
            left -= ASLEEP_S
            self.bedside.tick()

    def hear(self, vital: str, value: object, quality: Quality = Quality.OK, simulated: bool = True) -> None:
        """One value arrives from the monitor of this bed."""
        self.hear_all([(vital, value)], quality, simulated)

    def hear_all(self, values: Iterable[tuple[str, object]], quality: Quality = Quality.OK, simulated: bool = True) -> None:
        """What one read of the monitor of this bed brought."""
        now, heard = self.bedside.now(), list[Reading]()
        for vital, value in values:
            number = None if value is None else Decimal(str(value))
            heard.append(stamped(Sample(0, vital, number, "", quality, "ecg"), now, PORT, "datex-s5", simulated))
        self.bedside.take_readings(heard)

    def link(self, state: LinkState) -> None:
        self.bedside.take_link(LinkStatus(PORT, "datex-s5", True, state, self.bedside.now()))


@kept
def weighed() -> Ward:
    ward = Ward()
    ward.do(RecordWeight(Decimal("70.0")), LI)
    return ward


def receive(ward: Ward) -> None:
    """From a weight to the bags on the ward."""
    ward.do(ChooseSet(20), CHEN)
    expiry = ward.bedside.now() + timedelta(days=2)
    for bag_id in ("U1", "U2"):
        ward.do(ScanBag(e.Bag(bag_id, "L", 100_000_000, Decimal(100), expiry)), CHEN)
        ward.do(certificate(bag_id), CHEN)
    ward.do(Release(), CHEN)
    ward.do(Receive(), LI)


@kept
def hung() -> Ward:
    """Everything done by the book up to the hung first bag, 30 min after dexamethasone."""
    ward = weighed()
    receive(ward)
    ward.do(CheckIdentity("B-001", ("U1", "U2")), LI)
    ward.do(CheckIdentity("B-001", ("U1", "U2")), WANG)
    ward.do(GivePremedication(Decimal(5), ward.bedside.now(), "none", False, "drawn"), LI)
    ward.wait(minutes=30)
    ward.do(ThawBag("U1", ward.bedside.now()), LI)
    ward.do(CheckBag("U1", "U1", True), LI)
    ward.do(CheckBag("U1", "U1", True), WANG)
    ward.do(HangBag("U1"), LI)
    return ward


@kept
def running() -> Ward:
    ward = hung()
    ward.do(vitals(), LI)
    assert ward.do(Start(Decimal(20)), LI).ok
    return ward
