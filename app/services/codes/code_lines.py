"""Data as lines of capital letters and digits, for QR codes that a ward's scanner types, or for a file: one line a code.

`BEDSIDE-RELEASE/2/3/K7Q2MZ4A/…`: what it is, the part, of how many, the check of the whole (SHA-256, 40 bits), base32.
Nothing but A–Z, 2–7, 0–9, - and /: neither a Chinese keyboard nor Caps Lock can change it unseen.
"""

import hashlib
import re
import unicodedata
from base64 import b32decode, b32encode
from pathlib import Path
from typing import Literal

from app.domain.errors import Refused
from app.domain.texts import Text, say

Kind = Literal["BEDSIDE-LAPTOP", "BEDSIDE-RELEASE", "BEDSIDE-RECEIPT", "BEDSIDE-ENROLMENT"]
#: A code of so many letters is read from a laptop's screen without trouble (QR version 17 at error correction M).
LETTERS = 640
_MOST_PARTS = 99
_MOST_BYTES = 200_000
_LINE = re.compile(r"(BEDSIDE-(?:LAPTOP|RELEASE|RECEIPT|ENROLMENT))/(\d{1,2})/(\d{1,2})/([A-Z2-7]{8})/([A-Z2-7]{1,1000})")
_NAMES: dict[str, Text] = {
    "BEDSIDE-LAPTOP": say("a laptop's code"), "BEDSIDE-RELEASE": say("a release"), "BEDSIDE-RECEIPT": say("a receipt"),
    "BEDSIDE-ENROLMENT": say("an enrolment"),
}  # fmt: skip


def lines(kind: Kind, data: bytes) -> tuple[str, ...]:
    """The data as codes, none empty."""
    letters = b32encode(data).decode().rstrip("=")
    parts = [letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS)]
    if len(parts) > _MOST_PARTS:
        raise Refused(say("This is too much for codes and a file of codes."))
    return tuple(f"{kind}/{n}/{len(parts)}/{_check(data)}/{part}" for n, part in enumerate(parts, 1))


def _check(data: bytes) -> str:
    return b32encode(hashlib.sha256(data).digest()[:5]).decode()


def read_file(path: Path) -> list[str]:
    """The lines of a file of codes. Raises `Refused`, `OSError`."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    found = data.decode("ascii", "replace").split()
    if len(data) > _MOST_BYTES or not found:
        raise Refused(say("{file} holds no codes of Bedside.", file=path.name))
    return found


class Gathering:
    """The parts of one message, in any order, each as often as it likes."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._parts: dict[int, str] = {}
        self._whole: tuple[int, str] | None = None

    @property
    def count(self) -> tuple[int, int]:
        """How many parts are there, of how many; (0, 0) before the first."""
        return len(self._parts), self._whole[0] if self._whole else 0

    def take(self, text: str) -> bytes | None:
        """One line more; the data once it is whole. A code of another message begins anew. Raises `Refused`."""
        match = _LINE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
        if match is None:
            raise Refused(say("This is no code of Bedside, or it was not read to its end. Scan it again."))
        kind, n, of, check, part = match[1], int(match[2]), int(match[3]), match[4], match[5]
        if kind != self.kind:
            raise Refused(say("This is {found}, not {wanted}.", found=_NAMES[kind], wanted=_NAMES[self.kind]))
        if self._whole != (of, check):
            self._parts, self._whole = {}, (of, check)
        if 1 <= n <= of:
            self._parts[n] = part
        return self._joined(check) if len(self._parts) == of else None

    def _joined(self, check: str) -> bytes:
        letters = "".join(self._parts[n] for n in sorted(self._parts))
        self._parts, self._whole = {}, None
        try:
            data = b32decode(letters + "=" * (-len(letters) % 8))
        except ValueError:
            data = b""
        if _check(data) != check:
            raise Refused(say("The codes do not fit together: one was read wrongly. Scan all of them again."))
        return data
