"""Of a record of many infusions those at hand are read at opening, all others once the window stands."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest

from app.cli import main
from app.domain.errors import Refused
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.facts import WatchLost
from app.domain.infusion.phases import Phase
from app.domain.people.proofs import RowsRebuilt
from app.domain.texts import Text, say
from app.jobs.rows_rebuilding import differing
from app.program.open_record import OpenRecord, open_record
from app.services import clock as clocks
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from db.log.standing import Standing
from db.queries import StoreReader
from tests.db.making import newer
from tests.db.test_verify import plainly, tamper
from tests.domain.cast import ZHAO
from tests.whole.ward_life import Life


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One infusion is signed, the next one runs."""
    path = tmp_path_factory.mktemp("made") / "ward.db"
    life = Life(path)
    life.order()
    life.start()
    life.finish()
    life.order("B-002", "7")
    life.close()
    return path


@pytest.fixture
def ward(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where two are many; of the newest events nothing is looked at."""
    monkeypatch.setattr("app.program.open_record.FEW", 1)
    monkeypatch.setattr("app.program.open_record.NEWEST_EVENTS", 0)
    shutil.copytree(made.parent, tmp_path / "ward")
    return tmp_path / "ward" / made.name


class Opened:
    """As the window opens it; `told`: what a person was told once all was read."""

    def __init__(self, path: Path) -> None:
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.record: OpenRecord = open_record(path, load(), ScaledClock(), self._posted.put, practice=False, rest_later=True)
        self.told: list[Text] = []

    def open_subjects(self) -> set[str]:
        return {state.order.subject for state in self.record.bedside.infusions if state.phase is not Phase.SIGNED}

    def read_rest(self, then: Callable[[], object] = list) -> None:
        done: list[object] = []
        self.record.rest.read(self.told.append, lambda: done.append(then()))
        while not (done or self.told):
            self._posted.get(timeout=60)()
        self.settle()

    def settle(self) -> None:
        while not self._posted.empty():
            self._posted.get()()

    def close(self) -> None:
        self.record.close()


def test_the_opening_reads_those_at_hand_alone(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: list[int] = []
    real = StoreReader.standing

    def counted(store: StoreReader) -> list[Standing]:
        found = real(store)
        whole.append(len(found))
        return found

    monkeypatch.setattr(StoreReader, "standing", counted)
    plainly(ward, "UPDATE infusion SET ended_at = '2020-01-01T00:00:00.000000Z' WHERE subject = 'B-001'")
    opened = Opened(ward)
    assert (whole, opened.record.before.past) == ([], None)
    assert opened.open_subjects() == {"B-002"}
    opened.read_rest()
    opened.record.rest.read(opened.told.append, list)  # which it is once
    assert whole == [2]
    assert opened.record.before.doses.keys() == {"B-001"}
    opened.close()


def test_what_is_asked_of_older_ones_is_read_when_it_is_asked(ward: Path) -> None:
    plainly(ward, "UPDATE infusion SET ended_at = '2020-01-01T00:00:00.000000Z' WHERE subject = 'B-001'")
    opened = Opened(ward)
    bedside = opened.record.bedside
    assert opened.record.before.past is None
    assert bedside.orders.irregular(("B-001", "3", "B", 1), bedside.now())[0] == "second"
    assert opened.record.before.weights_kg == {"B-001": Decimal("70.0")}
    opened.close()


def test_whose_result_is_owed_is_known_with_the_rest(ward: Path) -> None:
    opened = Opened(ward)
    assert opened.record.acute_checks.waiting() == []
    opened.read_rest()
    assert [watch.subject for watch in opened.record.acute_checks.waiting()] == ["B-001"]
    assert opened.told == []
    opened.close()


def test_the_newest_events_tell_of_what_goes_on_whatever_the_table_says(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.program.open_record.NEWEST_EVENTS", 2000)
    plainly(ward, "UPDATE infusion SET phase = 'signed' WHERE subject = 'B-002'")
    opened = Opened(ward)
    assert opened.open_subjects() == {"B-002"}
    opened.close()


def test_one_that_is_open_by_its_events_alone_is_taken_up_and_its_row_made_anew(ward: Path) -> None:
    plainly(ward, "UPDATE infusion SET phase = 'signed' WHERE subject = 'B-002'")
    assert main(["verify", "--db", str(ward)]) == 1
    opened = Opened(ward)
    assert opened.open_subjects() == set()
    opened.read_rest()
    assert opened.open_subjects() == {"B-002"}
    assert "made anew" in str(opened.told)
    opened.record.recorder.flush().result()
    rebuilt = [x.event for x in opened.record.store.account_entries() if isinstance(x.event, RowsRebuilt)]
    assert [event.infusions for event in rebuilt] == [1]
    with pytest.raises(Refused, match="Bed 7 has an infusion open"):
        opened.record.bedside.bed_is_free("7")
    opened.close()
    assert main(["verify", "--db", str(ward)]) == 0


def test_nobody_watched_one_that_is_found_late(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plainly(ward, "UPDATE infusion SET phase = 'signed' WHERE subject = 'B-002'")
    wall_utc, steady_s = clocks.wall_utc, clocks.steady_s
    monkeypatch.setattr(clocks, "wall_utc", lambda: wall_utc() + timedelta(hours=2))
    monkeypatch.setattr(clocks, "steady_s", lambda: steady_s() + 7200)
    opened = Opened(ward)
    opened.read_rest()
    opened.record.recorder.flush().result()
    opened.settle()
    (state,) = [s for s in opened.record.bedside.infusions if s.order.subject == "B-002"]
    ((at, lost),) = [(x.at, x.event) for x in state.log if isinstance(x.event, WatchLost)]
    assert at - lost.from_at > timedelta(hours=1)
    opened.close()
    assert main(["verify", "--db", str(ward)]) == 0


def test_what_cannot_be_put_together_is_told_once_it_is_found(ward: Path) -> None:
    newer(ward, "other", '{"text":"x","type":"NoteAdded"}')
    opened = Opened(ward)
    opened.read_rest()
    assert ["no order at its beginning" in str(text) for text in opened.told] == [True]
    opened.close()


def test_what_cannot_be_put_together_is_what_stays_on_the_screen(ward: Path) -> None:
    """Of what is told the last: not that other rows were mended, nor which results are due."""
    newer(ward, "other", '{"text":"x","type":"NoteAdded"}')
    plainly(ward, "UPDATE infusion SET bed = 'x' WHERE subject = 'B-001'")
    opened = Opened(ward)
    opened.read_rest(lambda: opened.told.append(say("due")))
    assert [
        next(part for part in ("due", "made anew", "no order at its beginning") if part in str(text)) for text in opened.told
    ] == ["due", "made anew", "no order at its beginning"]
    opened.close()


def test_events_of_a_kind_of_tomorrow_are_told(ward: Path) -> None:
    newer(ward)
    opened = Opened(ward)
    opened.read_rest()
    assert "does not know" in str(opened.told)
    assert opened.record.before.past is not None
    opened.close()


def test_an_answer_that_cannot_be_read_is_told_and_hides_no_bed(ward: Path) -> None:
    newer(ward, "subject:B-001", '{"type":"AcuteChecked"}')
    tamper(ward, "UPDATE event SET type = 'AcuteChecked' WHERE seq = (SELECT max(seq) FROM event)")
    opened = Opened(ward)
    opened.read_rest()
    assert "not as Bedside made it" in str(opened.told)
    assert opened.open_subjects() == {"B-002"}
    assert opened.record.before.doses.keys() == {"B-001"}
    opened.close()


def test_one_whose_protocol_file_is_not_at_hand_has_no_row_and_stops_nobody(ward: Path) -> None:
    of = "(SELECT infusion_id FROM infusion WHERE subject = 'B-001')"
    tamper(ward, f"UPDATE event SET payload = replace(payload, '{load().sha256}', '{'0' * 64}') WHERE stream = {of}")
    plainly(ward, "UPDATE infusion SET phase = 'signed', ended_at = '2020-01-01T00:00:00.000000Z', bed = 'x'")
    opened = Opened(ward)
    opened.read_rest()
    opened.record.recorder.flush().result()
    rebuilt = [x.event for x in opened.record.store.account_entries() if isinstance(x.event, RowsRebuilt)]
    assert [event.infusions for event in rebuilt] == [1]
    assert opened.open_subjects() == {"B-002"}
    opened.close()


def test_a_row_made_anew_takes_nothing_back_of_what_is_being_saved(ward: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.program.open_record.NEWEST_EVENTS", 2000)
    plainly(ward, "UPDATE infusion SET phase = 'signed' WHERE subject = 'B-002'")
    opened = Opened(ward)
    record, (state,) = opened.record, [s for s in opened.record.bedside.infusions if s.order.subject == "B-002"]
    may_write = Event()
    record.recorder._writer.submit(lambda _driver: may_write.wait(60))
    record.bedside.submit(state.infusion_id, Abandon("not today"), ZHAO)
    opened.read_rest()
    may_write.set()
    record.recorder.flush().result()
    with record.store.one_moment():
        assert differing(record.store, record.store.standing(), ()) == []
    opened.close()
