"""A few thousand of the inputs that `python -m tests.fuzz` runs by the million: every model, new ones by themselves."""

from itertools import islice
from random import Random

import pytest

from devices.models import MODELS
from tests.fuzz.check import check
from tests.fuzz.seeds import mutated, seeds


@pytest.mark.parametrize("protocol", MODELS)
def test_changed_bytes_of_simulator_and_captures(protocol: str) -> None:
    model = MODELS[protocol]
    begin = seeds(model)
    assert len(begin.known) > 20
    assert max(map(len, begin.known)) == begin.longest
    held = [check(model, data) for data in islice(mutated(begin, Random(7)), 400)]
    assert 0 < max(held) <= model.decoder().limit
