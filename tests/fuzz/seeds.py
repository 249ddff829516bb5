"""What fuzzing begins with: what the simulated device says, captures of real ones, and random changes to both."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from devices.device_rows import MonitorRow
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

_FRAMES, _SHORTEST, _LONGEST = 32, 160, 1024
_SECONDS = 90
_FAULTS = {"sensor-off": 30.0, "searching": 60.0, "demo": 75.0, "nibp-fail": 0.0}
_OF_ONE_CAPTURE = 20
_OWN_CAPTURES = Path(__file__).parents[1] / "captures"


class Seeds(NamedTuple):
    """Where to begin, and how long an input may be: room for a decoder to be sure of its frames."""

    known: list[bytes]
    longest: int


def seeds(model: MonitorRow) -> Seeds:
    """Pieces that begin and end with a frame, single frames, and pieces of every capture there is."""
    random, frames = Random(model.protocol), _said(model)
    longest = min(_LONGEST, max(_SHORTEST, _FRAMES * max(map(len, frames))))
    cut = [_joined(frames[random.randrange(len(frames)) :], longest) for _ in range(40)]
    return Seeds(sorted({b"", *cut, *(frame[:longest] for frame in frames[:40]), *_captured(longest)}), longest)


def _joined(frames: Sequence[bytes], longest: int) -> bytes:
    whole = b""
    for frame in frames:
        if whole and len(whole) + len(frame) > longest:
            break
        whole += frame
    return whole[:longest]


def _said(model: MonitorRow) -> list[bytes]:
    """Frames of the simulator in a talk with the model's own dialogue."""
    faults = MonitorFaults()
    for name, at_s in _FAULTS.items():
        faults.add(name, at_s)
    monitor, decoder = model.simulator(Patient(), faults), model.decoder()
    dialogue = model.dialogue(decoder)
    monitor.hear(dialogue.on_open(0.0), 0.0)
    frames: list[bytes] = []
    for quarter in range(_SECONDS * 4):
        now = monitor.due(quarter / 4)
        decoder.feed(b"".join(now))
        monitor.hear(dialogue.tick(quarter / 4), quarter / 4)
        frames += now
    return frames


def _captured(longest: int) -> Iterator[bytes]:
    outside = (os.environ.get(name) for name in ("BEDSIDE_CAPTURES", "BEDSIDE_CASES"))
    folders = [_OWN_CAPTURES, *(Path(folder) for folder in outside if folder)]
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        data, random = file.read_bytes(), Random(file.name)
        yield data[:longest]
        for _ in range(min(_OF_ONE_CAPTURE, len(data) // longest)):
            at = random.randrange(len(data))
            yield data[at : at + longest]


def mutated(begin: Seeds, random: Random) -> Iterator[bytes]:
    """Seeds with up to eight changes each, for ever."""
    while True:
        data = bytearray(random.choice(begin.known))
        for _ in range(random.randint(0, 8)):
            _change(data, begin.known, random)
        yield bytes(data[: begin.longest])


def _change(data: bytearray, known: Sequence[bytes], random: Random) -> None:
    at = random.randint(0, len(data))
    to = min(len(data), at + random.choice((1, 2, 5, 40, 300)))
    kind = random.randrange(6)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << random.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = random.choice((0, 1, 0x7D, 0x7E, 0x7F, 0x80, 0xFF, random.randrange(256)))
    elif kind == 2:
        del data[at:to]
    elif kind == 3:
        data[at:at] = data[at:to] * random.randint(1, 10)
    elif kind == 4:
        data[at:at] = random.randbytes(random.choice((1, 3, 30)))
    else:
        data[at:] = random.choice(known)[at:]
