"""What a protocol consists of, one folder each: a decoder (bytes in, samples out), a dialogue (what is said to the device),
a simulator (the device itself, for practice and tests) and its rows of the table. None has a port, a clock or a thread.
"""

from collections.abc import Mapping
from math import inf
from typing import Generic, Protocol, TypeVar

from app.domain.texts import Text
from app.domain.vitals.vital_signs import Sample

UNMAPPED_AT_MOST = 64
NEVER = inf


class Decoder(Protocol):
    """Made anew for every connection. Any chunking of the same bytes gives the same samples.

    No bytes whatever make it raise, and it never holds more than `limit` of them.
    """

    limit: int

    @property
    def good(self) -> int:
        """Whole frames (or lines) read."""

    @property
    def bad(self) -> int:
        """Delimited frames (or lines) refused: wrong checksum, length or grammar."""

    @property
    def noise_bytes(self) -> int:
        """Bytes that lay outside any frame."""

    @property
    def held(self) -> int:
        """Bytes kept back until their frame is whole."""

    @property
    def unmapped(self) -> Mapping[str, str]:
        """What came and is not read, by its name on the wire: the newest value as sent. Nothing is dropped silently."""

    @property
    def hint(self) -> Text | None:
        """What a person should know or do about what came and was not believed; None where nothing is known."""

    def feed(self, data: bytes) -> list[Sample]:
        """The samples that these bytes complete, in wire order."""


class FrameCounts(Protocol):
    """What a cutter of bytes into frames counts; see `Decoder`."""

    @property
    def good(self) -> int: ...

    @property
    def bad(self) -> int: ...

    @property
    def noise_bytes(self) -> int: ...

    @property
    def held(self) -> int: ...


F = TypeVar("F", bound=FrameCounts)


class FramedDecoder(Generic[F]):
    """A decoder that counts as its frames do."""

    hint: Text | None = None
    _frames: F

    @property
    def good(self) -> int:
        return self._frames.good

    @property
    def bad(self) -> int:
        return self._frames.bad

    @property
    def noise_bytes(self) -> int:
        return self._frames.noise_bytes

    @property
    def held(self) -> int:
        return self._frames.held


class UnmappedValues(dict[str, str]):
    """Parameters that are not read; no more than `UNMAPPED_AT_MOST` names are kept."""

    def note(self, name: str, value: str) -> None:
        if name in self or len(self) < UNMAPPED_AT_MOST:
            self[name] = value


class Dialogue(Protocol):
    """What to say to a device, beside the decoder that hears it. `now_s` is any steady count of seconds."""

    def on_open(self, now_s: float, /) -> bytes:
        """What to send when the port has just been opened."""

    def tick(self, now_s: float, /) -> bytes:
        """What to send now: an answer, a repeated request. Asked after every read."""

    def due_s(self, now_s: float, /) -> float:
        """When `tick` is to be asked though nothing is read meanwhile: before that it would have nothing to say. NEVER: never."""

    def on_close(self) -> bytes:
        """What to send before the port is closed on purpose."""


class ListeningDialogue:
    """The dialogue of a device that talks by itself: nothing is ever sent."""

    def on_open(self, _now_s: float, /) -> bytes:
        return b""

    def tick(self, _now_s: float, /) -> bytes:
        return b""

    def due_s(self, _now_s: float, /) -> float:
        return NEVER

    def on_close(self) -> bytes:
        return b""


class SimulatedDevice(Protocol):
    """One simulated device, without port, clock or thread; `now_s` is simulated seconds since the start."""

    def hear(self, data: bytes, now_s: float, /) -> None:
        """Take what the client sent."""

    def due(self, now_s: float, /) -> list[bytes]:
        """The frames to send now; what was missed is not sent later. An empty one breaks the line."""

    def next_s(self) -> float | None:
        """When the next frame is due, None while silent."""

    def thin(self, least_s: float, /) -> bool:
        """Send no two frames closer than this; True if that leaves frames out."""
