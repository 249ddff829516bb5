"""A recording played again as if its monitor stood there: at its own pace, deaf to what it is asked.

Where a connection began the line breaks for a moment, so that no half frame of before is joined with one of after.
"""

from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import Refused
from app.domain.texts import say
from devices.recording import RecordedChunk, is_recording, read

_PLAIN = 64
_LONGEST_PAUSE_S = 600.0


class PlayedRecording:
    """`hear` nothing, `due` what had come by then. A pause longer than ten minutes is played as ten minutes."""

    def __init__(self, timed: Iterator[tuple[float, bytes]]) -> None:
        self._timed = timed
        self._next = next(timed, None)

    @property
    def has_ended(self) -> bool:
        return self._next is None

    def hear(self, data: bytes, now_s: float, /) -> None:
        """A recording answers nobody."""

    def due(self, now_s: float, /) -> list[bytes]:
        chunks: list[bytes] = []
        while self._next is not None and self._next[0] <= now_s:
            chunks.append(self._next[1])
            self._next = next(self._timed, None)
        return chunks

    def next_s(self) -> float | None:
        return None if self._next is None else self._next[0]

    def thin(self, _least_s: float, /) -> bool:
        """Every byte is played, however fast."""
        return False


def replayed(path: Path, protocol: str, bytes_a_second: float, from_s: float = 0.0, key: bytes | None = None) -> PlayedRecording:
    """A recording of this program, or a plain file of bytes at the pace of its line. Raises `Refused`, `OSError`.

    `key`: that of the store, where the recording is sealed with it.
    """
    if is_recording(path):
        head, chunks = read(path, key)
        if head.protocol != protocol:
            raise Refused(say("{file} is a recording of {protocol}.", file=path.name, protocol=head.protocol))
        return PlayedRecording(_at_their_times(chunks, from_s))
    data = path.read_bytes()
    return PlayedRecording((from_s + at / bytes_a_second, data[at : at + _PLAIN]) for at in range(0, len(data), _PLAIN))


def _at_their_times(chunks: Iterator[RecordedChunk], from_s: float) -> Iterator[tuple[float, bytes]]:
    """After a break as long a wait as at the beginning: whoever listens has to come back first."""
    at_s, before_s, has_begun = from_s, None, False
    for chunk in chunks:
        if before_s is not None:
            at_s += min(max(0.0, chunk.steady_s - before_s), _LONGEST_PAUSE_S)
        before_s = chunk.steady_s
        if not chunk.data and has_begun:
            at_s += from_s / 4
            yield at_s, b""
            at_s, has_begun = at_s + from_s, False
        elif chunk.data:
            has_begun = True
            yield at_s, chunk.data
