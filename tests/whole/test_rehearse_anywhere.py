"""The same plan gives the same record on a machine that is free and on one that is busy; a mute monitor is told."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli import main
from app.practice.headless import practise
from app.practice.rehearsal import Plan, rehearse
from app.services.protocol_files import load
from db.queries import StoreReader
from devices.models import MODELS

from .conftest import UNBOUND

BUSY = min(4, os.cpu_count() or 1)
#: What covers the ids and the laptop's own clocks, which are never the same twice.
OWN = ("signed_sha256", "sha256", "port")
FAULTS = (("unplug", 20.0), ("half-frames", 30.0), ("silence", 40.0))


@contextmanager
def a_busy_machine() -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


class Rehearsed:
    """What one rehearsal left: its events and samples by seconds since the order."""

    def __init__(self, out: Path, speed: float = UNBOUND) -> None:
        self.said: list[str] = []
        plan = Plan(Decimal("70.0"), 20, "B", speed, out, "datex-s5", FAULTS, seed=3)
        self.told = rehearse(plan, load(), self.said.append)
        with StoreReader(out / "bedside.db") as store:
            (infusion,) = store.infusions()
            entries, samples = store.entries(infusion.infusion_id), store.samples(infusion.infusion_id)
        began = entries[0].at
        self.events = [(type(x.event).__name__, (x.at - began).total_seconds(), x.by, payload(x.event)) for x in entries]
        self.samples = [(row[0], row[1] / 1000 - began.timestamp(), *row[2:]) for row in samples]


def payload(event: msgspec.Struct) -> dict[str, Any]:
    """As stored, without what is each record's own. Times of the record are not: they are seen in the order of events."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    if "only" in fields:
        fields["only"] = [vital for vital, _t_ms in fields["only"]]
    return {name: value for name, value in fields.items() if name not in OWN and not is_time(value)}


def is_time(value: object) -> bool:
    return isinstance(value, str) and value.endswith("Z") and value[10:11] == "T"


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    return Rehearsed(tmp_path_factory.mktemp("free"))


def test_a_busy_machine_makes_the_same_record_at_whatever_speed(free: Rehearsed, tmp_path: Path) -> None:
    with a_busy_machine():
        busy = Rehearsed(tmp_path, speed=1200.0)
    assert busy.events == free.events
    assert busy.samples == free.samples
    assert busy.said == free.said
    for key in ("checks", "rates", "delivered_ml", "infusion_minutes", "from_monitor", "samples", "events"):
        assert busy.told[key] == free.told[key]


def test_its_monitor_was_heard_all_the_time_but_while_it_was_broken(free: Rehearsed) -> None:
    at = [row[1] for row in free.samples if row[0] == "hr"]
    pauses = [round(after - before) for before, after in pairwise(at) if after - before > 10]
    assert len(pauses) == len(FAULTS), pauses
    assert free.told["from_monitor"] > 50


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
    assert main(["rehearse", "--out", str(tmp_path), "--speed", str(UNBOUND)]) == 1
    captured = capsys.readouterr()
    assert "The simulated monitor gave nothing" in captured.err
    told = json.loads(captured.out.splitlines()[-1])
    assert (told["from_monitor"], told["samples"]) == (0, 0)


@pytest.mark.usefixtures("unbound", "mute")
def test_it_is_told_without_a_display_in_the_language_of_the_system(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setattr("app.practice.headless._pictures", lambda _folder: None)
    assert practise("datex-s5", tmp_path) == 1
    assert "模拟监护仪没有给出任何数值" in capsys.readouterr().err
