"""One file a protocol: bytes in, samples out, no port, clock or thread."""

from typing import Protocol

from app.domain.vitals import Sample


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

    def feed(self, data: bytes) -> list[Sample]:
        """The samples that these bytes complete, in wire order."""


class Dialogue(Protocol):
    """What to say to a device, beside the decoder that hears it. `now_s` is any steady count of seconds."""

    def on_open(self, now_s: float, /) -> bytes:
        """What to send when the port has just been opened."""

    def tick(self, now_s: float, /) -> bytes:
        """What to send now: an answer, a repeated request. Asked after every read."""

    def on_close(self) -> bytes:
        """What to send before the port is closed on purpose."""


class Listening:
    """The dialogue of a device that talks by itself: nothing is ever sent."""

    def on_open(self, _now_s: float, /) -> bytes:
        return b""

    def tick(self, _now_s: float, /) -> bytes:
        return b""

    def on_close(self) -> bytes:
        return b""
