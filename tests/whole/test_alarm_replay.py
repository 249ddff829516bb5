"""A rehearsal with a reaction and a sensor that comes off: its alarms, the log's, and those played again are the same."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.practice.rehearsal import Plan, rehearse

from .conftest import UNBOUND
from .short_day import short_day

SAID = ("key", "priority", "raised", "acknowledged", "reset", "cleared", "count", "value")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsed")


@pytest.fixture(scope="module")
def told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    trial = short_day(tmp_path_factory.mktemp("protocol"))
    faults = (("reaction", 20.0), ("sensor-off", 26.0))
    return rehearse(Plan(Decimal("70.0"), 20, "B", UNBOUND, folder, "datex-s5", faults, 1), trial, lambda _line: None)


def said(alarms: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(alarm[name] for name in SAID) for alarm in alarms]


def test_a_patient_who_reacts_is_told_before_the_next_check_and_the_sensor_within_half_a_minute(told: dict[str, Any]) -> None:
    first = {alarm["key"]: alarm for alarm in reversed(told["alarms"])}
    checks = [alarm["raised"] for alarm in told["alarms"] if alarm["key"] == "vitals"]
    assert first["hr"]["priority"] == "medium"
    assert first["news2"]["priority"] == "high"
    next_check = min(at for at in checks if at > first["hr"]["raised"])
    assert first["news2"]["raised"] < next_check
    assert "sensor_off:spo2" in first
    assert all(alarm["cleared"] or alarm["reset"] for alarm in told["alarms"])


def test_what_is_played_again_is_what_the_log_holds(
    told: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["alarms", "--db", str(folder / "bedside.db")]) == 0
    again = json.loads(capsys.readouterr().out)
    assert said(again["infusions"][0]["alarms"]) == said(told["alarms"])
    assert again["alarms"] == len(told["alarms"])
    limits = tmp_path / "limits.json"
    limits.write_text('{"hr": {"high": 80}}')
    assert main(["alarms", "--db", str(folder / "bedside.db"), "--limits", str(limits)]) == 0
    tighter = json.loads(capsys.readouterr().out)
    assert tighter["infusions"][0]["bed_hours"] == again["infusions"][0]["bed_hours"]
    hr = [next(a for a in x["infusions"][0]["alarms"] if a["key"] == "hr") for x in (again, tighter)]
    assert (hr[1]["limit"], hr[1]["raised"] < hr[0]["raised"]) == ("80", True)
    limits.write_text('{"hr": {"high": null}}')
    assert main(["alarms", "--db", str(folder / "bedside.db"), "--limits", str(limits)]) == 2


def test_the_record_holds_the_list_on_paper_and_as_data(told: dict[str, Any]) -> None:
    record = json.loads(Path(told["files"]["record.json"]).read_text(encoding="utf-8"))
    assert said(record["alarms"]) == said(told["alarms"])
    rows = Path(told["files"]["alarms.csv"]).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + len(told["alarms"])
