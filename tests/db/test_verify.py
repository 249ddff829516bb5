"""`bedside verify` names what was done to a record behind the program's back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import verify
from app.cli.options.which_store import REFUSED
from app.cli.verify import BROKEN, WHOLE
from app.services.protocol_files import put_together, shipped
from db.examine import examine
from db.log.batch import Batch
from db.log.headfile import head_path
from db.proof.examined import Examined
from db.queries import StoreReader

from .making import INFUSION, entry, faults, found, heart_rates, notes, recorder, save, sealed

COLUMNS = (
    "event_id", "stream", "at", "wall_utc", "utc_offset_min", "steady_s", "boot_id", "laptop", "version",
    "by", "co", "type", "payload", "prev_hash", "hash",
)  # fmt: skip


@pytest.fixture
def five(path: Path) -> Path:
    """A store of five events."""
    save(path, notes(1, 5))
    return path


def tamper(path: Path, *statements: str) -> None:
    """With an ordinary SQLite tool: the guards are taken out of the file first, and put back as they were."""
    other = sqlite3.connect(path)
    guards = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    with other:
        for name, _sql in guards:
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            other.execute(statement)
        there = {name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name, sql in guards:
            if any(name.startswith(table) for table in there):
                other.execute(sql)
    other.close()


def whole(path: Path) -> Examined:
    """With all that is beside the events."""
    return examine(path, shipped=shipped(), put_together=put_together)


def plainly(path: Path, *statements: str) -> None:
    """With an ordinary SQLite tool, and the guards where they are."""
    with closing(sqlite3.connect(path)) as other, other:
        for statement in statements:
            other.execute(statement)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize("action", ["UPDATE event SET version = '9'", "DELETE FROM event", "DELETE FROM sample",
                                    "INSERT OR REPLACE INTO event SELECT * FROM event LIMIT 1",
                                    "UPDATE sample SET value = 1", "UPDATE store SET genesis = ''",
                                    "DELETE FROM chain_head"])  # fmt: skip
def test_the_file_itself_refuses_changes(path: Path, action: str) -> None:
    writing = recorder(path)
    writing.add_samples(heart_rates(1))
    writing.append(notes(1, 2)).result()
    writing.close()
    with pytest.raises(sqlite3.IntegrityError, match=r"never|stored already|there is one|keeps its name"):
        plainly(path, action)


def test_a_whole_record(five: Path) -> None:
    assert faults(five) == []
    assert found(five).events == 5


def test_a_store_without_events_is_whole(path: Path) -> None:
    recorder(path).close()
    assert faults(path) == []


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_change_in_any_column_is_named(five: Path, column: str, seq: int) -> None:
    tamper(five, f"UPDATE event SET \"{column}\" = coalesce(\"{column}\", '') || '1' WHERE seq = {seq}")
    assert faults(five)[0] == f"Event {seq} was changed."
    assert len(faults(five)) == 1 or (seq == 5 and column == "hash")


@pytest.mark.parametrize("value", ["NULL", "CAST(payload AS BLOB)", "CAST(x'ff' AS TEXT)", "payload || ' '"])
def test_a_payload_of_another_kind_is_named(five: Path, value: str) -> None:
    tamper(five, "PRAGMA writable_schema = 1", "UPDATE sqlite_master SET sql = replace(sql, 'payload TEXT NOT NULL', "
           "'payload TEXT') WHERE name = 'event'")  # fmt: skip
    tamper(five, f"UPDATE event SET payload = {value} WHERE seq = 2")
    assert faults(five)[-1:] == ["Event 2 was changed."]


def test_one_byte_changed_on_the_disk_is_named(five: Path) -> None:
    data = five.read_bytes()
    assert data.count(b"note 4") == 1
    five.write_bytes(data.replace(b"note 4", b"note 5"))
    assert faults(five) == ["Event 4 was changed."]
    five.write_bytes(data.replace(b"note 4", b"not\xff 4"))
    assert faults(five) == ["Event 4 was changed."]


@pytest.mark.parametrize("seq", [0, -5, -(1 << 63)])
def test_an_event_below_the_first_is_named(five: Path, seq: int) -> None:
    tamper(five, f"UPDATE event SET seq = {seq} WHERE seq = 5")
    assert "Event 5 is missing." in faults(five)
    tamper(five, f"INSERT INTO signature VALUES ({seq}, 'n1', 'x', 'y')")
    assert f"Event {seq} bears a signature of n1, who does not sign it." in map(str, whole(five).differences)


def test_swapped_rows_are_named(five: Path) -> None:
    tamper(five, "UPDATE event SET seq = -2 WHERE seq = 2", "UPDATE event SET seq = 2 WHERE seq = 4",
           "UPDATE event SET seq = 4 WHERE seq = -2")  # fmt: skip
    assert faults(five) == ["Events 2 and 4 were swapped."]


def test_swapped_contents_are_named(five: Path) -> None:
    tamper(five, "CREATE TEMP TABLE was AS SELECT seq, event_id, at, payload FROM event",
           "UPDATE event SET event_id = '-' || event_id",
           "UPDATE event SET (event_id, at, payload) = "
           "(SELECT event_id, at, payload FROM was WHERE was.seq = 5 - event.seq) WHERE seq IN (2, 3)",
           "UPDATE event SET event_id = ltrim(event_id, '-')")  # fmt: skip
    assert faults(five) == ["Events 2 and 3 were swapped."]


def test_a_missing_row_is_named(five: Path) -> None:
    tamper(five, "DELETE FROM event WHERE seq = 3")
    assert faults(five) == ["Event 3 is missing."]


def test_missing_rows_are_named(five: Path) -> None:
    tamper(five, "DELETE FROM event WHERE seq IN (1, 2, 4)")
    assert faults(five) == ["Events 1 to 2 are missing.", "Event 4 is missing."]


def test_a_missing_last_row_is_named_by_the_head_row_and_by_the_head_file(five: Path) -> None:
    tamper(five, "DELETE FROM event WHERE seq = 5")
    by_row, by_file = faults(five)
    assert by_row == "Event 5 is missing."
    assert by_file.startswith("The file ward.db.head knows event 5, but the record ends with event 4")
    head_path(five).unlink()
    assert faults(five) == ["Event 5 is missing."]
    assert "no readable file ward.db.head" in " ".join(map(str, found(five).notes))


def test_a_missing_last_row_with_a_mended_head_row_is_named_by_the_head_file(five: Path) -> None:
    tamper(five, "DELETE FROM event WHERE seq = 5",
           "UPDATE chain_head SET seq = 4, hash = (SELECT hash FROM event WHERE seq = 4)")  # fmt: skip
    (fault,) = faults(five)
    assert fault.startswith("The file ward.db.head knows event 5")


def test_an_older_copy_is_named(path: Path) -> None:
    save(path, notes(1, 2))
    shutil.copy(path, path.with_name("older.db"))
    save(path, notes(3, 4))
    shutil.copy(path.with_name("older.db"), path)
    (fault,) = faults(path)
    assert "older copy" in fault


def test_another_record_in_its_place_is_named(path: Path) -> None:
    save(path, notes(1, 2))
    other = path.with_name("other.db")
    save(other, notes(1, 4))
    shutil.copy(other, path)
    (fault,) = faults(path)
    assert fault.startswith("Event 2 is not the one that the file ward.db.head knows")


def test_a_row_from_another_record_is_named(five: Path) -> None:
    other = five.with_name("other.db")
    save(other, notes(1, 5))
    tamper(five, f"ATTACH '{other}' AS other", "DELETE FROM event WHERE seq = 3",
           "INSERT INTO event SELECT * FROM other.event WHERE seq = 3")  # fmt: skip
    assert [fault[:34] for fault in faults(five)] == [
        "Event 3 does not follow from event",
        "Event 4 does not follow from event",
    ]


def test_a_changed_beginning_is_named(five: Path) -> None:
    tamper(five, "UPDATE store SET genesis = 'other'")
    assert faults(five) == ["Event 1 does not hang on the beginning of this record: it was put in from elsewhere."]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("UPDATE chain_head SET hash = 'x'", "The last event, 5, is not the one that was saved last."),
        ("UPDATE chain_head SET seq = 4", "Events after 4 were added"),
        ("DROP TABLE chain_head", "The table chain_head is missing."),
        ("DELETE FROM chain_head", "The row that names the last event is missing."),
        ("DELETE FROM store", "The row that names this record is missing."),
    ],
)
def test_a_changed_head_row_is_named(five: Path, action: str, said: str) -> None:
    tamper(five, *action.split(";"))
    (fault,) = faults(five)
    assert fault.startswith(said)


def test_removed_guards_are_a_fault(five: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plainly(five, "DROP TRIGGER event_no_update")
    assert verify.verify(five) == BROKEN
    assert "The guard event_no_update, which refuses changes, was taken out of the file." in capsys.readouterr().out


def test_a_torn_file_is_broken_not_unreadable(five: Path) -> None:
    data = bytearray(five.read_bytes())
    data[8 * 1024 :] = b"\xa5" * len(data[8 * 1024 :])
    five.write_bytes(data)
    assert faults(five)


class TestSamples:
    """Each minute's samples are bound into the chain."""

    @pytest.fixture
    def minute(self, path: Path) -> Path:
        writing = recorder(path)
        rows = heart_rates(60)
        writing.add_samples([*rows, *heart_rates(5, from_minute=1), *heart_rates(5, infusion="inf-2")])
        writing.append(Batch((entry(1, sealed(rows)),))).result()
        writing.close()
        return path

    def test_whole(self, minute: Path) -> None:
        assert faults(minute) == []
        assert found(minute).sealed == 1

    def test_a_missing_sample_is_named(self, minute: Path) -> None:
        tamper(minute, "DELETE FROM sample WHERE infusion = 1 AND t % 60000 = 7000 AND t < 1772352060000")
        (fault,) = faults(minute)
        assert fault == ("Of the minute 2026-03-01 08:00Z of infusion inf-1 60 samples were sealed (event 1); 59 are there.")

    @pytest.mark.parametrize("change", ["value = value + 1", "value = NULL", "t = t + 1"])
    def test_a_changed_sample_is_named(self, minute: Path, change: str) -> None:
        tamper(minute, f"UPDATE sample SET {change} WHERE infusion = 1 AND t = 1772352007000")
        (fault,) = faults(minute)
        assert fault.startswith("Samples of the minute 2026-03-01 08:00Z of infusion inf-1 were changed")

    def test_a_seal_that_was_itself_changed_is_named_as_an_event(self, minute: Path) -> None:
        tamper(minute, "UPDATE event SET payload = '{}'")
        assert faults(minute) == ["Event 1 was changed."]


class TestCommand:
    def test_whole_with_count_and_head(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.verify(five) == WHOLE
        with StoreReader(five) as reading:
            assert f"5 events, 0 sealed minutes of samples, head {reading.head().hash}" in capsys.readouterr().out

    def test_a_printed_hash_in_the_chain(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with StoreReader(five) as reading:
            printed = reading.places(INFUSION)["e3"].hash[:12]
        assert verify.verify(five, printed) == WHOLE
        assert f"The hash {printed} is in the chain." in capsys.readouterr().out
        assert verify.verify(five, "0" * 12) == BROKEN
        assert "No event has the hash 000000000000" in capsys.readouterr().out

    def test_broken(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        tamper(five, "DELETE FROM event WHERE seq = 3")
        assert verify.verify(five) == BROKEN
        assert capsys.readouterr().out.splitlines()[0] == "Event 3 is missing."

    def test_while_the_program_runs(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        writing = recorder(path)
        writing.append(notes(1, 5)).result()
        assert verify.verify(path) == WHOLE
        assert "Whole: 5 events" in capsys.readouterr().out
        writing.close()

    def test_unreadable(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.verify(path) == REFUSED
        path.write_text("a letter, not a record; " * 50)
        assert verify.verify(path) == REFUSED
        assert "is not a Bedside record" in capsys.readouterr().err

    def test_from_the_command_line(self, five: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        from app.cli import _parser

        parser = _parser()
        if "verify" not in parser.format_help():
            verify.add(parser._subparsers._group_actions[0])  # type: ignore[union-attr, arg-type]
        arguments = parser.parse_args(["verify", "--db", str(five), "--head", "not a hash"])
        assert arguments.run(arguments) == REFUSED
        assert "is not a hash" in capsys.readouterr().err
        monkeypatch.setattr("app.settings.store_path", lambda: five)
        arguments = parser.parse_args(["verify"])
        assert arguments.run(arguments) == WHOLE
