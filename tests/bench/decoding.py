"""Every decoder that there is, on what its own simulator sends."""

import re
from collections.abc import Callable
from time import process_time

from devices.device_rows import MonitorRow
from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from .timing import Found, in_turn

_BYTES = 1_000_000
_CHUNK = 64
_LONGEST_S = 6 * 3600
_STEP_S = 0.25

#: What a record of each protocol begins or ends with; those not named here are lines.
_MARKS = {"datex-s5": b"\x7e", "intellivue": b"\xc1", "hl7": b"\x1c"}
_SYNC = re.compile(rb"[\x80-\xff][\x00-\x7f]*")
_BY_SYNC = {"contec", "contec-v5", "berry", "nonin"}


def captured(protocol: str) -> bytes:
    """A megabyte of what the simulator sends to the protocol's own dialogue, or as much as it sends in six hours."""
    model = MODELS[protocol]
    monitor, decoder = model.simulator(Patient(), MonitorFaults()), model.decoder()
    dialogue = model.dialogue(decoder)
    monitor.hear(dialogue.on_open(0.0), 0.0)
    data, now_s = bytearray(), 0.0
    while len(data) < _BYTES and now_s < _LONGEST_S:
        sent = b"".join(monitor.due(now_s))
        decoder.feed(sent)
        monitor.hear(dialogue.tick(now_s), now_s)
        data += sent
        now_s += _STEP_S
    assert decoder.good, protocol
    return bytes(data)


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


def decode(protocol: str, baud: int) -> dict[str, Found]:
    """Bytes that a processor second decodes in 64-byte chunks, against those of a line (8N1: ten bits a byte).

    `split_…`: against splitting the same bytes at frame marks, in turn.
    """
    data = captured(protocol)
    chunks, floor, name = _chunks(data), _floor(protocol), protocol.replace("-", "_")
    found = in_turn(lambda: _decode(MODELS[protocol], chunks), lambda: floor(chunks), process_time)
    return {f"decode_{name}": [(len(data) / ours_s, baud / 10) for ours_s, _ in found], f"split_{name}": found}
