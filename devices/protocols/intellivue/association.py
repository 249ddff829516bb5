"""IntelliVue associations: who may ask, how often and in how long frames; every number is big endian.

    kind u8 | LI | session header | C1 | LI | presentation header | 02 01 02 81 | length | user information | 16 × 00

    user information     version u32 | nomenclature u32 | functions u32 | system u32 | start u32 | options: none |
                         supported profiles {id 0001: version u32 | least poll period u32 | longest frame received u32, sent u32 |
                         bandwidth u32 | objects may come and go u32 | options {id F001: poll options u32, 0}}

LI is the length of what follows: one byte up to 254. A refusal, a release and an abort are always the same bytes.

Source: Philips IntelliVue Data Export Interface Programming Guide, Rel. H.0 (4535 643 22831), chapter "Definition of the
Data Export Protocol".
"""

import struct
from enum import IntEnum
from typing import NamedTuple

TICKS_PER_S = 8000
"""The monitor counts eighths of a millisecond."""


class AssociationKind(IntEnum):
    """First byte of a session message."""

    REQUEST = 0x0D
    ACCEPT = 0x0E
    REFUSE = 0x0C
    RELEASE = 0x09
    RELEASED = 0x0A
    ABORT = 0x19


class AssociationTerms(NamedTuple):
    """What an association asks for or grants: least time between polls (ticks), longest frames, options."""

    min_poll_ticks: int
    mtu_rx: int
    mtu_tx: int
    options: int


class AssociationMessage(NamedTuple):
    """A session message; `terms` where an accepted association tells them."""

    kind: AssociationKind
    terms: AssociationTerms | None


POLL_EVERY_SECOND = 0x80000000
"""The option of extended polls with values of every second."""

_SESSION = bytes.fromhex("05 08 13 01 00 16 01 02 80 00 14 02 00 02")
_ASKING = bytes.fromhex(
    "31 80 A0 80 80 01 01 00 00 A2 80 A0 03 00 00 01 A4 80"
    "30 80 02 01 01 06 04 52 01 00 01 30 80 06 02 51 01 00 00 00 00"
    "30 80 02 01 02 06 0C 2A 86 48 CE 14 02 01 00 00 00 01 01"
    "30 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 02 01 00 00 00 00 00 00"
    "61 80 30 80 02 01 01 A0 80 60 80 A1 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 03 01 00 00"
    "BE 80 28 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 01 01"
)
_ACCEPTING = bytes.fromhex(
    "31 80 A0 80 80 01 01 00 00 A2 80 A0 03 00 00 01 A5 80"
    "30 80 80 01 00 81 02 51 01 00 00 30 80 80 01 00 81 0C 2A 86 48 CE 14 02 01 00 00 00 02 01 00 00 00 00"
    "61 80 30 80 02 01 01 A0 80 61 80 A1 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 03 01 00 00"
    "A2 03 02 01 00 A3 05 A1 03 02 01 00 BE 80 28 80"
)
_USER_INFO = bytes.fromhex("02 01 02 81")
_END = bytes(16)

_VERSION, _NOMENCLATURE, _FUNCTIONS = 0x80000000, 0x40000000, 0
_CLIENT, _MONITOR = 0x80000000, 0x00800000
_COLD_START, _HOT_START = 0x20000000, 0x80000000
_SUPPORT = struct.Struct(">6I4H")
_PROFILE = struct.Struct(">6I4HII")
_PROFILE_ID, _OPTIONS_ID = 0x0001, 0xF001
_PROFILE_VERSION, _ANY_BANDWIDTH, _DYNAMIC_OBJECTS = 0x80000000, 0xFFFFFFFF, 0x60000000

REFUSE = bytes.fromhex("0C 03 32 01 00")
RELEASE = bytes.fromhex("09 18 C1 16 61 80 30 80 02 01 01 A0 80 62 80 80 01 00") + bytes(8)
RELEASED = bytes.fromhex("0A 18 C1 16 61 80 30 80 02 01 01 A0 80 63 80 80 01 00") + bytes(8)
ABORT = bytes.fromhex(
    "19 2E 11 01 03 C1 29 A0 80 A0 80 30 80 02 01 01 06 02 51 01 00 00 00 00 61 80 30 80 02 01 01 A0 80 64 80 80 01 01"
) + bytes(10)


def request(terms: AssociationTerms) -> bytes:
    """Ask a monitor for an association."""
    return _message(AssociationKind.REQUEST, _ASKING, _user_info(terms, _CLIENT, _COLD_START))


def accept(terms: AssociationTerms) -> bytes:
    """Grant one, as a monitor does."""
    return _message(AssociationKind.ACCEPT, _ACCEPTING, _user_info(terms, _MONITOR, _HOT_START))


def _user_info(terms: AssociationTerms, system: int, startup: int) -> bytes:
    options = struct.pack(">HHII", _OPTIONS_ID, 8, terms.options, 0)
    limits = (terms.min_poll_ticks, terms.mtu_rx, terms.mtu_tx)
    profile = struct.pack(">6IHH", _PROFILE_VERSION, *limits, _ANY_BANDWIDTH, _DYNAMIC_OBJECTS, 1, len(options)) + options
    listed = struct.pack(">HH", _PROFILE_ID, len(profile)) + profile
    support = struct.pack(">6IHH", _VERSION, _NOMENCLATURE, _FUNCTIONS, system, startup, 0, 1, len(listed))
    return support + listed


def _message(kind: AssociationKind, header: bytes, user_info: bytes) -> bytes:
    """Each length fits its one byte: both messages are shorter than 255."""
    presentation = header + _USER_INFO + bytes((len(user_info),)) + user_info + _END
    body = _SESSION + bytes((0xC1, len(presentation))) + presentation
    return bytes((kind, len(body))) + body


def said(message: bytes) -> AssociationMessage | None:
    """A session message, None for what is none."""
    if not message or message[0] not in tuple(AssociationKind):
        return None
    return AssociationMessage(AssociationKind(message[0]), terms(message))


def terms(message: bytes) -> AssociationTerms | None:
    """What a request asks or an answer grants; None where it does not say."""
    found = message.find(_USER_INFO)
    start = found + len(_USER_INFO)
    if found < 0 or start >= len(message):
        return None
    start += 1 + (message[start] & 0x7F if message[start] & 0x80 else 0)
    return _read(message, start + _SUPPORT.size)


def _read(message: bytes, start: int) -> AssociationTerms | None:
    if start + _PROFILE.size > len(message):
        return None
    _, min_poll_ticks, mtu_rx, mtu_tx, _, _, _, _, options_id, _, options, _ = _PROFILE.unpack_from(message, start)
    return AssociationTerms(min_poll_ticks, mtu_rx, mtu_tx, options) if options_id == _OPTIONS_ID else None


def patience_s(min_poll_ticks: int) -> float:
    """How long a monitor waits for a word from its client before it ends the association."""
    period_s = min_poll_ticks / TICKS_PER_S
    if period_s < 3.3:
        return 10.0
    return 3 * period_s if period_s <= 43 else 130.0
