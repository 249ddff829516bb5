"""Raw bytes of one port as they were read, with both clocks: JSON lines, gzip, a head first.

Beside an encrypted store each gzip member is sealed (AES-256-GCM) in a frame of its own: after a magic and the file's
random id comes, again and again, a length (4 bytes, big-endian) and that many bytes: nonce, ciphertext, tag. The file's key
is derived from the store's (HKDF-SHA256); its id and each frame's number are bound in, so that frames can be neither moved
nor exchanged.
"""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import Refused
from app.domain.texts import say

SUFFIX = ".raw.gz"
SEALED_SUFFIX = ".raw.sealed"
_MAGIC = b"BEDSIDE raw 1\n"
_ID, _LENGTH, _NONCE, _TAG = 16, 4, 12, 16
#: The best of 9 takes five times as long and leaves a sixth less.
_EFFORT = 3


class RecordingHead(msgspec.Struct, frozen=True, tag="head"):
    """Which port was read, and as what."""

    port: str
    protocol: str


class RecordedChunk(msgspec.Struct, frozen=True, tag="bytes"):
    """What one read gave, nothing where a connection begins; `wall` is UTC, `steady_s` seconds since the laptop's boot."""

    wall: datetime
    steady_s: float
    data: bytes


_decoder: msgspec.json.Decoder[RecordingHead | RecordedChunk] = msgspec.json.Decoder(RecordingHead | RecordedChunk)


def is_recording(path: Path) -> bool:
    """By its name: a file of this program, sealed or not."""
    return path.name.endswith((SUFFIX, SEALED_SUFFIX))


def packed(records: list[RecordingHead | RecordedChunk]) -> bytes:
    """One gzip member, to be appended to a file."""
    lines = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    return gzip.compress(lines, _EFFORT, mtime=0)


class PlainMembers:
    """Members as they are."""

    suffix = SUFFIX

    def begin(self) -> bytes:
        """What a new file begins with."""
        return b""

    def framed(self, member: bytes) -> bytes:
        return member


class SealedMembers:
    """Members that only the store's key opens. One for each file."""

    suffix = SEALED_SUFFIX

    def __init__(self, key: bytes, file_id: bytes | None = None) -> None:
        self._id = file_id or os.urandom(_ID)
        self._cipher = AESGCM(HKDF(SHA256(), 32, self._id, b"bedside raw bytes").derive(key))
        self._frames = 0

    def begin(self) -> bytes:
        return _MAGIC + self._id

    def framed(self, member: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, member, self._place())
        self._frames += 1
        return len(sealed).to_bytes(_LENGTH, "big") + sealed

    def opened(self, sealed: bytes) -> bytes:
        """The next member. Raises `InvalidTag` for one of another key, file or place."""
        member = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place())
        self._frames += 1
        return member

    def _place(self) -> bytes:
        return self._id + self._frames.to_bytes(8, "big")


def read(path: Path, key: bytes | None = None) -> tuple[RecordingHead, Iterator[RecordedChunk]]:
    """The head, and the chunks in order; a torn end is where it ends. Raises `Refused`, `OSError`."""
    records = _records(path, key)
    head = next(records, None)
    if not isinstance(head, RecordingHead):
        raise Refused(say("{file} is not a recording of a monitor's bytes.", file=path.name))
    return head, (record for record in records if isinstance(record, RecordedChunk))


def is_sealed(path: Path) -> bool:
    """Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _records(path: Path, key: bytes | None) -> Iterator[RecordingHead | RecordedChunk]:
    if not is_sealed(path):
        with gzip.open(path) as file:
            yield from _lines(file)
    elif key is None:
        raise Refused(say("{file} is encrypted: it opens with the recovery key of its record.", file=path.name))
    else:
        for member in _members(path, key):
            yield from _lines(gzip.GzipFile(fileobj=BytesIO(member)))


def _members(path: Path, key: bytes) -> Iterator[bytes]:
    """A frame that does not open ends the recording; where it is the first, the key is the wrong one."""
    with path.open("rb") as file:
        file.seek(len(_MAGIC))
        sealed, opened = SealedMembers(key, file.read(_ID)), False
        try:
            for frame in _frames(file):
                yield sealed.opened(frame)
                opened = True
        except InvalidTag:
            if not opened:
                raise Refused(say("The key does not open {file}.", file=path.name)) from None


def _frames(file: BinaryIO) -> Iterator[bytes]:
    """Whole frames; a torn end is no frame."""
    while len(length := file.read(_LENGTH)) == _LENGTH:
        frame = file.read(int.from_bytes(length, "big"))
        if len(frame) < max(int.from_bytes(length, "big"), _NONCE + _TAG):
            return
        yield frame


def _lines(file: Iterable[bytes]) -> Iterator[RecordingHead | RecordedChunk]:
    try:
        for line in file:
            yield _decoder.decode(line)
    except (EOFError, zlib.error, gzip.BadGzipFile, msgspec.DecodeError):
        return
