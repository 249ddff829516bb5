"""The ward's record: made encrypted, taken over from a plain one, opened by a password or the recovery key."""

from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.people import accounts as a
from app.domain.people.own_keys import KeyMade, RecoveryKeyMade
from app.domain.people.roles import Person, Role
from app.jobs import unlocking
from app.jobs.first_record import FirstAdministrator, StoreKind, make_first_record, store_kind
from app.jobs.record_clock import stamp
from app.program.open_record import open_record
from app.services.access import keyfile, recovery_key, wrong_passwords
from app.services.access.keyfile import Stretching
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from db.examine import examine
from db.log.batch import Batch
from db.queries import StoreReader
from db.recorder import Recorder
from tests.db.making import entry
from tests.fakes import at_once

QUICK = Stretching(1, 8, 1)
GOOD = "horse battery staple"
FOUNDER = FirstAdministrator("A-01", "Zhao Admin", GOOD, GOOD)
NURSE = Person("N-07", "Wang Fang 王芳", Role.NURSE)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bedside.db"


def plain(store: Path) -> str:
    """A record of before, with a nurse, three events and raw bytes; its head."""
    recorder = Recorder(store, stamp)
    recorder.put_person(NURSE, "hash of a PIN")
    recorder.append(Batch(tuple(entry(n) for n in (1, 2, 3)))).result()
    recorder.close()
    (store.parent / "raw").mkdir()
    (store.parent / "raw" / "COM1-20260302T080000.raw.gz").write_bytes(b"ECG of somebody")
    with StoreReader(store) as reader:
        return reader.head().hash


def test_a_new_record_is_encrypted_and_has_its_administrator(store: Path) -> None:
    assert store_kind(store) is StoreKind.NOTHING
    made = make_first_record(store, FOUNDER, QUICK)
    assert sorted(file.name for file in store.parent.iterdir()) == ["bedside.db", "bedside.db.head", "bedside.db.keys"]
    assert store_kind(store) is StoreKind.ENCRYPTED
    assert unlocking.password_holders(store) == ["A-01"]
    assert unlocking.key_by_password(store, "A-01", GOOD) == made.key
    assert unlocking.key_by_recovery_key(store, recovery_key.written(made.secret)) == made.key
    assert examine(store, key=made.key).faults == []
    with StoreReader(store, made.key) as reader:
        events = [entry.event for entry in reader.account_entries()]
    assert events[0] == a.PersonAdded("A-01", "Zhao Admin", Role.ADMINISTRATOR)
    assert [type(event) for event in events[1:]] == [KeyMade, RecoveryKeyMade, a.PasswordSet]
    assert b"Zhao" not in store.read_bytes()


def test_a_plain_record_is_taken_over_with_its_people_and_nothing_plain_is_left(store: Path) -> None:
    head = plain(store)
    assert store_kind(store) is StoreKind.PLAIN
    made = make_first_record(store, FOUNDER, QUICK)
    found = examine(store, anchor=head, key=made.key)
    assert (found.faults, found.anchored) == ([], True)
    with StoreReader(store, made.key) as reader:
        assert [e.event_id for e in reader.entries("inf-1")] == ["e1", "e2", "e3"]
        happened = [entry.event for entry in reader.account_entries()]
    assert happened[4:] == [a.RecordTakenOver(1), a.PersonAdded("N-07", "Wang Fang 王芳", Role.NURSE)]
    for file in store.parent.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert "王芳".encode() not in data
            assert b"ECG of somebody" not in data
            assert not data.startswith(b"SQLite format 3")


def test_a_take_over_that_was_cut_off_begins_again(store: Path) -> None:
    head = plain(store)
    keyfile.save(keyfile.beside(store), keyfile.KeyFile("another"))
    store.with_name("bedside.db.new").write_bytes(b"half")
    assert store_kind(store) is StoreKind.PLAIN
    made = make_first_record(store, FOUNDER, QUICK)
    assert examine(store, anchor=head, key=made.key).anchored


@pytest.mark.parametrize(
    ("founder", "why"),
    [(FirstAdministrator("A-01", "Zhao", "short", "short"), "at least 8"),
     (FirstAdministrator("A-01", "Zhao", GOOD, GOOD + "x"), "differ"),
     (FirstAdministrator("", "Zhao", GOOD, GOOD), "needed"), (FirstAdministrator("n-07", "Zhao", GOOD, GOOD), "already")],
)  # fmt: skip
def test_what_is_refused_leaves_the_plain_record_as_it_was(store: Path, founder: FirstAdministrator, why: str) -> None:
    head = plain(store)
    with pytest.raises(Refused, match=why):
        make_first_record(store, founder, QUICK)
    assert store_kind(store) is StoreKind.PLAIN
    assert not keyfile.beside(store).exists()
    with StoreReader(store) as reader:
        assert reader.head().hash == head


def test_a_damaged_record_is_left_as_it_is(store: Path) -> None:
    plain(store)
    from db.engine import open_writer

    connection = open_writer(store)
    with connection.begin():
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql(
            "UPDATE event SET payload = replace(payload, 'x', 'y'), at = '2026-01-01T00:00:00.000Z' WHERE seq = 2"
        )
    connection.close()
    with pytest.raises(Refused, match="Event 2 was changed"):
        make_first_record(store, FOUNDER, QUICK)
    assert store_kind(store) is StoreKind.PLAIN


def test_wrong_passwords_before_the_record_is_open_are_counted_and_ten_lock(store: Path) -> None:
    made = make_first_record(store, FOUNDER, QUICK)
    for _ in range(3):
        with pytest.raises(Refused, match="do not fit"):
            unlocking.key_by_password(store, "A-01", "something else")
    assert unlocking.key_by_password(store, "A-01", GOOD) == made.key
    assert unlocking.take_wrong_passwords(store) == {"A-01": 3}
    assert wrong_passwords.load(wrong_passwords.beside(store)) == {}
    for _ in range(9):
        with pytest.raises(Refused, match="do not fit"):
            unlocking.key_by_password(store, "A-01", "something else")
    for path in store.parent.iterdir():
        if path not in (store, keyfile.beside(store)):
            path.unlink()  # no file that may be deleted holds the count
    for password in ("something else", GOOD):
        with pytest.raises(Refused, match="recovery key"):
            unlocking.key_by_password(store, "A-01", password)
    assert unlocking.key_by_recovery_key(store, recovery_key.written(made.secret)) == made.key


def test_accounts_of_an_open_record_are_kept_and_each_password_opens_it(store: Path) -> None:
    made = make_first_record(store, FOUNDER, QUICK)
    record = open_record(store, load(), ScaledClock(), at_once, practice=False, key=made.key)
    admin = record.people.all[0]
    record.people.add("N-07", NURSE.name, Role.NURSE, "blue cup seven tree", "blue cup seven tree", admin)
    secret = recovery_key.new_secret()
    record.accounts.wrap_recovery(secret)
    record.close()
    assert unlocking.key_by_password(store, "N-07", "blue cup seven tree") == made.key
    assert unlocking.key_by_recovery_key(store, recovery_key.written(secret)) == made.key
    with pytest.raises(Refused, match="does not belong"):
        unlocking.key_by_recovery_key(store, recovery_key.written(made.secret))
    record = open_record(store, load(), ScaledClock(), at_once, practice=False, key=made.key)
    assert record.people.all == [NURSE, admin]
    record.people.disable("N-07", "has left", admin)
    record.close()
    with pytest.raises(Refused, match="do not fit"):
        unlocking.key_by_password(store, "N-07", "blue cup seven tree")
    assert b"Wang" not in keyfile.beside(store).read_bytes()
