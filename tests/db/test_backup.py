"""A backup is proved by opening it; a changed, shortened or foreign one is named; a restore touches nothing that is there."""

import errno
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from db.copies import store_backup as backups
from db.copies.encrypting import new_copy
from db.copies.store_backup import backup, proved, restore
from db.queries import StoreReader
from db.store_errors import DiskFull, GivenUp, StoreError
from tests.db.making import at, entry, faults, heart_rates, notes, recorder, save, sealed

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "ward.db"
    save(path, notes(1, 20))
    return path


def made(store: Path, to: Path) -> Path:
    return backup(store, to, at(30), "0.1.0")


def test_a_backup_is_taken_while_the_store_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path)
    rows = heart_rates(60)
    writing.add_samples(rows)
    writing.append(notes(1, 500)).result()
    folder = made(path, tmp_path / "stick")
    writing.append(notes(501, 502)).result()
    writing.close()
    manifest = proved(folder)
    assert (manifest.events, manifest.head.seq, manifest.program) == (500, 500, "0.1.0")
    assert sorted(manifest.files) == ["bedside.db", "bedside.db.head"]
    assert faults(folder / "bedside.db", manifest.head.hash) == []


def test_events_saved_at_every_step_do_not_make_it_begin_again(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path)
    writing.append(notes(1, 5000)).result()
    shares: list[float] = []

    def progress(share: float) -> bool:
        shares.append(share)
        writing.append(notes(5000 + len(shares), 5000 + len(shares))).result()
        return len(shares) < 100

    folder = backup(path, tmp_path / "stick", at(30), "0.1.0", progress=progress)
    writing.close()
    copying = [share for share in shares if share < 1]
    assert len(set(copying)) == len(copying) > 3
    assert proved(folder).events == 5000


def test_two_backups_of_one_second_stand_side_by_side(store: Path, tmp_path: Path) -> None:
    names = [made(store, tmp_path / "stick").name for _ in range(2)]
    assert names == ["bedside-20260301T083000Z", "bedside-20260301T083000Z-1"]


def test_a_restored_store_is_whole_and_goes_on(store: Path, tmp_path: Path) -> None:
    folder, to = made(store, tmp_path / "stick"), tmp_path / "new" / "ward.db"
    restore(folder, to)
    assert faults(to) == []
    writing = recorder(to)
    writing.append(notes(21, 21)).result()
    writing.close()
    with StoreReader(to) as reading:
        assert reading.head().seq == 21


def test_a_restore_never_writes_over_a_store(store: Path, tmp_path: Path) -> None:
    folder = made(store, tmp_path / "stick")
    with pytest.raises(Refused, match="there already"):
        restore(folder, store)


@pytest.mark.parametrize("name", ["bedside.db", "bedside.db.head"])
def test_a_changed_file_is_named(store: Path, tmp_path: Path, name: str) -> None:
    folder = made(store, tmp_path / "stick")
    file = folder / name
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(Refused, match=f"{name} of the backup was changed"):
        restore(folder, tmp_path / "new.db")


def test_an_older_database_put_into_a_newer_backup_is_caught(store: Path, tmp_path: Path) -> None:
    older = made(store, tmp_path / "stick")
    save(store, notes(21, 25))
    newer = made(store, tmp_path / "stick")
    manifest = backups.read_manifest(newer)
    (newer / "bedside.db").write_bytes((older / "bedside.db").read_bytes())
    forged = {**manifest.files, "bedside.db": backups.read_manifest(older).files["bedside.db"]}
    text = (newer / "manifest.json").read_text().replace(manifest.files["bedside.db"], forged["bedside.db"])
    (newer / "manifest.json").write_text(text)
    with pytest.raises(Refused, match="25"):
        proved(newer)


def test_a_missing_file_and_a_missing_manifest_are_named(store: Path, tmp_path: Path) -> None:
    folder = made(store, tmp_path / "stick")
    (folder / "bedside.db").unlink()
    with pytest.raises(Refused, match=r"lacks bedside\.db"):
        proved(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(Refused, match="no manifest"):
        proved(folder)


def test_a_broken_store_gives_no_backup_and_leaves_nothing(store: Path, tmp_path: Path) -> None:
    from db.engine import driver

    raw = driver.connect(str(store))
    raw.execute("DROP TRIGGER event_no_update")
    raw.execute("UPDATE event SET payload = replace(payload, 'note 7', 'note 8')")
    raw.commit()
    raw.close()
    with pytest.raises(Refused, match="not whole"):
        made(store, tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_backup_given_up_leaves_nothing(store: Path, tmp_path: Path) -> None:
    with pytest.raises(GivenUp, match="given up"):
        backup(store, tmp_path / "stick", at(), "0.1.0", progress=lambda _share: False)
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_backup_given_up_while_it_is_proved_leaves_nothing_either(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    save(path, notes(1, 3000))
    whole: list[bool] = []

    def progress(share: float) -> bool:
        there = [file.name for file in (tmp_path / "stick").rglob("*.*")]
        assert "manifest.json" not in there
        whole.extend([True] * (share == 1))
        return len(whole) < 2

    with pytest.raises(GivenUp):
        backup(path, tmp_path / "stick", at(), "0.1.0", progress=progress)
    assert len(whole) == 2  # copied to the end, and in the midst of the proof
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_so(store: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "stick"
    blocked.write_text("a file")
    with pytest.raises(StoreError, match="The folder cannot be written"):
        made(store, blocked)


def test_a_full_stick_is_named_and_nothing_is_left_on_it(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(path: Path, key: bytes | None) -> Any:
        made = new_copy(path, key)
        made.execute("PRAGMA max_page_count = 20")
        return made

    monkeypatch.setattr("db.copies.store_backup.new_copy", small)
    with pytest.raises(DiskFull, match="disk is full"):
        backup(store, tmp_path / "stick", at(30), "0.1.0")
    assert list((tmp_path / "stick").iterdir()) == []


def test_an_encrypted_store_stays_encrypted_and_takes_its_key_file_along(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path, key=KEY)
    writing.append(notes(1, 3)).result()
    writing.close()
    path.with_name("ward.db.keys").write_text("wrapped keys")
    folder = backup(path, tmp_path / "stick", at(), "0.1.0", KEY)
    assert b"note" not in (folder / "bedside.db").read_bytes()
    assert not (folder / "bedside.db").read_bytes().startswith(b"SQLite format 3")
    to = tmp_path / "new.db"
    restore(folder, to, KEY)
    assert (tmp_path / "new.db.keys").read_text() == "wrapped keys"
    with pytest.raises((StoreError, Refused)):
        proved(folder, bytes(32))


def test_progress_is_told_to_the_end(store: Path, tmp_path: Path) -> None:
    shares: list[float] = []

    def told(share: float) -> bool:
        shares.append(share)
        return True

    backup(store, tmp_path / "stick", at(), "0.1.0", progress=told)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


def test_a_sealed_minute_stays_sealed_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "ward.db"
    writing = recorder(path)
    rows = heart_rates(60)
    writing.add_samples(rows)
    writing.append(type(notes(1, 1))((entry(2, sealed(rows)),))).result()
    writing.close()
    folder = backup(path, tmp_path / "stick", at() + timedelta(days=1), "0.1.0")
    assert faults(folder / "bedside.db") == []
    assert os.listdir(tmp_path / "stick") == ["bedside-20260302T080000Z"]


class TestManifest:
    """What a stick says of itself is not believed."""

    @pytest.fixture
    def locked(self, tmp_path: Path) -> Path:
        path = tmp_path / "ward.db"
        writing = recorder(path, key=KEY)
        writing.append(notes(1, 20)).result()
        writing.close()
        return backup(path, tmp_path / "stick", at(30), "0.1.0", KEY)

    def change(self, folder: Path, **what: object) -> None:
        said = msgspec.json.decode((folder / "manifest.json").read_bytes())
        (folder / "manifest.json").write_bytes(msgspec.json.encode({**said, **what}))

    def test_it_is_sealed_with_the_stores_key(self, locked: Path) -> None:
        assert len(proved(locked, KEY).seal) == 64
        self.change(locked, made_at="2020-01-01T00:00:00Z")
        with pytest.raises(Refused, match="does not describe this backup"):
            proved(locked, KEY)

    def test_one_of_a_version_before_has_no_seal(self, locked: Path) -> None:
        self.change(locked, seal="")
        assert proved(locked, KEY).events == 20

    @pytest.mark.parametrize("name", ["../evil", "bedside.db/../../evil", "/tmp/evil", "bedside.db-wal", ""])
    def test_a_file_that_no_backup_has_is_refused(self, store: Path, tmp_path: Path, name: str) -> None:
        folder = made(store, tmp_path / "stick")
        self.change(folder, files={**backups.read_manifest(folder).files, name: "0" * 64})
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(Refused, match="names files that no backup"):
            restore(folder, tmp_path / "new.db")
        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.parametrize("what", [{"files": {}}, {"events": 21}, {"store_id": "another"}, {"head": {"seq": 19, "hash": "ab"}},
                                      {"files": "x"}, {"events": -1}, {"made_at": 3}])  # fmt: skip
    def test_one_that_does_not_fit_is_refused(self, store: Path, tmp_path: Path, what: dict[str, object]) -> None:
        folder = made(store, tmp_path / "stick")
        self.change(folder, **what)
        with pytest.raises(Refused):
            restore(folder, tmp_path / "new.db")
        assert not list(tmp_path.glob("new.db*"))

    def test_a_thousand_broken_ones_end_in_a_sentence(self, store: Path, tmp_path: Path) -> None:
        folder, random = made(store, tmp_path / "stick"), Random(4)
        whole = (folder / "manifest.json").read_bytes()
        for _ in range(1000):
            data = bytearray(whole)
            for _ in range(random.randrange(1, 9)):
                data[random.randrange(len(data))] = random.randrange(256)
            (folder / "manifest.json").write_bytes(bytes(data[: random.choice((len(data), random.randrange(len(data))))]))
            with suppress(Refused):
                backups.read_manifest(folder)
        (folder / "manifest.json").write_bytes(b"[" * 500_000)
        with pytest.raises(Refused):
            backups.read_manifest(folder)


def test_a_stick_pulled_during_a_restore_leaves_no_half_store(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, to = made(store, tmp_path / "stick"), tmp_path / "new" / "ward.db"

    def pulled(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(backups, "_copy_surely", pulled)
    with pytest.raises(StoreError):
        restore(folder, to)
    assert list(to.parent.iterdir()) == []


def test_a_copy_that_does_not_read_back_is_no_restore(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, to = made(store, tmp_path / "stick"), tmp_path / "new" / "ward.db"
    monkeypatch.setattr(backups, "_copy_surely", lambda _source, target: target.write_bytes(b"short"))
    with pytest.raises(Refused, match="was changed"):
        restore(folder, to)
    assert list(to.parent.iterdir()) == []
