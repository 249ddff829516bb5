"""What is said to an IntelliVue once it has accepted: an answer to its start, and polls; nothing else can be built."""

import struct

from .data_pdu import (
    ACTION,
    DATA_EXPORT,
    EVENT,
    EXTENDED_POLL,
    MDS_CREATED,
    OF_MDS,
    POLL,
    TIME_PERIOD,
    Attributes,
    MdsCreated,
    RemoteOperation,
)

_U32 = struct.Struct(">I")
_HEAD = struct.Struct(">HH")
_COMMAND = struct.Struct(">HHH")


def created_answer(created: MdsCreated) -> bytes:
    """The client has heard of the monitor's start."""
    body = OF_MDS + _U32.pack(created.ticks) + _HEAD.pack(MDS_CREATED, 0)
    return spoken(RemoteOperation.RESULT, created.invoke, EVENT, body)


def poll(invoke: int, number: int, object_type: int, group: int) -> bytes:
    """Ask once for all objects of a type."""
    return spoken(RemoteOperation.ASKED, invoke, ACTION, _asking(POLL, _wanted(number, object_type, group)))


def extended_poll(invoke: int, number: int, object_type: int, group: int, period_ticks: int) -> bytes:
    """Ask for them again and again, for so long."""
    wanted = _wanted(number, object_type, group) + attribute_list({TIME_PERIOD: _U32.pack(period_ticks)})
    return spoken(RemoteOperation.ASKED, invoke, ACTION, _asking(EXTENDED_POLL, wanted))


def _wanted(number: int, object_type: int, group: int) -> bytes:
    return struct.pack(">HIH", number, object_type, group)


def _asking(action: int, wanted: bytes) -> bytes:
    return OF_MDS + bytes(4) + _HEAD.pack(action, len(wanted)) + wanted


def attribute_list(listed: Attributes) -> bytes:
    """A list of attributes with its count and length."""
    content = b"".join(_HEAD.pack(code, len(value)) + value for code, value in listed.items())
    return _HEAD.pack(len(listed), len(content)) + content


def spoken(remote: int, invoke: int, command: int, body: bytes, piece: bytes = b"") -> bytes:
    """A message about an event or an action; `piece` marks one of several linked answers."""
    content = piece + _COMMAND.pack(invoke, command, len(body)) + body
    return DATA_EXPORT + _HEAD.pack(remote, len(content)) + content
