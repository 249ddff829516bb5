"""A machine that is busy with something else."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf


@contextmanager
def busy_machine(loops: int, each_s: float = inf) -> Iterator[None]:
    """Beside so many loops that never rest, until each has had so many seconds of a processor."""
    told = f"from time import process_time\nwhile process_time() < float('{each_s}'): pass"
    running = [subprocess.Popen([sys.executable, "-c", told]) for _ in range(loops)]
    try:
        yield
    finally:
        for loop in running:
            loop.kill()
            loop.wait()
