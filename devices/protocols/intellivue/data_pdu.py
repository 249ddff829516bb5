"""IntelliVue data messages: polls, results, events and errors; every number is big endian, u16 where nothing is said.

    E1 00 00 02 | operation | length | what follows by the operation
                  1 asked, 2 result, 5 linked result:
                      [5 only: place u8 (1 first, 2 middle, 3 last), count u8]
                      invoke id | command | length | 00 21 00 00 00 00 (the monitor itself) | event or action
                  3 error:
                      invoke id | error

    event (command 1)    time u32 | 0D06 | length | asked only: 00 21 00 00 00 00, attributes
    action (command 7)   [asked only: scope u32, 0] | 0C16 or F13B | length | poll or answer
    poll                 number | object type u32 | attribute group | [F13B only: attributes]
    answer               number | [F13B only: sequence] | time u32 | date 8 bytes | object type u32 | attribute group | contexts

    contexts             count | length | {context | count | length | {handle | attributes} …} …
    attributes           count | length | {id | length | value} …
    NuObsValue           code | state | unit | exponent i8 | mantissa i24
    compound             count | length | NuObsValue …

0C16 is a single poll, F13B an extended one, which is answered again and again. Times are eighths of a millisecond. An answer
longer than the frames agreed on comes as several linked results and one result, which may be empty.

Source: Philips IntelliVue Data Export Interface Programming Guide, Rel. H.0 (4535 643 22831), chapter "Definition of the
Data Export Protocol".
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

DATA_EXPORT = bytes.fromhex("E1 00 00 02")


class RemoteOperation(IntEnum):
    """Who speaks: the one that asks, or the one that answers in one piece, in several, or with an error."""

    ASKED = 1
    RESULT = 2
    ERROR = 3
    LINKED = 5


EVENT, ACTION = 1, 7
MDS_CREATED = 0x0D06
POLL, EXTENDED_POLL = 0x0C16, 0xF13B

METRIC, MDS, ALERTS = 0x0001_0006, 0x0001_0021, 0x0001_0036
ALL_GROUPS, STATIC_GROUP = 0, 0x0811

MODEL, DATE_TIME, TICKS = 0x0928, 0x0987, 0x098F
HANDLE, TYPE, LABEL, METRIC_SPEC = 0x0921, 0x092F, 0x0927, 0x093F
NUMERIC, COMPOUND, MEASURED_AT = 0x0950, 0x094B, 0x0990
TIME_PERIOD = 0xF13E

_U16, _U32 = struct.Struct(">H"), struct.Struct(">I")
_HEAD = struct.Struct(">HH")
_COMMAND = struct.Struct(">HHH")
OF_MDS = bytes.fromhex("00 21 00 00 00 00")
_OBSERVED = struct.Struct(">HHHI")
_NO_NUMBER = (0x7FFFFF, 0x800000, 0x7FFFFE, 0x800002, 0x800001)

Attributes: TypeAlias = dict[int, bytes]


class MalformedPdu(Exception):
    """A message that ends too early or counts wrongly."""


class MdsCreated(NamedTuple):
    """The monitor tells of itself after it has accepted an association, and wants an answer."""

    invoke: int
    ticks: int
    attributes: Attributes


class PolledObject(NamedTuple):
    handle: int
    attributes: Attributes


class PollResult(NamedTuple):
    """One answer to a poll, or one piece of it. `at`: the monitor's own date, where it is given."""

    invoke: int
    is_last: bool
    ticks: int
    at: datetime | None
    object_type: int
    objects: tuple[PolledObject, ...]


class RemoteError(NamedTuple):
    """The monitor could not do what was asked."""

    invoke: int
    error: int


class PollRequest(NamedTuple):
    """A poll as the monitor reads it; `period_ticks` of an extended one, 0 where it names none."""

    invoke: int
    action: int
    poll: int
    object_type: int
    group: int
    period_ticks: int


class MdsConfirmed(NamedTuple):
    """The client's answer to `MdsCreated`."""

    invoke: int


DataMessage: TypeAlias = MdsCreated | PollResult | RemoteError | PollRequest | MdsConfirmed


class NuObsValue(NamedTuple):
    """One number with its state and unit; None for what is not a number."""

    code: int
    state: int
    unit: int
    number: Decimal | None


class _PduCursor:
    """Reads onward through bytes; raises `Malformed` at their end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._place = 0

    def take(self, length: int) -> bytes:
        taken = self.data[self._place : self._place + length]
        self._place += length
        if len(taken) < length:
            raise MalformedPdu
        return taken

    def read(self, layout: struct.Struct) -> tuple[int, ...]:
        try:
            found: tuple[int, ...] = layout.unpack_from(self.data, self._place)
        except struct.error:
            raise MalformedPdu from None
        self._place += layout.size
        return found

    def u16(self) -> int:
        return self.read(_U16)[0]

    def u32(self) -> int:
        return self.read(_U32)[0]

    def inner(self) -> "_PduCursor":
        """What a length in front of it encloses."""
        return _PduCursor(self.take(self.u16()))

    def listed(self) -> tuple[int, "_PduCursor"]:
        """A list: how many, and their bytes."""
        return self.u16(), self.inner()


def message(data: bytes) -> DataMessage | None:
    """What a data message says, None for what is not read here. Raises `Malformed`."""
    cursor = _PduCursor(data[len(DATA_EXPORT) :])
    remote, body = cursor.u16(), cursor.inner()
    is_linked = remote == RemoteOperation.LINKED
    if is_linked:
        body.take(2)
    if remote == RemoteOperation.ERROR:
        return RemoteError(body.u16(), body.u16())
    invoke, command, _ = body.read(_COMMAND)
    body.take(len(OF_MDS))
    if command == EVENT:
        return _event(invoke, remote, body)
    return _action(invoke, remote, body) if command == ACTION else None


def _event(invoke: int, remote: int, body: _PduCursor) -> MdsCreated | MdsConfirmed | None:
    ticks, kind, content = body.u32(), body.u16(), body.inner()
    if kind != MDS_CREATED:
        return None
    if remote != RemoteOperation.ASKED:
        return MdsConfirmed(invoke)
    content.take(len(OF_MDS))
    return MdsCreated(invoke, ticks, _attributes(content))


def _action(invoke: int, remote: int, body: _PduCursor) -> PollResult | PollRequest | None:
    if remote == RemoteOperation.ASKED:
        body.take(4)
    action, content = body.u16(), body.inner()
    if action not in (POLL, EXTENDED_POLL):
        return None
    if remote == RemoteOperation.ASKED:
        poll, object_type, group = content.u16(), content.u32(), content.u16()
        period = _attributes(content).get(TIME_PERIOD, b"") if action == EXTENDED_POLL else b""
        return PollRequest(invoke, action, poll, object_type, group, int.from_bytes(period[:4], "big"))
    content.take(4 if action == EXTENDED_POLL else 2)
    ticks, at, object_type, _group = content.u32(), date_time(content.take(8)), content.u32(), content.u16()
    return PollResult(invoke, remote == RemoteOperation.RESULT, ticks, at, object_type, tuple(_objects(content)))


def _objects(content: _PduCursor) -> Iterator[PolledObject]:
    contexts, infos = content.listed()
    for _ in range(contexts):
        infos.u16()
        count, observations = infos.listed()
        for _ in range(count):
            yield PolledObject(observations.u16(), _attributes(observations))


def _attributes(cursor: _PduCursor) -> Attributes:
    """Most of a message's bytes, so read without a step for each number."""
    count, content = cursor.listed()
    data, place, found = content.data, 0, {}
    for _ in range(count):
        if len(data) < place + _HEAD.size:
            raise MalformedPdu
        name, length = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        found[name] = data[place : place + length]
        place += length
    if len(data) < place:
        raise MalformedPdu
    return found


def observed(attributes: Attributes) -> list[NuObsValue]:
    """Every number of an object, single or compound. Raises `Malformed`."""
    found = []
    if NUMERIC in attributes:
        found.append(_observed(_PduCursor(attributes[NUMERIC])))
    if COMPOUND in attributes:
        count, content = _PduCursor(attributes[COMPOUND]).listed()
        found += [_observed(content) for _ in range(count)]
    return found


def _observed(cursor: _PduCursor) -> NuObsValue:
    code, state, unit, raw = cursor.read(_OBSERVED)
    return NuObsValue(code, state, unit, _number(raw))


def _number(raw: int) -> Decimal | None:
    """A decimal float: 8 bits of exponent, 24 of mantissa, both signed; None for NaN, infinite and the like."""
    exponent, mantissa = raw >> 24, raw & 0xFFFFFF
    if mantissa in _NO_NUMBER:
        return None
    exponent -= (exponent & 0x80) << 1
    mantissa -= (mantissa & 0x800000) << 1
    if exponent > 0:
        return Decimal(mantissa * 10**exponent)
    return Decimal(mantissa).scaleb(exponent)


def date_time(digits: bytes) -> datetime | None:
    """Century, year, month, day, hour, minute, second in decimal digits; None where they are no date of 1900–2199.

    The last of the eight bytes is left out: it stands at 0 in all that has been seen.
    """
    return _date_of(digits[:7])


@lru_cache(256)
def _date_of(digits: bytes) -> datetime | None:
    """One date comes with many numbers."""
    read = digits.hex()
    if len(read) != 14 or not read.isdecimal():
        return None
    month, day, hour, minute, second = (int(read[place : place + 2]) for place in range(4, 14, 2))
    try:
        at = datetime(int(read[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return at if 1900 <= at.year < 2200 else None


def label(attributes: Attributes) -> str:
    """What the monitor's screen calls an object: for reading only, never to tell what it is."""
    shown = attributes.get(LABEL, b"")[2:].decode("utf-16-be", "replace")
    return "".join(filter(str.isprintable, shown)).strip()


def model(value: bytes) -> str:
    """Maker and model, two strings with their lengths in front. Raises `Malformed`."""
    cursor = _PduCursor(value)
    return " ".join(cursor.inner().data.rstrip(b"\0").decode("ascii", "replace") for _ in range(2))
