"""An encrypted rehearsal searched byte by byte, while it runs and afterwards: no name, nothing of the record."""

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app import settings
from app.cli import main
from app.domain.errors import Refused
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.jobs import status_writer
from app.practice.rehearsal import Plan, rehearse
from app.program.open_record import OpenRecord
from app.services.access import status_file
from app.services.access.keyfile import Stretching, beside, load
from app.services.access.recovery_key import read as read_recovery
from app.services.protocol_files import load as load_trial
from db.queries import StoreReader

from .conftest import UNBOUND
from .short_day import short_day

NAME = "Zhang Weiming 张伟明"
QUICK = Stretching(1, 8, 1)
#: Texts of a record that stand in every plain store.
EVENTS = (b"VitalsRecorded", b"BagScanned", b"rate_gtt_min", b'"type":', b"CREATE TABLE", b"SQLite format")


def written(name: str) -> Iterator[bytes]:
    """A name as a computer may have written it."""
    for part in (name, *name.split()):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield part.encode(encoding)
        yield json.dumps(part)[1:-1].encode()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_export(name: str) -> bool:
    return name.startswith("record.") or name.endswith(".csv")


class Watching:
    """Reads every file once, in the middle of the infusion, with the log and its index beside the store.

    It waits until the status file says so, which is written on a thread of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, dict[str, bytes]()

    def look(self, record: OpenRecord, state: Infusion) -> None:
        if state.phase is not Phase.RUNNING or self.seen:
            return
        record.executor.submit(int).result()
        said = status_file.read(status_file.beside(record.file.path))
        if said and any(one.is_infusing for one in said.open):
            record.recorder.flush().result()
            self.seen = files(self.folder)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watching:
    out = tmp_path_factory.mktemp("encrypted")
    watching = Watching(out)
    plan = Plan(Decimal(70), 20, "B", UNBOUND, out, "datex-s5", (), 1, True, NAME, QUICK)
    trial = short_day(tmp_path_factory.mktemp("protocol"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(status_writer, "EVERY_S", 0.0)  # two real seconds, in which a short day may be over
        told = rehearse(plan, trial, lambda _line: None, watching.look)
    assert NAME not in json.dumps(told, ensure_ascii=False)
    db, key = told["files"]["database"], told["files"]["recovery_key"]
    assert main(["backup", "--db", db, "--recovery-key", key, "--to", str(out / "stick")]) == 0
    return watching


def test_no_byte_of_any_file_shows_the_name_or_the_record(watched: Watching) -> None:
    after = files(watched.folder)
    assert {"bedside.db", "bedside.db-wal", "bedside.db-shm", "bedside.db.keys"} <= watched.seen.keys()
    assert any(name.startswith("raw") for name in after)
    assert b'"phase": "running"' in watched.seen["bedside.db.status.json"]
    assert b"B-001" in watched.seen["bedside.db.status.json"]
    assert b"B-001" not in after["bedside.db.status.json"]
    assert any(name.startswith("stick") and name.endswith("bedside.db") for name in after)
    assert b"VitalsRecorded" in after["record.json"]  # what is looked for is what a record says
    found = []
    for name, data in (*watched.seen.items(), *after.items()):
        wanted = written(NAME) if is_export(name) else (*written(NAME), *EVENTS)
        found += [(name, text) for text in wanted if text in data]
        found += [(name, text) for text in written(NAME) if text in name.encode()]
    assert found == []


def test_the_raw_bytes_are_no_gzip_that_anybody_opens(watched: Watching) -> None:
    kept = list((watched.folder / "raw").iterdir())
    assert kept
    for path in kept:
        with pytest.raises(gzip.BadGzipFile), gzip.open(path) as file:
            file.read()


def test_the_recovery_key_and_every_person_of_the_rehearsal_open_it(watched: Watching) -> None:
    store = watched.folder / "bedside.db"
    secret = read_recovery((watched.folder / "recovery-key.txt").read_text(encoding="utf-8"))
    keys = load(beside(store))
    key = keys.open_with_recovery(secret)
    assert keys.open_with_password("N-01", "1111") == keys.open_with_password("I-01", "4444") == key
    with StoreReader(store, key) as reader:
        assert reader.info().store_id == keys.store_id
        assert NAME in reader.settings().values()
        assert not any(NAME in str(entry) for _, entries in reader.each_infusion() for entry in entries)


def test_verify_and_replay_take_the_recovery_key(watched: Watching, capfd: pytest.CaptureFixture[str]) -> None:
    recovery = ["--recovery-key", str(watched.folder / "recovery-key.txt")]
    assert main(["verify", "--db", str(watched.folder / "bedside.db"), *recovery]) == 0
    recording = str(next((watched.folder / "raw").iterdir()))
    assert main(["replay", recording, "--text", "--speed", "60"]) == 2
    assert "is encrypted" in capfd.readouterr().err
    assert main(["replay", recording, "--text", "--speed", "60", *recovery]) == 0
    assert "hr" in capfd.readouterr().out


def test_the_name_is_neither_told_nor_taken_without_encryption(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["rehearse", "--out", str(out), "--patient-name", NAME]) == 2
    told = capfd.readouterr()
    assert "encrypted record only" in told.err
    assert NAME not in told.err + told.out
    assert not out.exists()


def test_a_rehearsal_never_begins_in_the_wards_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    plan = Plan(Decimal(70), 20, "B", 1200.0, settings.data_dir(), "datex-s5", (), 1)
    settings.data_dir().mkdir(parents=True)
    settings.store_path().write_text("the ward's")
    with pytest.raises(Refused, match="the ward's own record"):
        rehearse(plan, load_trial(), lambda _line: None)
    assert settings.store_path().read_text() == "the ward's"
