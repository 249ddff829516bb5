"""`bedside export`: readable by any SQLite tool, without a name in it, and noted in the record."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.domain.infusion.facts import NoteAdded
from app.domain.infusion.summary import summary
from app.domain.people.accounts import Exported
from app.domain.people.roles import Person, Role
from app.services.access.keyfile import KeyFile, beside, save
from db.log.batch import Batch, Projection
from db.queries import StoreReader
from tests.cli.stores import KEY, SECRET, printed
from tests.cli.test_ledger import of_patient
from tests.db.making import entry, heart_rates, notes, recorder
from tests.domain.cast import EVERYBODY
from tests.domain.play import prepared


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """An encrypted record of two infusions of one patient, with people, samples, rows and a note."""
    path = tmp_path / "ward.db"
    writing = recorder(path, key=KEY)
    for person in (*EVERYBODY, Person("n7", "Ouyang Xiu", Role.NURSE)):
        writing.put_person(person, f"hash of {person.name}")
    play = prepared("signed")
    for stream in ("inf-1", "inf-2"):
        rows = summary(play.state, play.now)
        projection = Projection(stream, rows.infusion, rows.checks, rows.observation)
        writing.append(Batch(of_patient("S-001", stream).entries, (projection,)))
    writing.append(notes(1, 2))
    writing.put_setting("patient name: S-001", "张伟明")
    writing.add_samples(heart_rates(90))
    writing.flush().result()
    writing.close()
    save(beside(path), KeyFile("store").with_recovery(SECRET, KEY))
    return path


@pytest.fixture
def with_key(ward: Path) -> list[str]:
    return ["--db", str(ward), "--recovery-key", str(printed(ward.parent / "safe" / "key.txt", SECRET))]


@pytest.fixture
def exported(ward: Path, with_key: list[str]) -> Iterator[sqlite3.Connection]:
    to = ward.with_name("export.sqlite")
    assert main(["export", "--to", str(to), *with_key]) == 0
    with closing(sqlite3.connect(to)) as opened:
        yield opened


def all_of(opened: sqlite3.Connection, sql: str) -> list[Any]:
    return opened.execute(sql).fetchall()


def test_the_tables_and_the_view_of_the_store_are_there(exported: sqlite3.Connection) -> None:
    (pseudonym,) = {row[0] for row in all_of(exported, "SELECT subject FROM infusion WHERE infusion_id != 'inf'")} - {None}
    assert pseudonym.startswith("S-")
    assert pseudonym != "S-001"
    assert all_of(exported, "SELECT phase, weight_kg, bed FROM infusion WHERE subject NOT NULL") == [("signed", 70, None)] * 2
    assert {row[0] for row in all_of(exported, "SELECT recorded_by FROM vital_check")} == {"nurse-1"}
    assert all_of(exported, "SELECT count(*), min(value) FROM vital_sample") == [(90, 60.0)]
    assert ("nurse-1", "nurse") in all_of(exported, "SELECT person, role FROM person")
    assert all_of(exported, "SELECT count(*) FROM event") == [(len(prepared("signed").entries) * 2 + 2,)]
    (sql,) = exported.execute("SELECT sql FROM sqlite_master WHERE name = 'vital_check'").fetchone()
    assert "breaths/min" in sql


def test_nothing_in_the_file_names_anybody(ward: Path, exported: sqlite3.Connection) -> None:
    data = ward.with_name("export.sqlite").read_bytes()
    people = [text.encode() for person in EVERYBODY for text in (f'"{person.name}"', f'"{person.person_id}"')]
    wanted = [b"S-001", b"Ouyang", "张伟明".encode(), b"note 1", b"hash of", b"ward-laptop", KEY, *people]
    assert [text for text in wanted if text in data] == []
    assert all_of(exported, "SELECT DISTINCT typeof(bed) FROM infusion") == [("null",)]


def test_the_pseudonym_stays_from_one_export_to_the_next(ward: Path, exported: sqlite3.Connection, with_key: list[str]) -> None:
    again = ward.with_name("again.sqlite")
    assert main(["export", "--to", str(again), *with_key]) == 0
    with closing(sqlite3.connect(again)) as opened:
        sql = "SELECT DISTINCT subject FROM infusion"
        assert all_of(opened, sql) == all_of(exported, sql)


def test_what_happened_to_a_subject_leaves_under_the_pseudonym(ward: Path, with_key: list[str]) -> None:
    writing = recorder(ward, key=KEY)
    notes_on = (entry(3, stream="subject:S-001"), entry(4, NoteAdded("Ouyang asks"), stream="trial"))
    writing.append(Batch(notes_on)).result()
    writing.close()
    to = ward.with_name("export.sqlite")
    assert main(["export", "--to", str(to), *with_key]) == 0
    with closing(sqlite3.connect(to)) as opened:
        (pseudonym,) = {row[0] for row in all_of(opened, "SELECT subject FROM infusion WHERE subject NOT NULL")}
        sql = "SELECT stream, type, payload FROM event WHERE event_id IN ('e3', 'e4') AND stream NOT LIKE 'inf%' ORDER BY seq"
        left = '{"text":"","type":"NoteAdded"}'
        assert all_of(opened, sql) == [(f"subject:{pseudonym}", "NoteAdded", left), ("trial", "NoteAdded", left)]
        (about,) = opened.execute("SELECT sql FROM sqlite_master WHERE name = 'event'").fetchone()
        assert "'subject:' and the subject, or 'trial'" in about
    data = to.read_bytes()
    assert [text for text in (b"S-001", b"Ouyang", b"note 3") if text in data] == []
    assert main(["verify", *with_key]) == 0


def test_every_export_is_noted_in_the_record(
    ward: Path, with_key: list[str], capsys: pytest.CaptureFixture[str], exported: sqlite3.Connection
) -> None:
    told = capsys.readouterr().out
    assert "Exported:" in told
    with StoreReader(ward, KEY) as reader:
        (entry,) = reader.account_entries()
        last = reader.last_event()
        watched = reader.last_watched()
    event = entry.event
    assert isinstance(event, Exported)
    assert (event.file, event.events) == ("export.sqlite", len(all_of(exported, "SELECT seq FROM event")))
    assert event.sha256 in told
    assert last is not None
    assert watched is not None
    assert (last.seq, last.at) == (watched.seq + 1, entry.at)
    assert entry.at >= watched.at
    assert main(["verify", *with_key]) == 0


def test_what_cannot_be_noted_is_not_exported(ward: Path, with_key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    to = ward.with_name("export.sqlite")
    held = recorder(ward, key=KEY)
    assert main(["export", "--to", str(to), *with_key]) == 2
    held.close()
    assert "already open" in capsys.readouterr().err
    assert not to.exists()


def test_a_file_that_is_there_or_cannot_be_is_refused(ward: Path, with_key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--to", str(ward), *with_key]) == 2
    assert "there already" in capsys.readouterr().err
    assert main(["export", "--to", str(ward / "below" / "a file"), *with_key]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["export", "--to", str(ward.with_name("x.sqlite")), "--db", str(ward.with_name("gone.db"))]) == 2
    assert not ward.with_name("gone.db").exists()
    with StoreReader(ward, KEY) as reader:
        assert reader.account_entries() == []
