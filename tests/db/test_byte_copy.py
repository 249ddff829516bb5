"""A large store is copied byte for byte while it is written to and its log is moved into it: what is copied is whole."""

import errno
import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import Refused
from db.copies import byte_copy
from db.copies import store_backup as backups
from db.copies.store_backup import backup, proved
from db.engine import driver_connection, open_writer
from db.store_errors import GivenUp, StoreError
from tests.db.making import at, heart_rates, notes, recorder

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every store is one, and is copied in many steps."""
    monkeypatch.setattr(backups, "LARGE", 0)
    monkeypatch.setattr(byte_copy, "_CHUNK", 8192)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("how", ["PASSIVE", "TRUNCATE"])
@pytest.mark.parametrize("before", [False, True], ids=["in the log", "in the file"])
def test_what_is_saved_and_moved_meanwhile_does_not_tear_it(tmp_path: Path, key: bytes | None, how: str, before: bool) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path, key=key)
    writing.add_samples(heart_rates(60))
    writing.append(notes(1, 300)).result()
    with closing(open_writer(path, key)) as moving:
        raw = driver_connection(moving)
        raw.execute("PRAGMA busy_timeout = 0")
        if before:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        steps = 0

        def progress(_share: float) -> bool:
            nonlocal steps
            if steps < 60:
                steps += 1
                writing.append(notes(300 + steps, 300 + steps)).result()
                raw.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
            return True

        folder = backup(path, tmp_path / "stick", at(30), "0.1.0", key, progress)
    writing.append(notes(361, 370)).result()
    writing.close()
    manifest = proved(folder, key)
    assert steps > 10
    assert 300 <= manifest.events <= 360
    assert sorted(file.name for file in folder.iterdir()) == ["bedside.db", "bedside.db.head", "manifest.json"]


@pytest.mark.parametrize("again", ["written", "cut"])
@pytest.mark.parametrize("step", [3, 8])
def test_a_log_that_begins_anew_while_it_is_copied_takes_nothing_back(tmp_path: Path, again: str, step: int) -> None:
    """All of it is in the file, so nobody keeps it from that."""
    path, steps = tmp_path / "ward.db", 0
    writing = recorder(path, beat_s=600, key=KEY)
    for number in range(1, 61):
        writing.add_samples(heart_rates(6, from_minute=number))
        writing.append(notes(number, number)).result()
    with closing(open_writer(path, KEY)) as moving:
        raw = driver_connection(moving)
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

        def progress(share: float) -> bool:
            nonlocal steps
            steps += share >= 1
            if steps == step and share >= 1:
                if again == "written":
                    writing.append(notes(61, 200)).result()
                else:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return True

        folder = backup(path, tmp_path / "stick", at(30), "0.1.0", KEY, progress)
    writing.close()
    assert steps >= step
    assert proved(folder, KEY).events >= 60


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few make a link")
def test_by_a_link_to_the_store_what_stands_in_its_log_is_copied_too(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path, link = tmp_path / "data" / "ward.db", tmp_path / "ward.db"
    link.symlink_to(path)
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 40)).result()
    folder = backup(link, tmp_path / "stick", at(30), "0.1.0", KEY)
    writing.close()
    assert proved(folder, KEY).events == 40


def test_no_descriptor_of_a_store_is_closed_while_the_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it this process's locks would go, and another program could take the log away."""
    path = tmp_path / "ward.db"
    monkeypatch.setattr(byte_copy, "_OPEN", {})
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 3)).result()
    there = path.stat()
    for name in ("one", "other"):
        backup(path, tmp_path / name, at(30), "0.1.0", KEY)
    (descriptor,) = byte_copy._OPEN.values() if byte_copy._KEEPS_OPEN else (None,)
    if descriptor is not None:
        assert os.path.samestat(os.fstat(descriptor), there)
    writing.close()


def test_a_copy_given_up_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 300)).result()
    with pytest.raises(GivenUp):
        backup(path, tmp_path / "stick", at(30), "0.1.0", KEY, lambda share: share < 0.2)
    assert list((tmp_path / "stick").iterdir()) == []
    writing.close()


def test_a_page_that_was_changed_in_the_file_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 300)).result()
    writing.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises((StoreError, Refused)):
        backup(path, tmp_path / "stick", at(30), "0.1.0", KEY)
    assert not list((tmp_path / "stick").glob("*"))


def test_where_the_file_itself_cannot_be_read_it_is_copied_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, tried = tmp_path / "ward.db", list[int]()
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 300)).result()

    def locked(_descriptor: int, at: int) -> bytes:
        tried.append(at)
        raise PermissionError(errno.EACCES, "locked")

    monkeypatch.setattr(byte_copy, "_read_at", locked)
    folder = backup(path, tmp_path / "stick", at(30), "0.1.0", KEY)
    writing.close()
    assert tried == [0]
    assert proved(folder, KEY).events == 300
