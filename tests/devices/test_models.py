"""The table of monitors that can be read."""

import re
import subprocess
import sys

import pytest

from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient


@pytest.mark.parametrize("protocol", MODELS)
def test_every_model_can_be_heard_spoken_to_and_simulated(protocol: str) -> None:
    model = MODELS[protocol]
    decoder = model.decoder()
    dialogue = model.dialogue(decoder)
    monitor = model.simulator(Patient(), MonitorFaults())
    asked = dialogue.on_open(0.0)
    assert bool(asked) is model.needs_request
    samples = []
    for now_s in (quarter / 4 for quarter in range(40)):
        monitor.hear(asked, now_s)
        samples += [s for frame in monitor.due(now_s) for s in decoder.feed(frame)]
        asked = dialogue.tick(now_s)
    assert any(s.value is not None for s in samples)
    assert decoder.good > 0
    assert (decoder.bad, decoder.noise_bytes) == (0, 0)
    assert model.label.msgid


A_SIMULATOR = re.compile(r"devices\.(simulators|protocols\.\w+\.simulat(or|ed_\w+))\b")
WARD = "import sys, app.cli.open, app.main, devices.byte_ring, devices.models, devices.probe, devices.reader; print(*sys.modules)"


def test_the_wards_program_loads_no_simulator() -> None:
    loaded = subprocess.run([sys.executable, "-c", WARD], check=True, capture_output=True, text=True).stdout.split()
    assert "devices.protocols.contec.decoder" in loaded
    assert [module for module in loaded if A_SIMULATOR.match(module)] == []


def test_a_simulator_is_loaded_by_whoever_plays_it() -> None:
    assert type(MODELS["masimo"].simulator(Patient(), MonitorFaults())).__module__ == "devices.protocols.masimo.simulator"
