"""One process that fuzzes one decoder: `python -m tests.fuzz.one PROTOCOL INPUTS SEED ENGINE FOLDER`, told in a line of JSON.

It ends at once with the first input that fails or the last; whoever started it counts, clears the folder, starts the next.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

GUIDED, BLIND = "guided", "blind"


class Run:
    """Counts inputs and the most bytes held; ends the process when `inputs` are done."""

    def __init__(self, protocol: str, inputs: int) -> None:
        from devices.models import MODELS

        from .check import check

        self._check, self._model = check, MODELS[protocol]
        self._inputs = inputs
        self._done = 0
        self._held = 0

    def take(self, data: bytes) -> None:
        try:
            self._held = max(self._held, self._check(self._model, data))
        except BaseException:
            self._tell(data)
            raise
        self._done += 1
        if self._done >= self._inputs:
            self._tell(None)
            os._exit(0)

    def _tell(self, failed: bytes | None) -> None:
        done = self._done + (failed is not None)
        print(json.dumps({"inputs": done, "held": self._held, "failed": failed and failed.hex()}), flush=True)


def guided(protocol: str, inputs: int, seed: int, folder: Path) -> None:
    """Coverage of the decoders leads on to the next input (atheris)."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["devices.protocols"]):
        run = Run(protocol, inputs)
    from devices.models import MODELS

    from .seeds import seeds

    begin = seeds(MODELS[protocol])
    for number, data in enumerate(begin.known):
        (folder / str(number)).write_bytes(data)
    options = [f"-max_len={begin.longest}", "-len_control=0", f"-seed={seed}", "-timeout=20", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(folder)], run.take)
    atheris.Fuzz()


def blind(protocol: str, inputs: int, seed: int, _folder: Path) -> None:
    """Random changes to the seeds."""
    from devices.models import MODELS

    from .seeds import mutated, seeds

    run = Run(protocol, inputs)
    for data in mutated(seeds(MODELS[protocol]), Random(seed)):
        run.take(data)


if __name__ == "__main__":
    _, wanted, count, number, engine, place = sys.argv
    (guided if engine == GUIDED else blind)(wanted, int(count), int(number), Path(place))
