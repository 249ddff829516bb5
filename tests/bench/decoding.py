"""Every decoder that there is, on what its own simulator sends."""

import re
from collections.abc import Callable
from functools import cache
from time import process_time

from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from . import Pair, in_turn, timed
from .timing import RUNS

_BYTES = 200_000
_CHUNK = 64
_LONGEST_S = 6 * 3600
_STEP_S = 0.25

#: What a record of each protocol begins or ends with; those not named here are lines.
_MARKS = {"datex-s5": b"\x7e", "intellivue": b"\xc1", "hl7": b"\x1c"}
_SYNC = re.compile(rb"[\x80-\xff][\x00-\x7f]*")
_BY_SYNC = {"contec", "contec-v5", "berry", "nonin"}


@cache
def captured(protocol: str) -> tuple[bytes, int]:
    """What the simulator sends to the protocol's own dialogue, and how many records of it are read."""
    model = MODELS[protocol]
    monitor, decoder = model.simulator(Patient(), MonitorFaults()), model.decoder()
    dialogue = model.dialogue(decoder)
    monitor.hear(dialogue.on_open(0.0), 0.0)
    data, now_s = b"", 0.0
    while len(data) < _BYTES and now_s < _LONGEST_S:
        sent = b"".join(monitor.due(now_s))
        decoder.feed(sent)
        monitor.hear(dialogue.tick(now_s), now_s)
        data, now_s = data + sent, now_s + _STEP_S
    assert decoder.good, protocol
    return data, decoder.good


def _chunks(data: bytes) -> list[bytes]:
    return [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)]


def _decode(model: MonitorRow, chunks: list[bytes]) -> None:
    decoder = model.decoder()
    for chunk in chunks:
        decoder.feed(chunk)


def _split(mark: bytes, chunks: list[bytes]) -> None:
    rest = b""
    for chunk in chunks:
        *_, rest = (rest + chunk).split(mark)


def _split_by_sync(chunks: list[bytes]) -> None:
    rest = b""
    for chunk in chunks:
        found = _SYNC.findall(rest + chunk)
        rest = found[-1] if found else b""


def _floor(protocol: str) -> Callable[[list[bytes]], None]:
    if protocol in _BY_SYNC:
        return _split_by_sync
    return lambda chunks: _split(_MARKS.get(protocol, b"\n"), chunks)


def decode(protocol: str) -> Pair:
    """Processor seconds a record in 64-byte chunks, against splitting the same bytes at frame marks."""
    data, records = captured(protocol)
    chunks, floor = _chunks(data), _floor(protocol)
    ours_s, floor_s = in_turn(lambda: _decode(MODELS[protocol], chunks), lambda: floor(chunks), process_time)
    return ours_s / records, floor_s / records


def line_rate(protocol: str, baud: int) -> Pair:
    """Bytes a processor second decodes, against those of a line (8N1: ten bits a byte)."""
    data, _ = captured(protocol)
    chunks = _chunks(data)
    took_s = sorted(timed(lambda: _decode(MODELS[protocol], chunks), process_time) for _ in range(RUNS))
    return len(data) / took_s[RUNS // 2], baud / 10
