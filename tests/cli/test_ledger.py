"""`bedside ledger` on a record with one infusion, two, and none."""

import csv
import io
from pathlib import Path

import msgspec
import pytest

from app.cli import main
from app.domain.infusion.facts import Ordered
from app.domain.log import Entry
from app.services.access.keyfile import KeyFile, beside, save
from db.log.batch import Batch
from tests.cli.stores import KEY, SECRET, printed
from tests.db.making import entry, newer, notes, recorder
from tests.db.making import save as save_plain
from tests.domain.play import prepared, signed_anew


def of_patient(subject: str, stream: str, point: str = "signed") -> Batch:
    """A whole infusion as it lies in a record."""
    return Batch(signed_anew(_renamed(entry, subject, stream) for entry in prepared(point).entries))


def _renamed(entry: Entry, subject: str, stream: str) -> Entry:
    event = msgspec.structs.replace(entry.event, subject=subject) if isinstance(entry.event, Ordered) else entry.event
    return msgspec.structs.replace(entry, event_id=f"{stream} {entry.event_id}", stream=stream, event=event)


def test_the_lots_of_an_infusion_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ward.db"
    save_plain(path, of_patient("S-001", "inf-1"))
    assert main(["ledger", "--db", str(path)]) == 0
    told = capsys.readouterr()
    heading, first, second = told.out.splitlines()
    assert " ".join(heading.split()) == (
        "Lot Received ml Released ml Drawn off, ml Infused, ml Left over, ml Destroyed, ml Sent, ml Returned, ml Balance, ml"
    )
    assert first.split()[3:] == ["1", "100.0", "1", "100.0", "0.0", "100.0", "0.0", "0.0", "0.0", "0.0", "0.0"]
    assert second.split()[3:] == ["1", "100.0", "1", "100.0", "0.0", "40.0", "60.0", "60.0", "0.0", "0.0", "0.0"]
    assert told.err == ""


def test_as_csv_from_an_encrypted_record_and_a_bag_of_two_patients_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path, key=KEY)
    writing.append(of_patient("S-001", "inf-1"))
    writing.append(of_patient("S-002", "inf-2", "running")).result()
    writing.close()
    save(beside(path), KeyFile("store").with_recovery(SECRET, KEY))
    key = str(printed(tmp_path / "safe" / "key.txt", SECRET))
    assert main(["ledger", "--csv", "--db", str(path), "--recovery-key", key]) == 0
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert [(row["lot"], row["received"], row["received_ml"]) for row in rows] == [
        ("lot of B1", "1", "100"),
        ("lot of B2", "1", "100"),
    ]
    assert float(rows[0]["balance_most_ml"]) <= 0
    assert "Bag B1 was entered for more than one infusion: S-001, S-002." in told.err
    assert main(["ledger", "--db", str(path)]) == 2


def test_what_hangs_is_open_in_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ward.db"
    save_plain(path, of_patient("S-001", "inf-1", "hung"))
    assert main(["ledger", "--db", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[-8:] == ["0.0", "0.0", "+", "?", "0.0", "0.0", "0.0", "100.0"]


def test_only_infusions_are_accounted_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ward.db"
    save_plain(path, of_patient("S-001", "inf-1"))
    assert main(["ledger", "--csv", "--db", str(path)]) == 0
    alone = capsys.readouterr()
    save_plain(path, Batch((entry(1, stream="subject:S-001"), entry(2, stream="trial"))))
    assert main(["ledger", "--csv", "--db", str(path)]) == 0
    assert capsys.readouterr() == alone
    newer(path)
    assert main(["ledger", "--db", str(path)]) == 2
    assert "“robot”" in capsys.readouterr().err


def test_a_record_without_infusions_has_only_headings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ward.db"
    save_plain(path, notes(1, 2))
    assert main(["ledger", "--db", str(path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert main(["ledger", "--csv", "--db", str(path)]) == 0
    assert capsys.readouterr().out.startswith("lot,received,received_ml,released,")
