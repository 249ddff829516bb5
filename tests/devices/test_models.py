"""The table of monitors that can be read."""

import pytest

from devices.models import MODELS
from devices.simulator.faults import Faults
from devices.simulator.patient import Patient


@pytest.mark.parametrize("protocol", MODELS)
def test_every_model_can_be_heard_spoken_to_and_simulated(protocol: str) -> None:
    model = MODELS[protocol]
    decoder = model.decoder()
    dialogue = model.dialogue(decoder)
    monitor = model.simulator(Patient(), Faults())
    assert bool(dialogue.on_open(0.0)) is model.needs_request
    monitor.hear(dialogue.on_open(0.0), 0.0)
    frames = [frame for quarter in range(4) for frame in monitor.due(quarter / 4)]
    assert any(s.value is not None for s in decoder.feed(b"".join(frames)))
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (len(frames), 0, 0)
    assert model.label.msgid
