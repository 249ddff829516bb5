"""The pharmacy's laptop and the ward's, each with its own record: a release goes from one to the other, once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.cli import main
from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.premedication import GivePremedication, OverrideLeadTime
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.phases import Phase
from app.domain.people import accounts as a
from app.domain.people.laptops import LaptopAdded
from app.domain.people.roles import Person, Role
from app.services.access import keyfile, seals
from app.services.codes.code_lines import Gathering
from app.services.ward.ports import Outcome
from db.copies.deidentified_copy import export
from db.examine import examine
from tests.domain.cast import CHEN, LI, WANG, ZHAO
from tests.domain.play import certificate
from tests.fakes import FakeStore
from tests.whole.ward_life import BAGS, Life

ADMIN = Person("a1", "Qian", Role.ADMINISTRATOR)


def knows(one: Life, other: Life) -> None:
    """An administrator adds the other laptop by its code."""
    gathering = Gathering("BEDSIDE-LAPTOP")
    (data,) = [gathering.take(line) for line in other.record.exchange.card_lines()]
    assert data is not None
    one.record.exchange.add(seals.read(data), ADMIN)


@pytest.fixture
def pharmacy(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "pharmacy" / "bedside.db")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Life]:
    yield from living(tmp_path / "ward" / "bedside.db")


def living(path: Path) -> Iterator[Life]:
    path.parent.mkdir()
    life = Life(path)
    yield life
    life.close()


def release(life: Life) -> None:
    for person in (LI, CHEN):
        life.record.people.happened(a.PersonAdded(person.person_id, person.name, person.role), None)
    life.order()
    now = life.record.bedside.now()
    for bag_id in BAGS:
        assert life.do(ScanBag(e.Bag(bag_id, "L", 100_000_000, Decimal(100), now + timedelta(days=2))), CHEN).ok
        assert life.do(certificate(bag_id), CHEN).ok
    for command, by in ((RecordWeight(Decimal("70.0")), LI), (ChooseSet(20), CHEN), (Release(), CHEN)):
        assert life.do(command, by).ok


def send(life: Life, to: Life) -> bytes:
    """What the scanner reads at the other end."""
    knows(life, to)
    laptop = life.record.exchange.laptops[-1]
    assert life.do(life.record.exchange.command(laptop), CHEN).ok
    gathering = Gathering("BEDSIDE-RELEASE")
    state = life.record.bedside.infusion(life.infusion_id)
    data = [gathering.take(line) for line in life.record.exchange.release_lines(state)][-1]
    assert data is not None
    return data


def take_in(life: Life, data: bytes) -> Outcome:
    told: list[Outcome] = []
    exchange = life.record.exchange
    life.infusion_id = exchange.take_in(exchange.opened(data), LI, told.append)
    return life._until(told)


def ledger(life: Life, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["ledger", "--csv", "--db", str(life.record.file.path)]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_release_goes_to_the_bed_and_is_given_there(pharmacy: Life, ward: Life, capsys: pytest.CaptureFixture[str]) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    data = send(pharmacy, ward)
    assert take_in(ward, data).ok
    here, there = ward.record.bedside.infusion(ward.infusion_id), pharmacy.record.bedside.infusion(pharmacy.infusion_id)
    assert (here.infusion_id, here.phase, there.phase) == (there.infusion_id, Phase.RELEASED, Phase.SENT)
    assert here.entries[:-1] == there.entries[:-1]
    now = ward.record.bedside.now()
    ward._all([
        (Receive(), LI), *((CheckIdentity("B-001", BAGS), person) for person in (LI, WANG)),
        (GivePremedication(Decimal(5), now, "none", False, "drawn"), LI), (OverrideLeadTime("tried as a drill"), ZHAO),
    ])  # fmt: skip
    names, sums = (line.split(",") for line in ledger(pharmacy, capsys))
    sent_ml = sums[names.index("sent_ml")]
    assert sums[names.index("balance_most_ml")] == "0"
    sums = ledger(ward, capsys)[1].split(",")
    assert sums[names.index("received_ml")] == sent_ml == "200"
    assert [examine(life.record.file.path).faults for life in (pharmacy, ward)] == [[], []]
    assert ward.record.people.name(CHEN.person_id) == "Chen"
    assert ward.record.people.account(CHEN.person_id) is None


def test_it_is_received_once_also_after_a_restart(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    data = send(pharmacy, ward)
    assert take_in(ward, data).ok
    with pytest.raises(Refused, match="taken in here before"):
        take_in(ward, data)
    assert ward.do(Abandon("patient has a fever"), LI).ok
    ward.close()
    again = Life(ward.record.file.path)
    assert not again.record.bedside.infusions
    with pytest.raises(Refused, match="taken in here before"):
        again.record.exchange.judge(again.record.exchange.opened(data))
    again.close()


def test_the_codes_can_be_shown_again_after_a_restart_and_are_the_same(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    first = send(pharmacy, ward)
    pharmacy.close()
    again = Life(pharmacy.record.file.path)
    state = again.record.bedside.infusion(pharmacy.infusion_id)
    gathering = Gathering("BEDSIDE-RELEASE")
    assert [gathering.take(line) for line in again.record.exchange.release_lines(state)][-1] == first
    again.close()


def test_a_laptop_that_is_not_known_is_not_believed(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    data = send(pharmacy, ward)
    with pytest.raises(Refused, match="is not known here"):
        take_in(ward, data)
    card = pharmacy.record.exchange.own.card
    false = seals.Own(card.laptop, b"x" * 32, practice=False).card
    ward.record.exchange.add(false, ADMIN)
    with pytest.raises(Refused, match="does not bear the signature"):
        take_in(ward, data)
    ward.record.exchange.remove(card.store_id, "wrong code", ADMIN)
    with pytest.raises(Refused, match="is not known here"):
        take_in(ward, data)
    assert ward.record.bedside.infusions == []


def test_a_taken_bed_and_a_bag_that_is_held_are_refused(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    data = send(pharmacy, ward)
    ward.order("B-007", "12")
    with pytest.raises(Refused, match="Bed 12 has an infusion open"):
        take_in(ward, data)
    bag = e.Bag("U2", "L", 100_000_000, Decimal(100), ward.record.bedside.now() + timedelta(days=2))
    assert ward.do(ScanBag(bag), CHEN).ok
    assert ward.do(Abandon("wrong bed"), CHEN).ok
    with pytest.raises(Refused, match="Bag U2 belongs to another infusion: subject B-007"):
        take_in(ward, data)


@pytest.mark.parametrize("by", [LI, CHEN, ZHAO, None])
def test_only_an_administrator_says_with_whom_releases_are_exchanged(pharmacy: Life, ward: Life, by: Person | None) -> None:
    card = pharmacy.record.exchange.own.card
    with pytest.raises(Refused, match="Only an administrator"):
        ward.record.exchange.add(card, by)
    ward.record.exchange.add(card, ADMIN)
    with pytest.raises(Refused, match="Only an administrator"):
        ward.record.exchange.remove(card.store_id, "lost", by)
    assert [laptop.store_id for laptop in ward.record.exchange.laptops] == [card.store_id]


def test_neither_itself_nor_a_practice_laptop_is_added(ward: Life) -> None:
    card = ward.record.exchange.own.card
    with pytest.raises(Refused, match="this laptop's own code"):
        ward.record.exchange.add(card, ADMIN)
    with pytest.raises(Refused, match="do not mix"):
        ward.record.exchange.add(replace(card, store_id="other", practice=True), ADMIN)


def test_what_was_not_sent_has_no_codes(pharmacy: Life) -> None:
    release(pharmacy)
    with pytest.raises(Refused, match="was not sent"):
        pharmacy.record.exchange.release_lines(pharmacy.record.bedside.infusion(pharmacy.infusion_id))


def test_who_is_known_stands_in_the_log_and_the_signing_key_leaves_with_no_export(
    pharmacy: Life, ward: Life, tmp_path: Path
) -> None:
    knows(ward, pharmacy)
    key = ward.record.store.setting("signing key")
    ward.close()
    again = Life(ward.record.file.path)
    assert [entry.event for entry in again.record.store.account_entries() if isinstance(entry.event, LaptopAdded)]
    assert [laptop.name for laptop in again.record.exchange.laptops] == [pharmacy.record.exchange.own.card.name]
    assert again.record.exchange.own.card == ward.record.exchange.own.card
    again.close()
    export(ward.record.file.path, tmp_path / "out.sqlite", again.record.bedside.now(), "test", codes=())
    assert key.encode() not in (tmp_path / "out.sqlite").read_bytes()


def test_a_release_holds_no_name_of_a_patient(ward: Life, tmp_path: Path) -> None:
    encrypted = Life(tmp_path / "pharmacy.db", keyfile.new_key())
    encrypted.record.settings.put_patient_name("B-001", "Ouyang Xiaoming").result()
    release(encrypted)
    told = seals.unsealed(send(encrypted, ward)).data
    encrypted.close()
    assert b"B-001" in told
    for part in (b"Ouyang", b"Xiaoming"):  # no two letters, which a signature may hold by chance
        assert part not in told


def test_a_release_that_cannot_be_written_is_not_taken_in(pharmacy: Life, ward: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    data = send(pharmacy, ward)
    full = FakeStore()
    full.broken = True
    monkeypatch.setattr(ward.record.bedside, "_store", full)
    assert str(take_in(ward, data).failed) == "The disk is full."
    assert not ward.record.bedside.knows(ward.infusion_id)
    monkeypatch.undo()
    assert take_in(ward, data).ok


def test_who_acted_at_the_pharmacy_stays_known_and_their_number_is_given_to_nobody_else(pharmacy: Life, ward: Life) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    assert take_in(ward, send(pharmacy, ward)).ok
    ward.close()
    again = Life(ward.record.file.path)
    people = again.record.people
    people.happened(a.PersonAdded(ADMIN.person_id, ADMIN.name, ADMIN.role), None)
    assert people.by_id[CHEN.person_id] == CHEN
    with pytest.raises(Refused, match="p1 is Chen at the pharmacy and Wu here"):
        people.add("p1", "Wu", Role.NURSE, "horse battery staple", "horse battery staple", ADMIN)
    assert people.add("p1", "Chen", Role.PHARMACIST, "horse battery staple", "horse battery staple", ADMIN) == CHEN
    again.close()


def test_an_export_of_the_ward_knows_the_pharmacist_by_role_alone(pharmacy: Life, ward: Life, tmp_path: Path) -> None:
    release(pharmacy)
    knows(ward, pharmacy)
    assert take_in(ward, send(pharmacy, ward)).ok
    ward.close()
    assert main(["export", "--db", str(ward.record.file.path), "--to", str(tmp_path / "out.sqlite")]) == 0
    with closing(sqlite3.connect(tmp_path / "out.sqlite")) as out:
        by = out.execute("SELECT by FROM event WHERE type IN ('Released', 'ReleaseArrived') ORDER BY seq").fetchall()
    assert by == [("pharmacist-1",), ("nurse-1",)]
    assert b"Chen" not in (tmp_path / "out.sqlite").read_bytes()
