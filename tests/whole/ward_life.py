"""A ward's own store, used as the window uses it, in a process that is going to be killed.

`python -m tests.whole.ward_life STORE` brings one infusion to its start (or takes up the one that runs) and goes on
measuring the drip; each line on stdout is the number of events that are saved by then.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, Start
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, FlushLine, Stop
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.premedication import GivePremedication, OverrideLeadTime
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.phases import Phase
from app.domain.people.roles import Person
from app.domain.trial.subject.subject_commands import EnrolElsewhere
from app.program.open_record import OpenRecord, open_record
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from app.services.ward.ports import Outcome
from tests.domain.cast import CHEN, LI, WANG, ZHAO
from tests.domain.play import certificate, vitals

BAGS = ("U1", "U2")


class Life:
    """`do` waits until a command is saved, as the deciding thread does with its queue."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.record: OpenRecord = open_record(path, load(), ScaledClock(), self._posted.put, practice=False, key=key)
        open_now = self.record.bedside.infusions
        self.infusion_id = open_now[0].infusion_id if open_now else ""

    def do(self, command: Command, by: Person) -> Outcome:
        told: list[Outcome] = []
        self.record.bedside.submit(self.infusion_id, command, by, told.append)
        return self._until(told)

    def _until(self, told: list[Outcome]) -> Outcome:
        while not told:
            self._posted.get(timeout=60)()
        return told[0]

    def order(self, subject: str = "B-001", bed: str = "12") -> None:
        self._enrol(subject)
        told: list[Outcome] = []
        self.infusion_id = self.record.bedside.order(subject, bed, "B", 1, ZHAO, told.append)
        self._until(told)

    def _enrol(self, subject: str) -> None:
        """An investigator signs that the subject is enrolled, on another laptop."""
        desk = self.record.trial_desk()
        assert desk is not None
        if desk.data().subject(subject) is None:
            enrolled: list[Outcome] = []
            desk.submit(subject, EnrolElsewhere("B", "escalation", "on the clinic's laptop"), ZHAO, enrolled.append)
            assert self._until(enrolled).ok

    def start(self) -> None:
        """From weight to a running drip; an investigator lets the waiting time be."""
        now = self.record.bedside.now()
        bags = [e.Bag(b, "L", 100_000_000, Decimal(100), now + timedelta(days=2)) for b in BAGS]
        steps: list[tuple[Command, Person]] = [
            (RecordWeight(Decimal("70.0")), LI),
            (ChooseSet(20), CHEN),
            *((ScanBag(bag), CHEN) for bag in bags),
            *((certificate(bag_id), CHEN) for bag_id in BAGS),
            (Release(), CHEN),
            (Receive(), LI),
            *((CheckIdentity("B-001", BAGS), person) for person in (LI, WANG)),
            (GivePremedication(Decimal(5), now, "none", False, "drawn"), LI),
            (OverrideLeadTime("tried as a drill"), ZHAO),
            (ThawBag("U1", now), LI),
            *((CheckBag("U1", "U1", True), person) for person in (LI, WANG)),
            (HangBag("U1"), LI),
            (vitals(), LI),
            (Start(Decimal(20)), LI),
        ]
        self._all(steps)

    def _all(self, steps: list[tuple[Command, Person]]) -> None:
        for command, by in steps:
            outcome = self.do(command, by)
            assert outcome.ok, (command, outcome)

    def finish(self) -> None:
        """From the running drip to both signatures, the observation cut short with a reason."""
        self._all([
            (Stop(Decimal(90), "tried as a drill"), LI),
            (FlushLine(Decimal(20)), LI),
            (DestroyLeftover("U1", Decimal(90), WANG), LI),
            (CloseObservation("no_reaction", (), "tried as a drill"), LI),
            (Sign("performed"), LI),
            (Sign("reviewed"), ZHAO),
        ])  # fmt: skip

    def close(self) -> None:
        self.record.close()


def main(path: str) -> None:
    life = Life(Path(path))
    if not life.infusion_id:
        life.order()
        life.start()
    assert life.record.bedside.infusion(life.infusion_id).phase is Phase.RUNNING
    while True:
        assert life.do(MeasureRate(Decimal(20), "taps", 6, Decimal(4)), LI).ok
        print(len(life.record.bedside.infusion(life.infusion_id).entries), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
