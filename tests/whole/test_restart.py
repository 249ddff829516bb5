"""A laptop that dies in the middle of an infusion, on the ward's own store, through the same parts as the window."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import NamedTuple

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import MeasureRate
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.log import Entry
from app.jobs.record_clock import stamp
from app.jobs.statistics_export import export_logged
from app.services import clock as clocks
from db.examine import examine
from db.log.batch import Batch, SampleRow
from db.recorder import Recorder
from tests.domain.cast import LI
from tests.whole.ward_life import Life

ROOT = Path(__file__).resolve().parents[2]


def killed(path: Path, after_lines: int) -> int:
    """Let the ward work until it has said so many lines, then kill it; how many events it had acknowledged."""
    arguments = [sys.executable, "-m", "tests.whole.ward_life", str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as ward:
        assert ward.stdout is not None
        said = [ward.stdout.readline() for _ in range(after_lines)]
        ward.kill()
        said += ward.stdout.readlines()
    return int([line for line in said if line.endswith("\n")][-1])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


class Dead(NamedTuple):
    """What a ward left that was killed soon after its start."""

    folder: Path
    at_s: float

    def left(self, path: Path, patch: pytest.MonkeyPatch, steady_s: Callable[[], float], wall_s: Callable[[], float]) -> None:
        """It lies at `path` now, and so many seconds have passed by either clock since it was killed."""
        shutil.copytree(self.folder, path.parent, dirs_exist_ok=True)
        wall_utc, steady = clocks.wall_utc, clocks.steady_s
        lain_s = steady() - self.at_s
        patch.setattr(clocks, "wall_utc", lambda: wall_utc() + timedelta(seconds=wall_s() - lain_s))
        patch.setattr(clocks, "steady_s", lambda: steady() + steady_s() - lain_s)


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Dead:
    folder = tmp_path_factory.mktemp("dead")
    killed(folder / "ward.db", 3)
    return Dead(folder, clocks.steady_s())


def kinds(life: Life) -> set[TaskKind]:
    return {task.kind for task in life.record.bedside.bed(life.infusion_id).tasks}


def test_killed_again_and_again_nothing_acknowledged_is_lost_and_the_infusion_goes_on(path: Path) -> None:
    chance = random.Random(7)
    for _ in range(4):
        acknowledged = killed(path, chance.randrange(1, 30))
        life = Life(path)
        state = life.record.bedside.infusion(life.infusion_id)
        assert state.phase is Phase.RUNNING
        assert len(state.log) >= acknowledged
        assert life.do(MeasureRate(Decimal(20), "taps", 6, Decimal(4)), LI).ok
        life.close()
        assert examine(path).faults == []


@pytest.mark.parametrize(
    ("steady", "wall", "rebooted", "cause", "expected"),
    [
        pytest.param(5, 5, False, None, TaskKind.READ_REMAINING, id="program restarted within seconds"),
        pytest.param(300, 300, False, "stopped", TaskKind.READ_REMAINING, id="program gone for five minutes"),
        pytest.param(300, -3600, False, "stopped", TaskKind.READ_REMAINING, id="and the wall clock set back an hour"),
        pytest.param(-9000, 300, True, "power", TaskKind.READ_REMAINING, id="rebooted, wall clock ahead"),
        pytest.param(-9000, -3600, True, "power", TaskKind.CONFIRM_ELAPSED, id="rebooted, wall clock behind the record"),
        pytest.param(-9000, 13 * 3600, True, "power", TaskKind.CONFIRM_ELAPSED, id="rebooted, wall clock thirteen hours ahead"),
    ],
)
def test_how_long_nobody_watched(
    dead: Dead, path: Path, monkeypatch: pytest.MonkeyPatch, steady: int, wall: int, rebooted: bool, cause: str | None,
    expected: TaskKind,
) -> None:  # fmt: skip
    dead.left(path, monkeypatch, lambda: steady, lambda: wall)
    if rebooted:
        monkeypatch.setattr(clocks, "boot_id", lambda: "another boot")
    life = Life(path)
    assert life.do(AddNote("back"), LI).ok
    lost = [x.event for x in life.record.bedside.infusion(life.infusion_id).entries if isinstance(x.event, e.WatchLost)]
    assert [x.cause for x in lost] == ([cause] if cause else [])
    assert (expected in kinds(life)) == (cause is not None)
    life.close()


def test_an_export_meanwhile_hides_no_gap(dead: Dead, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = [300]
    dead.left(path, monkeypatch, lambda: away[0], lambda: away[0])
    export_logged(path, path.with_name("export.sqlite"))
    away[0] = 303
    life = Life(path)
    assert life.do(AddNote("back"), LI).ok
    (exported,) = life.record.store.account_entries()
    (lost,) = [x for x in life.record.bedside.infusion(life.infusion_id).entries if isinstance(x.event, e.WatchLost)]
    assert isinstance(lost.event, e.WatchLost)
    assert lost.event.from_at < exported.at - timedelta(seconds=290)
    assert lost.at >= exported.at
    life.close()
    assert examine(path).faults == []


def test_what_happens_to_a_subject_meanwhile_hides_no_gap(dead: Dead, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = [300]
    dead.left(path, monkeypatch, lambda: away[0], lambda: away[0])
    noted_at = clocks.wall_utc()
    writing = Recorder(path, stamp, practice=False)
    streams = ("subject:B-001", "trial")
    writing.append(Batch(tuple(Entry(name, name, noted_at, "n1", e.NoteAdded("called")) for name in streams))).result()
    writing.close()
    away[0] = 303
    life = Life(path)
    assert life.do(AddNote("back"), LI).ok
    (lost,) = [x for x in life.record.bedside.infusion(life.infusion_id).entries if isinstance(x.event, e.WatchLost)]
    assert isinstance(lost.event, e.WatchLost)
    assert lost.event.from_at < noted_at - timedelta(seconds=290)
    assert [x.infusion_id for x in life.record.bedside.infusions] == [life.infusion_id]
    life.close()
    assert examine(path).faults == []


@pytest.mark.parametrize(("hours", "watched"), [(23, True), (25, False)])
def test_a_signed_infusion_is_at_hand_while_acute_reactions_are_watched(
    path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, watched: bool
) -> None:
    life = Life(path)
    life.order()
    life.start()
    life.finish()
    infusion_id = life.infusion_id
    life.close()
    wall_utc, steady_s = clocks.wall_utc, clocks.steady_s
    monkeypatch.setattr(clocks, "wall_utc", lambda: wall_utc() + timedelta(hours=hours))
    monkeypatch.setattr(clocks, "steady_s", lambda: steady_s() + hours * 3600)
    life = Life(path)
    assert life.record.bedside.knows(infusion_id) is watched
    if watched:
        life.infusion_id = infusion_id
        assert life.do(NoteReaction(life.record.bedside.now(), ("fever",), "continue"), LI).ok
    life.close()
    assert examine(path).faults == []


def test_the_curves_of_before_are_there_again_and_the_tiles_wait_for_the_monitor(path: Path) -> None:
    life = Life(path)
    life.order()
    life.start()
    at = life.record.bedside.now().replace(microsecond=0)
    values = [("hr", 80), ("hr", None), ("hr", 82), ("nibp_sys", 120), ("nibp_sys", None), ("nibp_sys", 122)]
    rows = [
        SampleRow(life.infusion_id, vital, at + timedelta(seconds=n), value and Decimal(value), "ok" if value else "invalid", "x")
        for n, (vital, value) in enumerate(values)
    ]
    life.record.recorder.add_samples(rows)
    life.close()
    again = Life(path)
    watched = again.record.bedside.watched(life.infusion_id)
    heart, cuff = watched.trend.series["hr"], watched.trend.series["nibp_sys"]
    assert [None if isnan(v) else v for v in heart.values] == [80, None, 82]
    assert list(heart.t_s) == [(at + timedelta(seconds=n)).timestamp() for n in (0, 1, 2)]
    assert list(cuff.values) == [120, 122]
    assert watched.newest("hr") is None
    again.close()
