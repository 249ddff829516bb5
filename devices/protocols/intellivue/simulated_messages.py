"""What an IntelliVue says, byte for byte: its start, its answers in one piece or linked, its errors."""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime

from devices.protocols.intellivue.data_pdu import (
    ACTION,
    DATA_EXPORT,
    DATE_TIME,
    EVENT,
    EXTENDED_POLL,
    MDS_CREATED,
    MODEL,
    OF_MDS,
    TICKS,
    Attributes,
    MdsCreated,
    NuObsValue,
    PolledObject,
    PollRequest,
    RemoteError,
    RemoteOperation,
)
from devices.protocols.intellivue.polls import attribute_list, spoken

_HEAD = struct.Struct(">HH")
_PIECE_OVERHEAD = 58
"""Bytes of a linked piece around its objects."""
_FIRST, _MIDDLE, _LAST = 1, 2, 3
_NO_DATE = b"\xff" * 8
_NOT_A_NUMBER = 0x7FFFFF


def created(told: MdsCreated) -> bytes:
    content = OF_MDS + attribute_list(told.attributes)
    body = OF_MDS + struct.pack(">IHH", told.ticks, MDS_CREATED, len(content)) + content
    return spoken(RemoteOperation.ASKED, told.invoke, EVENT, body)


def failed(told: RemoteError) -> bytes:
    content = struct.pack(">HHHI", told.invoke, told.error, 4, 0)
    return DATA_EXPORT + _HEAD.pack(RemoteOperation.ERROR, len(content)) + content


def of_itself(ticks: int, date: datetime, *names: str) -> Attributes:
    """Attributes of the monitor as a whole; `names`: its maker and its model."""
    named = b"".join(struct.pack(">H", len(name) + 1) + name.encode() + b"\0" for name in names)
    return {MODEL: named, DATE_TIME: dated(date), TICKS: struct.pack(">I", ticks)}


def answer(asked: PollRequest, ticks: int, sequence: int, objects: Sequence[PolledObject], mtu: int) -> list[bytes]:
    """One message, or linked ones of no more than `mtu` bytes with an empty one behind them."""
    pieces = list(_pieces(objects, mtu - _PIECE_OVERHEAD))
    if len(pieces) <= 1:
        return [_result(asked, ticks, sequence, objects)]
    linked = [_linked(asked, ticks, sequence, piece, n, len(pieces)) for n, piece in enumerate(pieces, 1)]
    return [*linked, _result(asked, ticks, sequence, ())]


def _pieces(objects: Sequence[PolledObject], room: int) -> Iterator[list[PolledObject]]:
    piece: list[PolledObject] = []
    for item in objects:
        if piece and sum(len(_object(one)) for one in (*piece, item)) > room:
            yield piece
            piece = []
        piece.append(item)
    if piece:
        yield piece


def _linked(asked: PollRequest, ticks: int, sequence: int, objects: Sequence[PolledObject], number: int, of: int) -> bytes:
    place = _FIRST if number == 1 else _LAST if number == of else _MIDDLE
    return spoken(
        RemoteOperation.LINKED, asked.invoke, ACTION, _answered(asked, ticks, sequence, objects), bytes((place, number & 0xFF))
    )


def _result(asked: PollRequest, ticks: int, sequence: int, objects: Sequence[PolledObject]) -> bytes:
    return spoken(RemoteOperation.RESULT, asked.invoke, ACTION, _answered(asked, ticks, sequence, objects))


def _answered(asked: PollRequest, ticks: int, sequence: int, objects: Sequence[PolledObject]) -> bytes:
    numbers = _HEAD.pack(asked.poll, sequence & 0xFFFF) if asked.action == EXTENDED_POLL else struct.pack(">H", asked.poll)
    listed = b"".join(map(_object, objects))
    context = struct.pack(">HHH", 0, len(objects), len(listed)) + listed if objects else b""
    content = numbers + struct.pack(">I", ticks) + _NO_DATE + struct.pack(">IH", asked.object_type, asked.group)
    content += _HEAD.pack(1 if objects else 0, len(context)) + context
    return OF_MDS + _HEAD.pack(asked.action, len(content)) + content


def _object(item: PolledObject) -> bytes:
    return struct.pack(">H", item.handle) + attribute_list(item.attributes)


def number(seen: NuObsValue) -> bytes:
    """A number with its code, state and unit."""
    if seen.number is None:
        return struct.pack(">HHHI", seen.code, seen.state, seen.unit, _NOT_A_NUMBER)
    exponent = seen.number.as_tuple().exponent
    assert isinstance(exponent, int)
    mantissa = int(seen.number.scaleb(-exponent))
    return struct.pack(">HHHI", seen.code, seen.state, seen.unit, (exponent & 0xFF) << 24 | mantissa & 0xFFFFFF)


def compound(seen: Sequence[NuObsValue]) -> bytes:
    content = b"".join(map(number, seen))
    return _HEAD.pack(len(seen), len(content)) + content


def dated(at: datetime) -> bytes:
    """Century to second in decimal digits."""
    return bytes.fromhex(f"{at:%Y%m%d%H%M%S}00")


def label_string(text: str) -> bytes:
    """A label as the screen shows it, its length in front."""
    shown = f"{text:<6}\0".encode("utf-16-be")
    return struct.pack(">H", len(shown)) + shown
