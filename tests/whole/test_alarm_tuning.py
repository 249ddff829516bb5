"""Other limits tried on a record: counted under both rules, off the deciding thread, in a process of its own."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.protocol import Protocol
from app.domain.texts import Text
from app.jobs.alarm_tuning import AlarmTuning, Tried, _both, _which, is_tried, rules_of
from app.jobs.record_process import apart
from app.services.access.store_key import StoreFile
from app.services.protocol_files import load
from db.log.batch import Batch, projection
from tests.db.making import recorder
from tests.domain.cast import LI
from tests.domain.play import prepared, vitals

FILE = load().protocol


def with_high(value: int) -> Protocol:
    limits = tuple(replace(of, high=Decimal(value)) if of.vital == "nibp_dia" else of for of in FILE.vitals.limits)
    return replace(FILE, vitals=replace(FILE.vitals, limits=limits))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """One infusion with a diastolic pressure of 92 mmHg, then 72."""
    play = prepared("running")
    for dia in (92, 72):
        play.now = play.now.replace(minute=play.now.minute + 1)
        play.do(vitals(nibp_dia=dia, nibp_map=100), LI)
    path = tmp_path / "ward.db"
    writing = recorder(path)
    writing.append(Batch(tuple(play.entries), (projection(play.state),))).result()
    writing.close()
    return path


def test_the_patients_alarms_are_counted_under_both_rules(store: Path) -> None:
    ids = _which(store, None)
    assert not isinstance(ids, Text)
    (infusion_id,) = ids
    found = [_both(store, None, infusion_id, rules_of(FILE), rules_of(with_high(high))) for high in (92, 91, 70)]
    assert [(one[1], one[2]) for one in found if not isinstance(one, Text)] == [(1, 0), (1, 1), (1, 1)]
    assert all(one[0] > 0 for one in found if not isinstance(one, Text))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert isinstance(_which(tmp_path / "none.db", None), Text)
    assert isinstance(_both(tmp_path / "none.db", None, "inf", rules_of(FILE), rules_of(FILE)), Text)


def test_it_is_told_infusion_by_infusion_from_another_process(store: Path) -> None:
    told: list[Tried] = []
    tuning = AlarmTuning(StoreFile(store, None), lambda call: call())
    tuning.begin(FILE, with_high(92), told.append)
    tuning._thread.shutdown()
    assert [(x.recorded, x.played, x.watched, x.before, x.after) for x in told] == [(1, 0, 0, 0, 0), (1, 1, 1, 1, 0)]
    tuning.close()
    assert [is_tried(key) for key in ("vitals.limits.hr.low", "news2.high_from", "vitals.early_min")] == [True, True, False]


@pytest.mark.skipif(os.name != "posix", reason="how nice a process is can be asked on POSIX alone")
def test_what_works_in_a_process_of_its_own_stands_behind_the_window() -> None:
    with apart() as process:
        assert process.submit(os.nice, 0).result() == min(19, os.nice(0) + 10)
