"""The files beside the PDF: data that a statistician can read, whole or not there."""

import csv
import errno
import io
import json
from copy import copy
from pathlib import Path

import msgspec
import pytest

from app.domain.protocol import Protocol
from app.services.record.data.csv_files import cells_csv, checks_csv, events_csv, safe, samples_csv
from app.services.record.data.record_json import record_json
from app.services.record.files import NotWritten
from app.services.record.folder import NAMES, write_all
from app.services.record.source import RecordSource
from app.services.words.words import Words

from . import story


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_all_files_are_written(source: RecordSource, english: Words, tmp_path: Path) -> None:
    found = write_all(source, english, tmp_path / "new" / "folder")
    assert tuple(found) == NAMES
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == sorted(NAMES)


def test_cells_stand_by_bag_and_in_all(source: RecordSource) -> None:
    first, second, whole = rows(cells_csv(source))
    assert (first["n"], first["bag"], first["label_cells"], first["label_ml"]) == ("1", story.BAGS[0], "100000000", "100")
    assert (whole["n"], whole["bag"], whole["given_least_cells"]) == ("", "", "134000000")
    assert (whole["given_least_ml"], whole["given_most_ml"], whole["given_most_cells"]) == ("134.0", "144.0", "144000000")
    assert (whole["given_most_cells_per_kg"], whole["given_least_pct"], whole["given_most_pct"]) == ("2057143", "95.7", "102.9")
    for column in ("given_least_cells", "given_most_viable_cells"):
        assert int(first[column]) + int(second[column]) == int(whole[column])


def test_what_a_former_file_knows_exactly_is_rounded_outwards(read_exactly: Protocol) -> None:
    *_bags, whole = rows(cells_csv(story.source(read_exactly)))
    assert (whole["given_least_cells"], whole["given_most_cells"]) == ("139000000", "139000000")
    assert (whole["given_least_cells_per_kg"], whole["given_most_cells_per_kg"]) == ("1985714", "1985715")
    assert (whole["given_least_pct"], whole["given_most_pct"]) == ("99.2", "99.3")


def test_without_weight_or_certificate_the_rest_is_left_empty(source: RecordSource) -> None:
    bags = {bag_id: copy(bag) for bag_id, bag in source.state.bags.items()}
    bags[story.BAGS[1]].certificate = None
    state = msgspec.structs.replace(source.state, bags=bags, weight=None)
    first, second, whole = rows(cells_csv(msgspec.structs.replace(source, state=state)))
    assert first["given_most_viable_cells"]
    assert (second["viability_pct"], second["given_most_viable_cells"], whole["given_most_viable_cells"]) == ("", "", "")
    assert (whole["given_least_cells"], whole["given_least_pct"], whole["given_least_cells_per_kg"]) == ("134000000", "", "")


def test_checks_stand_one_a_row(source: RecordSource) -> None:
    found = rows(checks_csv(source))
    assert [r["status"] for r in found] == ["on_time", "on_time", "late", "missed", *["on_time"] * 5]
    assert [r["slot_min"] for r in found] == ["0", "15", "30", "45", "60", "30", "60", "90", "120"]
    second = found[1]
    assert second["due_utc"] == "2026-11-22T06:15:00Z"
    assert second["due_local"] == "2026-11-22T14:15:00+08:00"
    assert (second["hr_per_min"], second["hr_source"], second["corrected"]) == ("88", "monitor", "1")
    assert second["recorded_by_name"] == "Lin Mei"
    assert found[5]["rr_missing"] == "sensor_off"
    assert found[3]["hr_per_min"] == ""


def test_an_extra_check_is_unscheduled(source: RecordSource) -> None:
    entry = source.state.checks[0]
    event = msgspec.structs.replace(entry.event, period="extra", slot_min=None)
    extra = msgspec.structs.replace(entry, event_id="x", event=event)
    state = msgspec.structs.replace(source.state, checks=[*source.state.checks, extra])
    found = rows(checks_csv(msgspec.structs.replace(source, state=state)))
    assert [r["status"] for r in found].count("unscheduled") == 1


def test_events_keep_who_when_and_what(source: RecordSource, english: Words) -> None:
    found = rows(events_csv(source, english))
    assert len(found) == len(source.entries)
    started = next(r for r in found if r["type"] == "Started")
    assert started["at_utc"] == "2026-11-22T06:00:00Z"
    assert started["by_name"] == "Lin Mei"
    assert started["words"] == "Started at 20 drops/min"
    assert json.loads(started["payload"])["rate_gtt_min"] == "20"


def test_samples_keep_their_gaps(source: RecordSource) -> None:
    found = rows(samples_csv(source))
    assert len(found) == len(source.samples)
    assert {r["unit"] for r in found} == {"/min", "%", "mmHg"}
    assert any(r["value"] == "" for r in found)


def test_typed_text_never_becomes_a_formula(protocol: Protocol, english: Words) -> None:
    assert safe("=1+1") == "'=1+1"
    assert [safe(t)[0] for t in ("+1", "-1", "@x", "\tx", "\rx")] == ["'"] * 5
    assert safe("Sat up = fine") == "Sat up = fine"
    found = rows(events_csv(story.source(protocol, note="=HYPERLINK(1)"), english))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row.values())


def test_json_holds_everything_as_data(source: RecordSource) -> None:
    data = json.loads(record_json(source))
    assert data["dose"]["weight_kg"] == "70.0"
    assert data["dose"]["planned_ml"] == "140"
    assert data["dose"]["drops"]["rate_min_gtt_min"] == "55.6"
    assert data["dose"]["as_released"]["draws"] == data["dose"]["draws"]
    assert data["dose"]["changes"] == []
    assert data["given"]["cells"]["planned_cells"] == 140_000_000
    assert [b["bag_id"] for b in data["given"]["cells"]["bags"]] == list(story.BAGS)
    assert data["made_at"].endswith("Z")
    assert data["chain_head"] == {"seq": len(source.entries), "hash": "a9" * 32}
    assert [c["status"] for c in data["checks"]].count("missed") == 1
    assert len(data["events"]) == len(source.entries)
    assert len(data["samples"]["rows"]) == len(source.samples)
    assert data["next_dose"] == {"day": "2026-11-29", "first": "2026-11-28", "last": "2026-11-30"}
    assert data["signatures"]["reviewed"]["by"] == "p-zhao"
    assert not [v for v in _values(data) if isinstance(v, float)]


def _values(data: object) -> list[object]:
    if isinstance(data, dict):
        return [v for item in data.values() for v in _values(item)]
    if isinstance(data, list):
        return [v for item in data for v in _values(item)]
    return [data]


def test_a_full_disk_is_told_and_leaves_the_old_file(
    source: RecordSource, english: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "record.pdf"
    old.write_bytes(b"old")

    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("db.surely.os.fsync", full)
    with pytest.raises(NotWritten, match=r"disk is full: record\.json"):
        write_all(source, english, tmp_path)
    assert old.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["record.pdf"]


def test_a_folder_that_takes_nothing_is_told(source: RecordSource, english: Words, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotWritten) as told:
        write_all(source, english, tmp_path / "file")
    assert "could not be written" in english.tr(told.value.text)
