"""One whole infusion through the real parts: simulator process, port, reader, bedside, store, record.

One rehearsal with three broken moments of its monitor is looked at from all sides: its numbers, its record, any SQLite tool.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from app.cli import main
from app.domain.infusion.facts import Started
from app.practice.headless import practise
from app.practice.nurse import BEFORE_MIDNIGHT
from db.queries import StoreReader
from devices.models import MODELS
from tests.domain.cast import PROTOCOLS

from .conftest import UNBOUND
from .rehearsed import FAULTS, Rehearsed
from .short_day import short_day_file

INVENTED = PROTOCOLS["three-stage"].with_name("invented.toml")


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.cli.rehearse.FASTEST", UNBOUND)
        return Rehearsed(tmp_path_factory.mktemp("free"))


def test_seventy_kilograms_with_a_pulled_cable(free: Rehearsed) -> None:
    told = free.told
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
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        assert store.execute("SELECT phase, weight_kg FROM infusion").fetchall() == [("signed", 70)]
        statuses = store.execute("SELECT period, status FROM vital_check").fetchall()
        assert statuses == [("infusion", "on_time")] * 5 + [("observation", "on_time")] * 4
        window = store.execute("SELECT outcome, checks_due, on_time FROM observation_window").fetchone()
        assert window == ("no_reaction", 4, 4)


def test_its_monitor_was_heard_all_the_time_but_while_it_was_broken(free: Rehearsed) -> None:
    at = [row[1] for row in free.samples if row[0] == "hr"]
    pauses = [round(after - before) for before, after in pairwise(at) if after - before > 10]
    assert len(pauses) == len(FAULTS), pauses
    assert free.told["from_monitor"] > 50


@pytest.mark.usefixtures("unbound")
def test_an_invented_protocol_goes_to_a_signed_record_beside_the_trials_in_one_store(
    free: Rehearsed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(free.out, out)
    words = ("--drop-factor", "20", "--keep", "--protocol", str(INVENTED), "--speed", str(UNBOUND))
    assert main(["rehearse", "--out", str(out), *words]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [name for name in told["stages"] if name.startswith("rate")] == ["rate_1", "rate_2", "rate_3"]
    record = json.loads((out / "record.json").read_bytes())
    assert (record["order"]["protocol_id"], record["order"]["group"], record["deviations"]) == ("invented", "", [])
    assert len(record["bags"][0]["certificate"]["tests"]) == 5
    with closing(sqlite3.connect(out / "bedside.db")) as store:
        assert store.execute("SELECT phase, grp FROM infusion ORDER BY id").fetchall() == [("signed", "B"), ("signed", "")]
        assert store.execute("SELECT count(*) FROM protocol_file").fetchone() == (2,)
    assert main(["verify", "--db", str(out / "bedside.db")]) == 0
    assert main(["ledger", "--db", str(out / "bedside.db")]) == 0


class Mute:
    """A monitor that is switched off."""

    def __init__(self, *_made_of: object) -> None:
        pass

    def hear(self, data: bytes, now_s: float, /) -> None:
        pass

    def due(self, _now_s: float, /) -> list[bytes]:
        return []

    def next_s(self) -> float | None:
        return None

    def thin(self, _least_s: float, /) -> bool:
        return False


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "datex-s5", msgspec.structs.replace(MODELS["datex-s5"], simulator=Mute))


@pytest.mark.usefixtures("unbound", "mute")
def test_a_monitor_that_gave_nothing_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("--protocol", str(short_day_file(tmp_path)), "--speed", str(UNBOUND))
    assert main(["rehearse", "--out", str(tmp_path), *words]) == 1
    captured = capsys.readouterr()
    assert "The simulated monitor gave nothing" in captured.err
    told = json.loads(captured.out.splitlines()[-1])
    assert (told["from_monitor"], told["samples"]) == (0, 0)


@pytest.mark.usefixtures("unbound", "before_midnight", "unwritten")
def test_over_midnight_the_nurse_says_why_the_weight_is_of_the_day_before(tmp_path: Path) -> None:
    assert main(["rehearse", "--out", str(tmp_path), "--protocol", str(short_day_file(tmp_path)), "--speed", str(UNBOUND)]) == 0
    with StoreReader(tmp_path / "bedside.db") as store:
        (infusion,) = store.infusions()
        (started,) = (x.event for x in store.entries(infusion.infusion_id) if isinstance(x.event, Started))
    assert started.weight_reason == BEFORE_MIDNIGHT


@pytest.mark.long
@pytest.mark.usefixtures("unbound", "mute")
def test_it_is_told_without_a_display_in_the_language_of_the_system(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setattr("app.practice.headless._pictures", lambda _folder: None)
    assert practise("datex-s5", tmp_path) == 1
    assert "模拟监护仪没有给出任何数值" in capsys.readouterr().err


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
