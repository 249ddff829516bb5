"""HL7 messages on the wire: in MLLP envelopes (0B … 1C 0D), or bare, one after another. Segments end with CR or LF.

An enveloped message is handed over whole when its 1C has come; a batch (FHS, BHS) in one envelope is as many messages
as it holds. Nothing ends a bare one but the next start, so its segments are handed over as they come. A message that is
too long is dropped and counts as bad, and the next start mark is in step again: 0B, or `MSH|^~\\&` outside an envelope.
A byte order mark before a header, as gateways written for .NET send it, is passed over.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

START = b"\x0b"
END = b"\x1c"
HEADER = b"MSH|^~\\&"
LIMIT = 1 << 20
"""Bytes of an enveloped message: an observation has a few thousand, but waves may come in the same envelope."""
BARE_LIMIT = 1 << 16
"""Bytes of one segment of a bare message."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BATCH = (b"FHS|", b"BHS|")
#: Of a run of one mark all but the first end nothing.
_MARK = re.compile(rb"(\x0b+|\x1c+|[\r\n]+)")
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}(\|[^\x00-\x08\x0c\x0e-\x1f]*)?")


class MessagePiece(NamedTuple):
    """One segment of the message `frame`; an empty one is the message's end."""

    frame: int
    segment: bytes
    is_enveloped: bool


class _MllpPlace(Enum):
    OUTSIDE = auto()
    BARE = auto()
    ENVELOPED = auto()


class MllpFrames:
    """Cuts a byte stream into messages. A bare message counts as soon as its header stands."""

    def __init__(self, limit: int = LIMIT, bare_limit: int = BARE_LIMIT) -> None:
        self._limit = limit
        self._bare_limit = bare_limit
        self.good = 0
        self.bad = 0
        self.noise_bytes = 0
        self.too_long = 0
        self._at = _MllpPlace.OUTSIDE
        self._line = bytearray()
        self._whole: list[bytes] = []
        self._length = 0
        self._is_batch = False
        self._is_overlong = False

    @property
    def held(self) -> int:
        return self._length + len(self._line)

    def feed(self, data: bytes) -> list[MessagePiece]:
        *ended, last = _MARK.split(data)
        pieces: list[MessagePiece] = []
        for text, mark in zip(ended[::2], ended[1::2], strict=True):
            self._line += text
            pieces += self._line_ended(mark[:1])
        self._line += last
        return pieces + self._shortened()

    def _shortened(self) -> list[MessagePiece]:
        if not self._is_too_long():
            return []
        pieces = self._dropped()
        self._is_overlong = True
        return pieces

    def _is_too_long(self) -> bool:
        return self.held > (self._limit if self._at is _MllpPlace.ENVELOPED else self._bare_limit)

    def _dropped(self) -> list[MessagePiece]:
        """What is held is noise, and so is all up to the next start; a message that it was part of is bad."""
        was_message = self._at is not _MllpPlace.OUTSIDE
        self.noise_bytes += self.held
        self._line.clear()
        pieces = self._left()
        self.bad += was_message
        self.too_long += was_message
        return pieces

    def _left(self) -> list[MessagePiece]:
        """Outside any message from here on."""
        is_open = self._at is _MllpPlace.BARE
        self._at, self._length = _MllpPlace.OUTSIDE, 0
        self._whole.clear()
        return [MessagePiece(self.good + self.bad - 1, b"", is_enveloped=False)] if is_open else []

    def _line_ended(self, mark: bytes) -> list[MessagePiece]:
        if self._is_overlong or self._is_too_long():
            pieces = self._dropped()
        elif mark == START:
            pieces = self._cut_short()
        else:
            pieces = self._segment_ended()
        self._is_overlong = False
        if mark == START:
            self._at, self._is_batch = _MllpPlace.ENVELOPED, False
        elif mark == END:
            pieces += self._message_ended()
        return pieces

    def _cut_short(self) -> list[MessagePiece]:
        """A new envelope begins here, whatever was there before."""
        if self._at is _MllpPlace.ENVELOPED and self.held:
            self.bad += 1
        else:
            self.noise_bytes += len(self._line)
        self._line.clear()
        return self._left()

    def _segment_ended(self) -> list[MessagePiece]:
        line = bytes(self._line)
        self._line.clear()
        start = line.find(HEADER)
        if self._at is _MllpPlace.ENVELOPED and not (self._whole and start >= 0):
            self._keep(line)
            return []
        if self._at is _MllpPlace.ENVELOPED and self._is_batch:
            pieces = self._whole_message()
            self._keep(line)
            return pieces
        if start >= 0:
            return self._bare_message(line[:start].removesuffix(_BYTE_ORDER_MARK), line[start:])
        return self._bare_segment(line)

    def _keep(self, line: bytes) -> None:
        if not self._whole:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            if line.startswith(_BATCH):
                self._is_batch = True
                return
        if line:
            self._whole.append(line)
            self._length += len(line)

    def _bare_message(self, before: bytes, header: bytes) -> list[MessagePiece]:
        if self._at is _MllpPlace.ENVELOPED:
            self.bad += 1
        self.noise_bytes += len(before)
        pieces = self._left()
        if not _SEGMENT.fullmatch(header):
            self.noise_bytes += len(header)
            return pieces
        self._at = _MllpPlace.BARE
        self.good += 1
        return [*pieces, MessagePiece(self.good + self.bad - 1, header, is_enveloped=False)]

    def _bare_segment(self, line: bytes) -> list[MessagePiece]:
        if self._at is _MllpPlace.BARE and _SEGMENT.fullmatch(line):
            return [MessagePiece(self.good + self.bad - 1, line, is_enveloped=False)]
        self.noise_bytes += len(line)
        return []

    def _message_ended(self) -> list[MessagePiece]:
        pieces = self._whole_message() if self._at is _MllpPlace.ENVELOPED else []
        return pieces + self._left()

    def _whole_message(self) -> list[MessagePiece]:
        whole, frame = [*self._whole], self.good + self.bad
        self._whole.clear()
        self._length = 0
        if not whole or not whole[0].startswith(HEADER) or not all(map(_SEGMENT.fullmatch, whole)):
            self.bad += 1
            return []
        self.good += 1
        return [MessagePiece(frame, segment, is_enveloped=True) for segment in (*whole, b"")]


def enveloped(message: bytes) -> bytes:
    return START + message + END + b"\r"
