"""What is acknowledged is stored, once, in order, and can be read back as it was."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.errors import Broken
from app.domain.infusion.facts import NoteAdded, RateSet, VitalEntry, VitalsRecorded
from app.domain.infusion.summary import CheckRow, InfusionRow, ObservationRow
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people.accounts import SignedIn
from app.domain.people.roles import Person, Role
from db.log.batch import Batch, Projection, SampleRow
from db.log.canonical import utc_ms
from db.queries import StoreReader
from db.recorder import Recorder

from .making import INFUSION, Told, at, entry, heart_rates, notes, recorder, stamp


def test_events_come_back_as_they_were(writing: Recorder, path: Path) -> None:
    rate = entry(1, RateSet(Decimal("35.0"), "too slow"))
    value = VitalEntry("temp", Decimal("36.80"), "monitor", 4)
    check = entry(2, VitalsRecorded("infusion", 15, (value,), False, "A", False))
    recorded = writing.append(Batch((rate, check))).result()
    with StoreReader(path) as reading:
        assert reading.entries(INFUSION) == [rate, check]
        assert [one.seq for one in recorded] == [1, 2]
        assert reading.head().hash == recorded[-1].hash
        assert reading.places(INFUSION)["e1"].seq == 1


def test_streams_are_kept_apart(writing: Recorder, path: Path) -> None:
    writing.append(Batch((entry(1), entry(2, stream="inf-2"), entry(3)))).result()
    with StoreReader(path) as reading:
        assert reading.streams() == ["inf-1", "inf-2"]
        assert [e.event_id for e in dict(reading.each_infusion())["inf-1"]] == ["e1", "e3"]


def test_streams_come_in_the_order_in_which_they_began(writing: Recorder, path: Path) -> None:
    names = ["inf-9", "inf-1", "inf-5"]
    writing.append(Batch(tuple(entry(n, stream=names[n % 3]) for n in range(3, 12)))).result()
    writing.append(Batch((Entry("e20", stream_text(PEOPLE), at(20), "n1", SignedIn("n1")),))).result()
    with StoreReader(path) as reading:
        assert reading.streams() == names


def test_what_happens_to_accounts_stands_in_the_chain_and_hides_no_gap_in_the_watch(writing: Recorder, path: Path) -> None:
    writing.append(Batch((entry(1),))).result()
    signed_in = Entry("a1", stream_text(PEOPLE), at(9), "nurse-1", SignedIn("nurse-1"))
    assert writing.append(Batch((signed_in,))).result()[0].seq == 2
    with StoreReader(path) as reading:
        last = reading.last_watched()
        assert last is not None
        assert (last.seq, last.at) == (1, entry(1).at)
        assert reading.account_entries() == [signed_in]
        assert reading.streams() == ["inf-1"]
        assert [e.event_id for e in reading.each_entry("infusion")] == ["e1"]
        assert reading.head().seq == 2


def test_the_last_event_tells_the_laptops_clocks(writing: Recorder, path: Path) -> None:
    with StoreReader(path) as reading:
        assert reading.last_event() is None
        writing.append(notes(1, 3)).result()
        last = reading.last_event()
    assert last is not None
    assert (last.seq, last.at, last.stamp) == (3, entry(3).at, stamp())


def test_a_repeated_write_is_acknowledged_and_stored_once(writing: Recorder, path: Path) -> None:
    first = writing.append(notes(1, 2)).result()
    again = writing.append(notes(1, 3)).result()
    assert again[:2] == first
    with StoreReader(path) as reading:
        assert len(reading.entries(INFUSION)) == 3


def test_the_same_id_for_something_else_is_our_own_fault(writing: Recorder, path: Path) -> None:
    writing.append(notes(1, 1)).result()
    with pytest.raises(Broken, match="e1"):
        writing.append(Batch((entry(2), entry(1, NoteAdded("other"))))).result()
    with StoreReader(path) as reading:
        assert reading.entries(INFUSION) == [entry(1)]
    assert writing.append(notes(2, 2)).result()[0].seq == 2


def test_a_time_without_its_zone_is_refused_before_anything_is_written(writing: Recorder) -> None:
    with pytest.raises(ValueError, match="zone"):
        writing.append(Batch((entry(1).__class__("e1", INFUSION, datetime(2026, 3, 1), None, NoteAdded("")),)))


def test_samples_share_a_commit_and_a_repeated_one_is_ignored(writing: Recorder, path: Path) -> None:
    rows = heart_rates(3)
    writing.add_samples([*rows, rows[0]._replace(value=99.0)])
    writing.add_samples([SampleRow(INFUSION, "spo2", at(0), None, "sensor_off", "pleth")])
    writing.flush().result()
    with StoreReader(path) as reading:
        samples = reading.samples(INFUSION)
        start = samples[0][1]
        assert samples == [
            ("hr", start, 60.0, "ok", "ecg"),
            ("spo2", start, None, "sensor_off", "pleth"),
            ("hr", start + 1000, 61.0, "ok", "ecg"),
            ("hr", start + 2000, 62.0, "ok", "ecg"),
        ]
        assert len(reading.samples(INFUSION, from_ms=start + 1000, before_ms=start + 2000)) == 1


def test_however_many_samples_share_a_commit_each_is_stored_as_it_came(writing: Recorder, path: Path) -> None:
    rows = [row for n, row in enumerate(heart_rates(400)) if n % 5]
    whole = [("hr", utc_ms(row.t), float(row.value or 0), "ok", "ecg") for row in rows]
    given = 0
    for count in (1, 3, 4, 15, 16, 63, 64, 2 * 64 + 16 + 4 + 1):
        writing.add_samples(rows[given : given + count])
        writing.flush().result()
        given += count
        with StoreReader(path) as reading:
            assert reading.samples(INFUSION) == whole[:given]


def test_samples_wait_at_most_a_beat(path: Path) -> None:
    told = Told()
    writing = recorder(path, beat_s=0.01, watcher=told)
    writing.add_samples(heart_rates(5))
    with StoreReader(path) as reading:
        assert any(reading.samples(INFUSION) for _ in range(100_000))
    writing.close()
    assert not told.troubles


def test_an_unknown_vital_sign_is_refused(writing: Recorder) -> None:
    with pytest.raises(KeyError):
        writing.add_samples([SampleRow(INFUSION, "etco2", at(0), 5.0, "ok", "x")])


def test_samples_read_by_name_and_utc_time(writing: Recorder, path: Path) -> None:
    writing.add_samples(heart_rates(1))
    writing.flush().result()
    with StoreReader(path) as reading:
        row = reading._connection.exec_driver_sql("SELECT * FROM vital_sample").one()
    assert tuple(row) == (INFUSION, None, "hr", "2026-03-01T08:00:00.000Z", 60.0, "ok", "ecg")


def _infusion(**changed: object) -> InfusionRow:
    fields: dict[str, object] = dict.fromkeys(InfusionRow.__struct_fields__)
    fields |= {"infusion_id": INFUSION, "subject": "S-01", "phase": "running", "weight_kg": Decimal("70.1")}
    return InfusionRow(**{**fields, "dose_cells": 140_200_000, "practice": False, **changed})  # type: ignore[arg-type]


def _check(**changed: object) -> CheckRow:
    fields: dict[str, object] = dict.fromkeys(CheckRow.__struct_fields__)
    fields |= {"period": "infusion", "slot_min": 15, "due_at": at(15), "status": "on_time", "temp": Decimal("36.8")}
    return CheckRow(**{**fields, **changed})  # type: ignore[arg-type]


def test_projections_are_written_with_their_event_and_replace_earlier_ones(writing: Recorder, path: Path) -> None:
    before = Projection(INFUSION, _infusion(), (_check(), _check(slot_min=30, status="open")))
    window = ObservationRow(at(60), at(180), None, None, "", 4, 4, 0, 0)
    after = Projection(INFUSION, _infusion(phase="observation", ended_at=at(60)), (_check(hr=Decimal(80)),), window)
    writing.append(Batch((entry(1),), (before,))).result()
    writing.append(Batch((entry(2),), (before,))).result()
    writing.append(Batch((entry(3),), (after,))).result()
    with StoreReader(path) as reading:
        (row,) = reading.infusions()
        assert (row.infusion_id, row.phase, row.ended_at) == (INFUSION, "observation", at(60))
        assert (row.weight_kg, row.dose_cells, row.practice) == (Decimal("70.1"), 140_200_000, False)
        (check,) = reading.checks(INFUSION)
        assert (check.n, check.due_at, check.hr, check.temp) == (1, at(15), 80, Decimal("36.8"))
        observation = reading.observation(INFUSION)
        assert observation is not None
        assert (observation.due_at, observation.checks_due) == (at(180), 4)
        assert reading.observation("inf-2") is None


def test_a_row_with_an_unknown_field_is_our_own_fault(writing: Recorder) -> None:
    with pytest.raises(Broken, match="due_at"):
        writing.append(Batch((entry(1),), (Projection(INFUSION, _check()),)))  # a check is no infusion


def test_people_and_settings_are_put_and_changed(writing: Recorder, path: Path) -> None:
    anna = Person("p1", "Anna", Role.NURSE)
    writing.put_person(anna, "hash-1").result()
    writing.put_person(anna, "hash-2", disabled_at=at(5)).result()
    writing.put_setting("limits", {"hr": [50, 120]}).result()
    writing.put_setting("limits", {"hr": [45, 120]}).result()
    with StoreReader(path) as reading:
        (stored,) = reading.people()
        assert (stored.person, stored.pin_hash, stored.disabled_at) == (anna, "hash-2", at(5))
        assert reading.setting("limits") == {"hr": [45, 120]}
        assert reading.settings() == {"limits": {"hr": [45, 120]}}
        assert reading.setting("sound", default=True) is True
