"""Tells a scanner that acts as a keyboard from fingers: by what it sends around a code, or by its speed.

One code field's keys in, and whether what stands in the field is a scan. Times are milliseconds of the keyboard's events.
"""

from enum import Enum, auto

from app.domain import protocol

#: A scanner sends its letters faster than anybody types; fewer letters than this prove nothing.
GAP_MS = 50
LEAST_LETTERS = 4
#: Longer silence inside a code is no scanner any more.
_BROKEN_OFF_MS = 1000
MARKS = {"none": "", "SOH": "\x01", "STX": "\x02", "ETX": "\x03", "TAB": "\t", "LF": "\n", "CR": "\r"}
_ENTER = "\r"
#: Control characters that belong to a code (GS1 and ISO 15434 separators).
_OF_CODE = "\x1d\x1e\x04"


class Key(Enum):
    """What a key means: a letter of the code, a code that begins or is whole, or nothing of a code."""

    LETTER = auto()
    BEGIN = auto()
    WHOLE = auto()
    OTHER = auto()


class _Frame(Enum):
    NONE = auto()
    OPEN = auto()
    CLOSED = auto()


class Wedge:
    """`key` for each key, then `is_scan` of what stands in the field. What was pasted, mended or typed is none."""

    def __init__(self, site: protocol.Labels) -> None:
        self.prefix, self.suffix = MARKS[site.scan_prefix], MARKS[site.scan_suffix]
        self.forget()

    def forget(self) -> None:
        self._frame, self._letters, self._fast = _Frame.NONE, 0, False
        self._last_ms: int | None = None
        self._gap_ms: int | None = None

    def begin(self) -> None:
        """A code begins: its prefix came, here or somewhere else in the window."""
        self.forget()
        self._frame = _Frame.OPEN

    def whole(self, letters: int) -> None:
        """A whole code came at once, from a scanner that is no keyboard."""
        self.forget()
        self._frame, self._letters = _Frame.CLOSED, letters

    def key(self, char: str, at_ms: int, fresh: bool) -> Key:
        """`char` "": a key without a letter; `fresh`: what the field holds, if anything, goes with this letter."""
        self._wait(at_ms)
        if not char:
            return self._other()
        if char == self.prefix:
            self.begin()
            return Key.BEGIN
        if char == self.suffix and self._frame is _Frame.OPEN:
            self._frame = _Frame.CLOSED
        if char in (self.suffix, _ENTER):
            return Key.WHOLE
        return self._letter(at_ms, fresh) if char.isprintable() or char in _OF_CODE else self._other()

    def _wait(self, at_ms: int) -> None:
        """A silence in the middle of a code, or a clock that ran backwards, ends it."""
        self._gap_ms = None if self._last_ms is None else at_ms - self._last_ms
        self._last_ms = at_ms
        if self._frame is _Frame.OPEN and self._gap_ms is not None and not 0 <= self._gap_ms <= _BROKEN_OFF_MS:
            self._frame = _Frame.NONE

    def _letter(self, at_ms: int, fresh: bool) -> Key:
        if self._frame is _Frame.CLOSED:
            self._frame = _Frame.NONE
        if fresh and self._frame is _Frame.NONE:
            self._letters, self._fast = 1, at_ms > 0
        else:
            self._letters += 1
            self._fast = self._fast and self._gap_ms is not None and 0 <= self._gap_ms <= GAP_MS
        return Key.LETTER

    def _other(self) -> Key:
        self._frame, self._fast = _Frame.NONE, False
        return Key.OTHER

    def is_scan(self, text: str) -> bool:
        """Whether all of `text`, and nothing else, came from the scanner."""
        if self._frame is _Frame.CLOSED or (self._frame is _Frame.OPEN and not self.suffix):
            return self._letters == len(text) > 0
        return self._fast and self._letters == len(text) >= LEAST_LETTERS
