"""What is known of the line to a device, and what may be wrong with it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.texts import Text, say


class PortSettings(msgspec.Struct, frozen=True):
    """How a serial line is set; XON/XOFF does not exist here, it hangs binary protocols."""

    baud: int
    bits: int = 8
    parity: str = "N"
    stop_bits: int = 1
    rtscts: bool = False


class LinkState(StrEnum):
    """`lost` was connected once, `absent` never yet; `stale` is an open port on which no record comes now."""

    ABSENT = "absent"
    OPENING = "opening"
    LISTENING = "listening"
    NEGOTIATING = "negotiating"
    LIVE = "live"
    STALE = "stale"
    LOST = "lost"


class LinkStatus(msgspec.Struct, frozen=True):
    """One port as its reader sees it; times are record time (UTC), counts are of the present connection.

    `hint` says what is wrong and what to do. `is_dead`: the reader itself failed and will not come back.
    `stranger`: who connected to a port of ours and was not let in.
    `line` is how the port is set now (None: it has no line); `is_line_found`: it was told another setting, but lives at this.
    """

    port: str
    protocol: str
    simulated: bool
    state: LinkState
    since: datetime
    last_byte_at: datetime | None = None
    last_frame_at: datetime | None = None
    good: int = 0
    bad: int = 0
    hint: Text | None = None
    is_dead: bool = False
    line: PortSettings | None = None
    is_line_found: bool = False
    stranger: str = ""

    @property
    def knock(self) -> Text | None:
        """Who connected to a port of ours and is not read, in words."""
        if not self.stranger:
            return None
        return say("{address} has connected to {port} and is not read: nobody has let it in.",
                   address=self.stranger, port=self.port)  # fmt: skip

    @property
    def said(self) -> tuple[object, ...]:
        """What a person is told of it, but for how many and how long ago."""
        return self.state, self.hint, self.is_dead, self.line, self.is_line_found, self.since, self.stranger

    def byte_age_s(self, now: datetime) -> float | None:
        return None if self.last_byte_at is None else (now - self.last_byte_at).total_seconds()


class LinkError(Exception):
    """The line failed: the environment's fault. `text` says what happened and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class AnotherPeer(Exception):
    """Somebody else has connected to a port of ours: what comes now is the beginning of another connection."""
