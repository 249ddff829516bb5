"""Writes events in a child process, kills it at a random moment, and looks for what it had acknowledged.

Run as `python -m tests.db.killing FOLDER KILLS SEED`; prints how many events were acknowledged, how many are stored.
"""

import os
import random
import signal
import sys
from pathlib import Path

from db.log.batch import Batch
from db.queries import StoreReader

from .making import entry, faults, heart_rates, recorder


def live(path: Path, life: int, out: int) -> None:
    """Save events for ever, and say of each when it is acknowledged."""
    writing = recorder(path)
    number = 0
    while True:
        batch = Batch(tuple(entry(life * 100_000 + number + n) for n in range(1 + number % 3)))
        writing.add_samples(heart_rates(4, from_minute=number, infusion=f"inf-{life}"))
        for one in writing.append(batch).result():
            os.write(out, f"{one.event_id} {one.seq} {one.hash}\n".encode())
        number += len(batch.entries)


def kill(path: Path, life: int, chance: random.Random) -> list[str]:
    """Let one child live until a random moment; the lines it wrote."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        live(path, life, write)
    os.close(write)
    with open(read, "rb", buffering=0) as heard:
        said = b""
        while said.count(b"\n") < chance.randrange(40):
            said += heard.read(200)
        for _ in range(chance.randrange(20_000)):
            pass
        os.kill(child, signal.SIGKILL)
        said += heard.read()
    os.waitpid(child, 0)
    return said.decode().split("\n")[:-1]


def main(folder: str, kills: str, seed: str) -> None:
    path, chance = Path(folder) / "ward.db", random.Random(seed)
    acknowledged: list[str] = []
    for life in range(1, int(kills) + 1):
        acknowledged += kill(path, life, chance)
    there = stored(path)
    print(len(acknowledged), len(there), len(set(acknowledged) - there), len(faults(path)))


def stored(path: Path) -> set[str]:
    with StoreReader(path) as reading:
        places = [reading.places(stream) for stream in reading.streams()]
    return {f"{event_id} {head.seq} {head.hash}" for found in places for event_id, head in found.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])
