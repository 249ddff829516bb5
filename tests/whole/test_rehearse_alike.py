"""The same plan makes the same record: rested or looked at each second, alone or on a busy machine, at whatever speed."""

import os
from pathlib import Path

import pytest

from app.practice.rest import Rest
from tests.busy import busy_machine

from .conftest import UNBOUND
from .rehearsed import Rehearsed
from .short_day import short_day_file

BUSY = min(2, os.cpu_count() or 1)
#: Past the moments at which the monitor breaks, on a machine that is not slower than its loops.
BUSY_S = 1.0
#: Soon after the start, so that the machine need not be busy for longer.
FAULTS = ("unplug@2", "half-frames@6", "silence@10")
#: A speed that the rehearsal has to wait for now and then.
BOUND = 2400.0


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("is_short", [True, pytest.param(False, marks=pytest.mark.long)])
def test_looked_at_each_second_on_a_busy_machine_at_whatever_speed_it_is_the_same_record(
    is_short: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("--protocol", str(short_day_file(tmp_path))) if is_short else ()
    monkeypatch.setattr("app.cli.rehearse.FASTEST", UNBOUND)
    free = Rehearsed(tmp_path / "free", *words, faults=FAULTS)
    monkeypatch.setattr("app.cli.rehearse.FASTEST", BOUND)
    monkeypatch.setattr(Rest, "is_over", lambda _self: True)
    with busy_machine(BUSY, BUSY_S):
        busy = Rehearsed(tmp_path / "busy", *words, speed=BOUND, faults=FAULTS)
    assert busy.events == free.events
    assert busy.samples == free.samples
    assert busy.said == free.said
    for key in ("checks", "rates", "delivered_ml", "infusion_minutes", "from_monitor", "samples", "events"):
        assert busy.told[key] == free.told[key]
