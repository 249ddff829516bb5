"""One whole infusion through the real parts: simulator process, port, reader, bedside, store, record."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.cli import main

from .conftest import UNBOUND


def rehearse(capsys: pytest.CaptureFixture[str], out: Path, *words: str) -> dict[str, Any]:
    assert main(["rehearse", "--out", str(out), "--speed", str(UNBOUND), *words]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return told


@pytest.mark.usefixtures("unbound")
def test_seventy_kilograms_with_a_pulled_cable(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = rehearse(capsys, tmp_path / "out", "--weight", "70.0", "--drop-factor", "20", "--fault", "unplug@20")
    assert told["checks"] == {"due": 5, "on_time": 5, "late": 0, "missed": 0}
    assert told["observation"]["checks"] == {"due": 4, "on_time": 4, "late": 0, "missed": 0}
    assert told["observation"]["outcome"] == "no_reaction"
    assert all(stage["ended"] for stage in told["stages"].values())
    least, most = told["delivered_ml"]
    assert 126 <= least <= most <= 154
    assert 50 <= told["infusion_minutes"] <= 60
    assert {gap["cause"] for gap in told["gaps"]} == {"monitor"}
    assert told["samples"] > 1000
    for path in told["files"].values():
        assert Path(path).stat().st_size > 0
    assert main(["verify", "--db", told["files"]["database"], "--head", told["chain_head"]]) == 0
    statistician(Path(told["files"]["database"]))


def statistician(database: Path) -> None:
    """Anybody's SQLite tool reads the store."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as store:
        assert store.execute("SELECT phase, weight_kg FROM infusion").fetchall() == [("signed", 70)]
        statuses = store.execute("SELECT period, status FROM vital_check").fetchall()
        assert statuses == [("infusion", "on_time")] * 5 + [("observation", "on_time")] * 4
        window = store.execute("SELECT outcome, checks_due, on_time FROM observation_window").fetchone()
        assert window == ("no_reaction", 4, 4)
    store.close()


def test_a_plan_that_cannot_be_done_opens_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["rehearse", "--out", str(out), "--weight", "80", "--drop-factor", "20"]) == 2
    assert not out.exists()
    assert "Use a set with 10, 15" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--weight", "x"), ("--speed", "0"), ("--speed", "1201"), ("--monitor", "none"), ("--fault", "flood@3"),
        ("--fault", "unplug@x"), ("--group", "Z"), ("--drop-factor", "13"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, str]) -> None:
    assert main(["rehearse", "--out", str(tmp_path / "out"), *words]) == 2
    told = capsys.readouterr()
    assert told.err.strip()
    assert not (tmp_path / "out").exists()
