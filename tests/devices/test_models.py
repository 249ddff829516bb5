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
    said = dialogue.on_open(0.0)
    assert bool(said) is model.needs_request
    values = []
    for second in (0.0, 1.0, 2.0):
        monitor.hear(said, second)
        values += [s.value for frame in monitor.due(second) for s in decoder.feed(frame)]
        said = dialogue.tick(second)
    assert any(value is not None for value in values)
    assert (decoder.good > 0, decoder.bad, decoder.noise_bytes) == (True, 0, 0)
    assert model.label.msgid
