"""One value changed in every column of every table, every view, guard and index, every file beside the store: each is named."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from app.cli import verify
from app.cli.verify import BROKEN, WHOLE
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people import accounts as a
from app.domain.people.proofs import kept_sha256
from app.domain.people.roles import Person, Role
from db.log.batch import Batch, projection
from db.log.headfile import head_path
from db.proof.schema_check import made_by_migrations
from db.schema import HEAD_REVISION
from tests.domain.play import prepared

from .making import at, entry, heart_rates, recorder, sealed
from .test_verify import plainly, tamper

NURSE = Person("n1", "Li Na 李娜", Role.NURSE)
LEFT = Person("n2", "Wang Fang", Role.NURSE)
SIGNED = prepared("signed")
INFUSION = SIGNED.state.infusion_id
MADE = made_by_migrations(HEAD_REVISION)
TABLES = sorted(made.name for made in MADE if made.type == "table" and not made.name.startswith("sqlite_"))


def columns() -> Iterator[tuple[str, str]]:
    memory = sqlite3.connect(":memory:")
    for table in TABLES:
        memory.execute(MADE[next(made for made in MADE if made == ("table", table))][1] or "")
        yield from ((table, row[1]) for row in memory.execute(f"PRAGMA table_info({table})") if table != "signature")
    memory.close()


def happened(number: int, event: a.Happened) -> Entry:
    return Entry(f"p{number}", stream_text(PEOPLE), at(200 + number), None, event)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed infusion with samples, two people, settings and a heartbeat."""
    path = tmp_path_factory.mktemp("made") / "ward.db"
    writing = recorder(path)
    rows = heart_rates(60, infusion=INFUSION)
    writing.append(Batch(tuple(SIGNED.entries), (projection(SIGNED.state),))).result()
    writing.add_samples(rows)
    late = entry(901, sealed(rows), INFUSION)
    state = msgspec.structs.replace(SIGNED.state, entries=[*SIGNED.entries, late])
    writing.append(Batch((late,), (projection(state),), (b"id = 'a protocol'\n",))).result()
    accounts: list[a.Happened] = [
        a.PersonAdded(NURSE.person_id, NURSE.name, NURSE.role), a.PasswordSet(NURSE.person_id, False, kept_sha256("password")),
        a.PinSet(NURSE.person_id, kept_sha256("pin")), a.PersonAdded(LEFT.person_id, LEFT.name, LEFT.role),
        a.PasswordSet(LEFT.person_id, True, kept_sha256("other")), a.PersonDisabled(LEFT.person_id, "has left"),
    ]  # fmt: skip
    entries = [happened(number, event) for number, event in enumerate(accounts)]
    writing.append(Batch(tuple(entries))).result()
    writing.put_person(NURSE, "pin", None, "password")
    writing.put_person(LEFT, "", entries[-1].at, "other")
    writing.put_setting("watch", {"at": at(205).isoformat(), "wall": at().isoformat(), "steady_s": 12.5, "boot_id": "boot-0"})
    writing.put_setting("monitors", {"12": [["COM3", "datex-s5"]]}).result()
    writing.close()
    return path


@pytest.fixture
def copy(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "C")
    for file in made.parent.glob("ward.db*"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path / "ward.db"


def test_an_untouched_copy_is_whole(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.verify(copy) == WHOLE, capsys.readouterr().out


@pytest.mark.parametrize(("table", "column"), [*columns()])
def test_one_value_changed_in_any_column_is_named(copy: Path, table: str, column: str) -> None:
    with closing(sqlite3.connect(copy)) as store:
        filled = store.execute(f'SELECT count(*) FROM {table} WHERE "{column}" IS NOT NULL').fetchone()[0]
        (rows,) = store.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert rows, table
    other = f"CASE typeof(\"{column}\") WHEN 'text' THEN \"{column}\" || '1' WHEN 'null' THEN '1' ELSE \"{column}\" + 1000 END"
    one = f'WHERE "{column}" IN (SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL ORDER BY 1 DESC LIMIT 1)'
    tamper(copy, f'UPDATE {table} SET "{column}" = {other} {one if filled else ""}')
    assert verify.verify(copy) == BROKEN


@pytest.mark.parametrize("thing", sorted(made for made in MADE if MADE[made][1] and made.name != "alembic_version"), ids=str)
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_whatever_is_gone_or_changed_in_the_schema_is_named(
    copy: Path, thing: tuple[str, str], how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, name = thing
    if how == "gone":
        plainly(copy, f"DROP {kind.upper()} {name}")
    else:
        plainly(copy, "PRAGMA writable_schema = 1", f"UPDATE sqlite_master SET sql = sql || ' ' WHERE name = '{name}'")
    assert verify.verify(copy) == BROKEN
    assert name in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    ["CREATE VIEW more AS SELECT 1", "CREATE TABLE more (x)", "CREATE INDEX more ON event (at)", "PRAGMA user_version = 3",
     "PRAGMA application_id = 7", "DELETE FROM alembic_version", "INSERT INTO alembic_version VALUES ('0001')",
     "CREATE TRIGGER more AFTER INSERT ON setting BEGIN DELETE FROM setting; END",
     "INSERT INTO infusion (infusion_id, phase) VALUES ('other', 'running')", "DELETE FROM vital_check WHERE n = 3",
     "DELETE FROM observation_window", "INSERT INTO person VALUES ('n9', 'X', 'nurse', '', NULL, '')",
     "DELETE FROM person WHERE person_id = 'n1'"],
)  # fmt: skip
def test_whatever_is_added_or_taken_away_is_named(copy: Path, statement: str) -> None:
    plainly(copy, statement)
    assert verify.verify(copy) == BROKEN


def test_a_heartbeat_of_years_ahead_is_named_also_under_its_own_seal(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writing = recorder(copy)
    writing.put_setting("watch", {"at": "2031-01-01T00:00:00+00:00", "wall": at().isoformat(), "steady_s": 12.5, "boot_id": "b"})
    writing.close()
    assert verify.verify(copy) == BROKEN
    assert "does not follow from the last event" in capsys.readouterr().out


@pytest.mark.parametrize("left", [b"", b"{}", b'{"seq":1,"hash":"' + b"0" * 64 + b'"}'])
def test_a_changed_head_file_is_named(copy: Path, left: bytes) -> None:
    head_path(copy).write_bytes(left)
    assert verify.verify(copy) == BROKEN
