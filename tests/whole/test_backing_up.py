"""Backups of a running record, plain and encrypted: by hand, by themselves, with the stick gone, and the drill."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.people.accounts import BackedUp
from app.domain.texts import Text
from app.jobs.backups import RETRY_S, Backups, drilled
from app.program.open_record import OpenRecord
from app.services.ward.ports import Tell
from db.copies.store_backup import STORE, proved
from db.log.batch import Batch
from tests.cli.stores import KEY
from tests.db.making import entry
from tests.domain.cast import ZHAO
from tests.whole.ward_life import Life


def backups_of(record: OpenRecord, tell: Tell) -> Backups:
    return Backups(
        record.file, record.store, record.settings, record.bedside,
        record.people.happened, record.executor, record.post, tell,
    )  # fmt: skip


class Ward(Life):
    """A record that is open, a stick, and what was told. `wait` lets the work end."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        super().__init__(path, key)
        self.stick = path.parent / "stick"
        self.stick.mkdir(exist_ok=True)
        self.told: list[str] = []
        self.backups = backups_of(self.record, self._tell)
        self.shares: list[float] = []
        self.backups.when_changed(self._changed)

    def _tell(self, happened: Text, safe: Text | str = "", to_do: Text | str = "") -> None:
        self.told.append(" ".join(str(part) for part in (happened, safe, to_do) if part))

    def _changed(self) -> None:
        share = self.backups.state().share
        if share is not None:
            self.shares.append(share)

    def wait(self) -> None:
        while self.backups.state().share is not None:
            self._posted.get(timeout=60)()
        self.record.recorder.flush().result()

    def made(self) -> list[Path]:
        return sorted(self.stick.iterdir())

    def happened(self) -> list[tuple[str | None, BackedUp]]:
        found = self.record.store.account_entries()
        return [(x.by, x.event) for x in found if isinstance(x.event, BackedUp)]

    def close(self) -> None:
        self.backups.close()
        super().close()


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    found: bytes | None = request.param
    return found


@pytest.fixture
def ward(tmp_path: Path, key: bytes | None) -> Iterator[Ward]:
    made = Ward(tmp_path / "ward.db", key)
    made.record.people.in_emergency("Wu Guangming")
    made.record.recorder.flush().result()
    yield made
    made.close()


def test_without_a_folder_nothing_is_done_but_said(ward: Ward) -> None:
    ward.backups.tick(0)
    assert ward.told == []
    ward.backups.back_up(ZHAO)
    assert ward.told == ["Choose a folder for backups first."]


def test_by_hand_it_is_proved_written_down_and_told(ward: Ward, key: bytes | None) -> None:
    ward.backups.choose(ward.stick)
    ward.backups.back_up(ZHAO)
    ward.backups.back_up(ZHAO)  # pressed twice: once is enough
    ward.wait()
    (folder,) = ward.made()
    manifest = proved(folder, key)
    assert (manifest.events, ward.told) == (2, [f"Backed up to {ward.stick}: 2 events"])
    assert ward.happened() == [(ZHAO.person_id, BackedUp(str(ward.stick), 2, manifest.head.hash))]
    assert ward.shares[0] == 0.0
    assert ward.shares[-1] == 1.0
    if key is not None:
        assert b"Guangming" not in (folder / STORE).read_bytes()


def test_it_is_due_daily_and_after_a_signed_infusion_and_does_itself(ward: Ward) -> None:
    ward.backups.choose(ward.stick)
    ward.backups.tick(0)
    ward.wait()
    assert (len(ward.made()), ward.told, ward.happened()[0][0]) == (1, [], None)
    assert not ward.backups.is_due()
    ward.order()
    ward.start()
    assert not ward.backups.is_due()
    ward.finish()
    ward.backups.tick(RETRY_S)
    ward.wait()
    assert len(ward.made()) == 2
    assert not ward.backups.is_due()


def test_what_is_wrong_beside_the_events_spoils_no_backup_but_is_told(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "ward.db", None)
    ward.order()
    ahead = {"at": "2031-01-01T00:00:00+00:00", "wall": "2026-01-01T00:00:00+00:00", "steady_s": 1.5, "boot_id": "b"}
    ward.record.recorder.put_setting("watch", ahead).result()
    ward.backups.choose(ward.stick)
    ward.backups.back_up(None)
    ward.wait()
    assert len(ward.made()) == 1
    assert ward.told[-1].startswith(
        "The backup holds all events. Beside them something is not as it should be: The mark until when"
    )
    ward.close()


def test_a_missing_stick_is_said_every_hour_and_nothing_is_lost(ward: Ward) -> None:
    ward.backups.choose(ward.stick)
    ward.stick.rmdir()
    for second in (0, 10, RETRY_S - 1, RETRY_S):
        ward.backups.tick(second)
    assert len(ward.told) == 2
    assert "is not there. Everything recorded is safe. Plug in the stick." in ward.told[0]
    assert not ward.stick.exists()
    ward.stick.mkdir()
    ward.backups.tick(2 * RETRY_S)
    ward.wait()
    assert len(ward.made()) == 1


def test_the_folder_and_the_last_backup_are_known_after_a_restart(tmp_path: Path) -> None:
    before = Ward(tmp_path / "ward.db", None)
    before.backups.choose(before.stick)
    before.backups.back_up(None)
    before.wait()
    last_at = before.backups.state().last_at
    before.backups.drill(None)
    before.wait()
    before.close()
    after = Ward(tmp_path / "ward.db", None)
    state = after.backups.state()
    assert (state.plan.folder, state.plan.retention_years) == (str(after.stick), 30)
    assert last_at is not None
    assert state.last_at is not None
    assert abs(state.last_at - last_at).total_seconds() < 1
    assert not after.backups.is_due()
    after.close()


def test_the_drill_restores_the_newest_examines_it_and_leaves_nothing(ward: Ward, tmp_path: Path) -> None:
    ward.backups.choose(ward.stick)
    ward.backups.back_up(ZHAO)
    ward.wait()
    there = {file.name for file in tmp_path.iterdir()}
    ward.backups.drill(ZHAO)
    ward.wait()
    assert ward.told[-1].startswith("The restore drill passed: the backup of ")
    (_, made), (by, drill) = ward.happened()
    assert (by, drill.drill, drill.head) == (ZHAO.person_id, True, made.head)
    assert {file.name for file in tmp_path.iterdir()} == there


@pytest.mark.parametrize("drill", [False, True], ids=["backup", "drill"])
def test_closing_the_program_gives_up_the_proof_at_once_and_nothing_passes_for_proved(tmp_path: Path, drill: bool) -> None:
    ward = Ward(tmp_path / "ward.db", None)
    ward.record.recorder.append(Batch(tuple(entry(n) for n in range(1, 12_001)))).result()
    ward.backups.choose(ward.stick)
    if drill:
        ward.backups.back_up(None)
        ward.wait()
        ward.backups.drill(None)
    else:
        ward.backups.back_up(None)
        while ward.backups.state().share != 1.0:
            ward._posted.get(timeout=60)()
    before = len(ward.made())
    ward.close()
    assert len(ward.made()) == (before if drill else 0)
    assert not list(tmp_path.glob("bedside-drill-*"))
    after = Ward(tmp_path / "ward.db", None)
    assert [event.drill for _by, event in after.happened()] == [False] * drill
    assert after.backups.is_due() is not drill
    after.close()


def damaged(folder: Path) -> None:
    data = bytearray((folder / STORE).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / STORE).write_bytes(data)


def removed(folder: Path) -> None:
    shutil.rmtree(folder)


def without_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "said"), [(damaged, "was changed"), (removed, "no backup of this record"), (without_manifest, "is not a backup")]
)
def test_a_drill_that_fails_is_told_and_not_written_as_passed(ward: Ward, spoil: Callable[[Path], None], said: str) -> None:
    ward.backups.choose(ward.stick)
    ward.backups.back_up(ZHAO)
    ward.wait()
    spoil(ward.made()[0])
    ward.backups.drill(ZHAO)
    ward.wait()
    assert said in ward.told[-1]
    assert len(ward.happened()) == 1
    assert not list(ward.record.file.path.parent.glob("bedside-drill-*"))


def test_a_backup_of_a_record_that_was_replaced_does_not_fit(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "ward.db", None)
    older = tmp_path / "older.db"
    ward.record.recorder.flush().result()
    ward.backups.choose(ward.stick)
    ward.backups.back_up(None)
    ward.wait()
    shutil.copytree(ward.made()[0], tmp_path / "kept")
    ward.backups.back_up(None)
    ward.wait()
    ward.close()
    shutil.copy(tmp_path / "kept" / STORE, older)
    with pytest.raises(Refused, match="does not fit this record"):
        drilled(older, ward.stick)
