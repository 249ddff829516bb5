"""A pharmacist, two nurses and an investigator give a group B patient both doses, each with their own account.

From no record at all to two signed ones; then the chain, the ledger and the printed records must tell the same.
"""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from app.cli import main
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.infusion.deviations import deviations
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.people import accounts as a
from app.domain.people.roles import Person, Role
from app.domain.trial.subject.subject_commands import EnrolElsewhere
from app.jobs.first_record import FirstAdministrator, make_first_record
from app.jobs.record_folder import source, write_record
from app.program.open_record import open_record
from app.services.access.keeping import Checked
from app.services.access.keyfile import Stretching
from app.services.access.recovery_key import written
from app.services.clock import SteppedClock
from app.services.protocol_files import load
from app.services.ward.ports import Outcome
from tests.domain.cast import CHEN, DAY, LI, WANG, ZHAO, clock
from tests.domain.play import Play, Preparation, label

TEAM = (LI, WANG, CHEN, ZHAO)
FIRST, OWN = "horse battery staple", "correct {} lamp river"
PINS = {LI.person_id: "482915", WANG.person_id: "739152", CHEN.person_id: "592846", ZHAO.person_id: "861394"}


_QUICK = Stretching(1, 8, 1)


class Ward(Play):
    """Played on a real, encrypted record: every command by a person who has just given their PIN."""

    def __init__(self, store: Path) -> None:
        made = make_first_record(store, FirstAdministrator("a1", "Qian", FIRST, FIRST), _QUICK)
        self.recovery = written(made.secret)
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.trial = load()
        self.record = open_record(store, self.trial, SteppedClock(1), self._posted.put, practice=False, start=DAY, key=made.key)
        self.rules, self.bedside, self.people = self.trial.protocol, self.record.bedside, self.record.people
        self.people.keys.cost = _QUICK
        self.day = timedelta(0)
        self.infusion_id = ""

    @property
    def state(self) -> Infusion:  # type: ignore[override]
        return self.bedside.infusion(self.infusion_id)

    def accounts(self) -> None:
        """The administrator makes them; each person chooses a password and a PIN of their own."""
        admin = self.check(Person("a1", "Qian", Role.ADMINISTRATOR), FIRST, "password")
        for person in TEAM:
            self.people.add(person.person_id, person.name, person.role, FIRST, FIRST, admin)
            self.check(person, FIRST, "password")
            password = OWN.format(person.name)
            self.people.set_password(person.person_id, password, password, person)
            self.people.set_pin(person, PINS[person.person_id], PINS[person.person_id])
            self.people.signed_in(self.check(person, password, "password"))

    def check(self, person: Person, secret: str, kind: Any) -> Person:
        told: list[Checked] = []
        self.people.check(person.person_id, secret, told.append, kind)
        self._until(told)
        assert told[0].person is not None, told[0].refused
        return told[0].person

    def _enrol(self) -> None:
        """An investigator signs that the subject is enrolled, on another laptop."""
        desk = self.record.trial_desk()
        assert desk is not None
        if desk.data().subject("S-001") is None:
            enrolled: list[Outcome] = []
            desk.submit("S-001", EnrolElsewhere("B", "escalation", "on the clinic's laptop"), ZHAO, enrolled.append)
            self._until(enrolled)

    def order(self, dose_number: int, day: timedelta) -> None:
        self.day = day
        self._clock_to(clock("13:00"))
        self._enrol()
        told: list[Outcome] = []
        self.infusion_id = self.bedside.order("S-001", "12", "B", dose_number, self.check(ZHAO, PINS["i1"], "pin"), told.append)
        self._until(told)

    def do(self, command: Command, by: Person, at: datetime | None = None) -> list[e.InfusionEvent]:
        """At a time of this dose's day. Weighing, the last weight is at hand; a second person agrees where one must."""
        self._clock_to(at or self.bedside.now() - self.day)
        self.now = self.bedside.now()
        self._carry_out(self._on_the_day(command), by)
        if isinstance(command, RecordWeight) and self.state.order.dose_number > 1:
            self._carry_out(ConfirmWeight(), WANG)
        return []

    def _carry_out(self, command: Command, by: Person) -> None:
        told: list[Outcome] = []
        self.bedside.submit(self.infusion_id, command, self.check(by, PINS[by.person_id], "pin"), told.append)
        self._until(told)
        assert told[0].ok, (command, told[0])

    def _on_the_day(self, command: Command) -> Command:
        fields = {name: getattr(command, name) for name in command.__struct_fields__}
        changed = {name: value + self.day for name, value in fields.items() if isinstance(value, datetime)}
        if isinstance(command, RecordWeight):
            return msgspec.structs.replace(command, previous_kg=self.bedside.last_weight_kg(self.infusion_id))
        return msgspec.structs.replace(command, **changed)

    def _clock_to(self, at: datetime) -> None:
        gap = at + self.day - self.bedside.now()
        if gap > timedelta(0):
            self.bedside.clock.move_on(gap)

    def _until(self, told: list[Any]) -> None:
        while not told:
            self._posted.get(timeout=60)()


def dose(ward: Ward, number: int, day: timedelta, bags: tuple[str, str]) -> Infusion:
    ward.order(number, day)
    scans = [ScanBag(label(bag_id, expires=DAY + day + timedelta(days=1))) for bag_id in bags]
    Preparation(ward, "70.0", 20, scans).until("signed")
    assert ward.state.phase is Phase.SIGNED
    return ward.state


def ledger(store: Path, key_file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    capsys.readouterr()
    assert main(["ledger", "--csv", "--db", str(store), "--recovery-key", str(key_file)]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    return {row["lot"]: row for row in rows}


def test_both_doses_of_group_b_from_an_empty_store_to_two_signed_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, key_file = tmp_path / "ward" / "bedside.db", tmp_path / "recovery-key.txt"
    ward = Ward(store)
    ward.accounts()
    given = [dose(ward, 1, timedelta(0), ("B1", "B2")), dose(ward, 2, timedelta(days=7), ("B3", "B4"))]
    assert [s.weight.previous_kg for s in given if s.weight] == [None, Decimal("70.0")]
    ward.record.recorder.flush().result()
    now = ward.bedside.now()
    made = {s.infusion_id: written_record(ward, s, tmp_path / s.infusion_id, now) for s in given}
    happened = [entry.event for entry in ward.record.store.account_entries()]
    ward.record.close()
    key_file.write_text(ward.recovery, encoding="utf-8")

    # the chain
    head = made[given[1].infusion_id].head
    assert main(["verify", "--db", str(store), "--recovery-key", str(key_file), "--head", head]) == 0
    # own accounts
    assert {event.person_id for event in happened if isinstance(event, a.SignedIn)} == {person.person_id for person in TEAM}
    # the ledger
    lots = ledger(store, key_file, capsys)
    assert list(lots) == [f"lot of {bag_id}" for bag_id in ("B1", "B2", "B3", "B4")]
    for s in given:
        text = made[s.infusion_id].text
        assert [d for d in deviations(s, now) if d] == []
        for person in TEAM:
            assert person.name in text
        for bag_id, bag in s.bags.items():
            row = lots[bag.bag.lot]
            infused = Decimal(row["infused_least_ml"])
            assert (
                infused
                == Decimal(row["infused_most_ml"])
                == (bag.volume_ml if bag.left_ml is None else bag.volume_ml - bag.left_ml)
            )
            assert Decimal(row["balance_least_ml"]) == Decimal(row["balance_most_ml"]) == 0
            assert Decimal(row["destroyed_ml"]) == (bag.destroyed_ml or 0)
            # and on paper
            assert bag_id in text
            assert f"{infused:.1f} ml" in text
            if bag.destroyed_ml:
                assert f"{bag.destroyed_ml:f} ml of bag {bag_id} destroyed, witness Wang" in text
    assert sum(Decimal(row["infused_least_ml"]) for row in lots.values()) == 280


class Made(msgspec.Struct, frozen=True):
    """A record on paper: its text in one line, and the head of the chain that stands on it."""

    text: str
    head: str


def written_record(ward: Ward, s: Infusion, folder: Path, now: datetime) -> Made:
    made_from = source(ward.record.file.path, s.infusion_id, ward.people.by_id, now, ward.record.file.key)
    files = write_record(made_from, "en", folder)
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(files["record.pdf"]).pages).split())
    return Made(text, made_from.head.hash)
