"""The name-free file beside an encrypted store: what a nurse sees after a restart, before anybody has signed in."""

from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due
from app.jobs.status_writer import EVERY_S, StatusWriter
from app.services.access.status_file import DueTask, WardStatus, beside, read, status, write
from app.services.ward.watch import BedNow
from tests.domain.cast import clock
from tests.domain.play import Play, prepared
from tests.services.ward import Ward, running


class AtOnce(Executor):
    """Does what it is given in the same thread, and counts."""

    def __init__(self) -> None:
        self.done = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.done += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "ward.db"


def kept(store: Path, ward: Ward) -> tuple[StatusWriter, AtOnce]:
    executor = AtOnce()
    return StatusWriter(store, ward.bedside, executor), executor


def seen(play: Play, now: datetime) -> WardStatus:
    return status([BedNow(play.state, tuple(due(play.state, now)), None, (), None, {})])


def test_a_running_infusion_is_said_with_what_is_due(store: Path) -> None:
    assert write(beside(store), seen(prepared("running"), clock("14:01")))
    found = read(beside(store))
    assert found is not None
    (one,) = found.open
    assert (one.subject, one.bed, one.phase, one.is_infusing) == ("S-001", "12", Phase.RUNNING, True)
    assert one.started_at == clock("14:00")
    assert DueTask(TaskKind.VITALS, clock("14:15")) in one.due
    assert b"weight" not in beside(store).read_bytes()


@pytest.mark.parametrize(("point", "phase", "infusing"), [("hung", Phase.HUNG, False), ("observation", Phase.OBSERVATION, False)])
def test_before_the_start_and_after_the_end_it_is_open_but_not_infusing(point: str, phase: Phase, infusing: bool) -> None:
    (one,) = seen(prepared(point), clock("15:00")).open
    assert (one.phase, one.is_infusing) == (phase, infusing)


def test_what_is_over_is_not_said() -> None:
    assert seen(prepared("signed"), clock("18:00")) == WardStatus(())


def test_it_is_written_on_change_and_at_most_every_two_seconds(store: Path) -> None:
    ward = running()
    keeping, executor = kept(store, ward)
    for steady_s in (0.0, 0.25, EVERY_S, 2 * EVERY_S):
        keeping.look(steady_s)
    assert executor.done == 1
    before = beside(store).read_bytes()
    ward.wait(minutes=20)
    keeping.look(3 * EVERY_S)
    assert executor.done == 2
    assert beside(store).read_bytes() != before


def test_a_disk_that_refuses_is_tried_again(store: Path) -> None:
    beside(store).mkdir()
    keeping, executor = kept(store, running())
    keeping.look(0.0)
    assert read(beside(store)) is None
    beside(store).rmdir()
    keeping.look(EVERY_S)
    assert executor.done == 2
    assert read(beside(store)) is not None


def test_a_slow_disk_holds_nobody_up(store: Path) -> None:
    keeping, executor = kept(store, running())
    slow: Future[bool] = Future()
    executor.submit = lambda *_: slow  # type: ignore[method-assign]
    for steady_s in (0.0, EVERY_S, 2 * EVERY_S):
        keeping.look(steady_s)
    slow.set_result(True)
    keeping.close()
    assert read(beside(store)) is not None


def test_a_torn_or_missing_file_says_nothing(store: Path) -> None:
    assert read(beside(store)) is None
    beside(store).write_bytes(b'{"open": [{"subject"')
    assert read(beside(store)) is None


def test_a_drip_that_only_goes_on_rewrites_it_a_few_times_a_minute_at_most() -> None:
    play = prepared("running")
    written = {msgspec.json.encode(seen(play, clock("14:01") + timedelta(seconds=s))) for s in range(60)}
    assert len(written) <= 4
