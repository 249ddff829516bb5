"""A program that reads a port and may be held: `python -m tests.whole.held_reader PROTOCOL URL CLOCK`.

`CLOCK` is a file with the seconds of its clock, which whoever holds it moves. Each read is told in a line of JSON: how many
bytes came, and the readings.
"""

import mmap
import sys
from pathlib import Path
from struct import Struct
from threading import Event

import msgspec

from app.domain.vitals.vital_signs import Reading
from app.services.clock import RecordClock
from devices.models import MODELS
from devices.reader import PortReader
from tests.fakes import BEGIN

SECONDS = Struct("=d")


class Read(msgspec.Struct, array_like=True):
    """What one read brought; 0 bytes are the beginning of a connection."""

    received: int
    readings: list[Reading]


class ToldSeconds:
    """A clock that stands in a file."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._told = mmap.mmap(file.fileno(), SECONDS.size)

    def now_s(self) -> float:
        return float(SECONDS.unpack_from(self._told)[0])

    def move_to(self, now_s: float) -> None:
        SECONDS.pack_into(self._told, 0, now_s)


def main(protocol: str, url: str, clock: str) -> None:
    readings: list[Reading] = []

    def tell(data: bytes) -> None:
        print(msgspec.json.encode(Read(len(data), readings)).decode(), flush=True)
        readings.clear()

    PortReader(
        MODELS[protocol],
        url,
        simulated=True,
        now=RecordClock(ToldSeconds(Path(clock)), BEGIN).now,
        on_heard=lambda _told, given: readings.extend(given),
        on_bytes=tell,
    ).start()
    Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
