"""What the program does with a record that somebody wrote into: it decides on the events, tells, and mends what they can tell."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from app.cli import main
from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.facts import Corrected, WeightRecorded
from app.domain.infusion.phases import Phase
from app.domain.log import encode
from app.domain.people.proofs import HeadDoubted, RowsRebuilt, StreamShutOff
from app.jobs.rows_rebuilding import rebuild_rows
from app.services import clock as clocks
from db.log.headfile import head_path
from db.queries import StoreReader
from db.recorder import Recorder
from db.tables import setting_seal
from tests.db.making import newer
from tests.db.test_verify import plainly, tamper
from tests.domain.cast import LI
from tests.whole.ward_life import Life


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """One infusion runs; the program is closed."""
    path = tmp_path / "ward.db"
    life = Life(path)
    life.order()
    life.start()
    life.close()
    return path


def verified(path: Path) -> int:
    return main(["verify", "--db", str(path)])


def told(life: Life) -> str:
    return " ".join(map(str, life.record.notices))


def kinds(life: Life) -> list[type[object]]:
    return [type(entry.event) for entry in life.record.store.account_entries()]


def test_an_untouched_record_opens_without_a_word(running: Path) -> None:
    assert verified(running) == 0
    life = Life(running)
    assert life.record.notices == ()
    life.close()
    assert verified(running) == 0


def test_a_running_infusion_is_there_also_when_its_row_says_signed(running: Path) -> None:
    plainly(running, "UPDATE infusion SET phase = 'signed', subject = 'B-999'")
    assert verified(running) == 1
    life = Life(running)
    assert [state.phase for state in life.record.bedside.infusions] == [Phase.RUNNING]
    assert "made anew" in told(life)
    assert RowsRebuilt in kinds(life)
    life.close()
    assert verified(running) == 0


class AtWork:
    """A recorder that saves nothing before somebody waits for it, or gives it more."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._may_go_on = recorder, Event()
        recorder._writer.submit(lambda _driver: self._may_go_on.wait(60))

    def __getattr__(self, name: str) -> Any:
        self._may_go_on.set()
        return getattr(self._recorder, name)


def test_rows_made_anew_take_nothing_back_of_what_is_being_saved(running: Path) -> None:
    life = Life(running)
    record = life.record
    recorder: Any = AtWork(record.recorder)
    record.bedside.submit(life.infusion_id, Stop(Decimal(90), "tried as a drill"), LI)
    rebuild_rows(record.store, recorder, record.bedside.read, record.bedside.now())
    life.close()
    assert verified(running) == 0


def test_a_heartbeat_of_2031_does_not_push_record_time(running: Path) -> None:
    with closing(sqlite3.connect(running)) as store:
        (genesis,) = store.execute("SELECT genesis FROM store").fetchone()
        (value,) = store.execute("SELECT value FROM setting WHERE key = 'watch'").fetchone()
    ahead = value.replace('"at":"20', '"at":"2031-01-01T00:00:00+00:00","was":"20')
    seal = setting_seal(genesis, "watch", ahead)
    plainly(running, f"UPDATE setting SET value = '{ahead}', seal = '{seal}' WHERE key = 'watch'")
    life = Life(running)
    assert life.record.bedside.now() < clocks.wall_utc() + timedelta(minutes=1)
    assert "is not believed" in told(life)
    life.close()


@pytest.mark.parametrize(
    "value",
    [
        "{}",
        "no JSON",
        '{"at":"2031-01-01T00:00:00","wall":"2031-01-01T00:00:00Z","steady_s":1,"boot_id":"b"}',
        '{"at":"2026-01-01","wall":1,"steady_s":"x","boot_id":2}',
    ],
)
def test_a_heartbeat_that_is_none_is_let_be(running: Path, value: str) -> None:
    plainly(running, f"UPDATE setting SET value = '{value}' WHERE key = 'watch'")
    assert verified(running) == 1
    Life(running).close()


def test_a_bad_stream_is_shut_off_and_the_rest_opens(running: Path) -> None:
    with StoreReader(running) as store:
        (running_id,) = store.streams()
    newer(running, "other", '{"text":"x","type":"NoteAdded"}')
    for times in (1, 2):
        life = Life(running)
        assert [state.infusion_id for state in life.record.bedside.infusions] == [running_id]
        assert "infusion other cannot be put together" in told(life)
        assert kinds(life).count(StreamShutOff) == 1, times
        life.close()


def test_a_correction_that_fits_nothing_shuts_its_infusion_off_alone(running: Path) -> None:
    with StoreReader(running) as store:
        (running_id,) = store.streams()
        weighed = next(x.event_id for x in store.entries(running_id) if isinstance(x.event, WeightRecorded))
    newer(running, running_id, encode(Corrected(weighed, "weight_kg", '"70"', '"heavy"', "misread")).decode())
    life = Life(running)
    assert life.record.bedside.infusions == []
    assert f"infusion {running_id} cannot be put together" in told(life)
    life.close()


def test_an_event_that_cannot_be_read_shuts_its_infusion_off_alone(running: Path) -> None:
    with StoreReader(running) as store:
        (running_id,) = store.streams()
    newer(running, running_id)
    newer(running, "people")
    life = Life(running)
    assert life.record.bedside.infusions == []
    assert running_id in told(life)
    assert "1 events of accounts or rules cannot be read" in told(life)
    life.close()
    assert verified(running) == 1


def test_a_missing_head_file_is_told_and_recorded_once(running: Path) -> None:
    head_path(running).unlink()
    life = Life(running)
    assert "was not there" in told(life)
    assert kinds(life).count(HeadDoubted) == 1
    life.close()
    life = Life(running)
    assert life.record.notices == ()
    life.close()


def test_rows_are_made_anew_by_a_command(running: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(running, "UPDATE infusion SET weight_kg = 71", "DELETE FROM vital_check",
           "INSERT INTO infusion (infusion_id, phase) VALUES ('other', 'running')")  # fmt: skip
    assert verified(running) == 1
    assert main(["rebuild", "--db", str(running)]) == 0
    assert "Made anew: the rows of 1 infusions." in capsys.readouterr().out
    assert verified(running) == 0
    with StoreReader(running) as store:
        assert isinstance(store.account_entries()[-1].event, RowsRebuilt)
