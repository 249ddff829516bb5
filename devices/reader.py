"""The one thread of a port: opens it, asks, reads, decodes, stamps, hands over, connects again for ever."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Reading, stamped

from .device_rows import PortRow
from .link import LinkError, LinkState, LinkStatus, PortSettings
from .protocols import Decoder, Dialogue
from .transport import PortLink, open_link

_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_READ_S = 0.25
_STATUS_EVERY_S = 1.0
_LEAST_READ_REAL_S = 0.02
_LEAST_SILENCE_REAL_S = 0.2

_DEAD = say("Reading has stopped by a fault of this program. Start the program again; the record is safe.")
_SILENT = say("Nothing comes from the monitor. Check that it is on and the cable is in.")
_GARBLED = say("Bytes come, but no record can be read. Check the monitor's model and its baud rate.")


class PortReader:
    """Reads one port until stopped. Callbacks run on the reader's thread; waits are in scaled seconds.

    `newest` (by vital sign) and `unmapped` may be looked at from any thread: each is put in place whole.

    `on_bytes` gets what was read as it came, and b"" whenever a connection begins. `opened` opens the port.

    Who has a thread of its own for it starts it; a rehearsal plays its `turns` instead.

    `now` gives record time (UTC) and `speed` how much faster it runs than the wall. A silence is believed
    only after 0.2 s of the wall too: at high speed the machine itself pauses that long.
    """

    def __init__(
        self,
        model: PortRow,
        url: str,
        *,
        simulated: bool,
        now: Callable[[], datetime],
        on_readings: Callable[[list[Reading]], None],
        on_link: Callable[[LinkStatus], None],
        speed: Callable[[], float] = lambda: 1.0,
        on_bytes: Callable[[bytes], None] = lambda _data: None,
        opened: Callable[[str, PortSettings], PortLink] = open_link,
    ) -> None:
        self._opened = opened
        self._model = model
        self._url = url
        self._simulated = simulated
        self._now = now
        self._speed = speed
        self._on_readings = on_readings
        self._on_link = on_link
        self._on_bytes = on_bytes
        self.newest: dict[str, Reading] = {}
        self.unmapped: Mapping[str, str] = {}
        self._started = now()
        self._status = LinkStatus(url, model.protocol, simulated, LinkState.OPENING, self._started)
        self._told: LinkStatus | None = None
        self._told_at = self._started
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {url}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 6.0) -> bool:
        """Close the port and end the thread; False if it did not end within so many real seconds."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        has_ended = False
        try:
            for rest_s in self.turns():
                if rest_s:
                    self._stopping.wait(max(_LEAST_READ_REAL_S, rest_s / self._speed()))
            has_ended = True
        finally:
            if not has_ended:
                self._tell(state=LinkState.LOST, hint=_DEAD, is_dead=True)

    def turns(self) -> Iterator[float]:
        """Connects for ever. After each turn so many scaled seconds are to pass; none while the line itself is waited for."""
        self._tell()
        failures = 0
        while not self._stopping.is_set():
            try:
                yield from self._connect()
            except LinkError as error:
                failures = 0 if self._is_open() else failures + 1
                self._tell(state=self._gone(), hint=error.text)
            yield self._back_off_s(failures)

    def _back_off_s(self, failures: int) -> float:
        return _BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)]

    def _is_open(self) -> bool:
        return self._status.state not in (LinkState.ABSENT, LinkState.OPENING, LinkState.LOST)

    def _gone(self) -> LinkState:
        has_never_been = self._status.state in (LinkState.OPENING, LinkState.ABSENT)
        return LinkState.ABSENT if has_never_been else LinkState.LOST

    def _connect(self) -> Iterator[float]:
        """One connection, with a decoder of its own, until it fails or the reader is stopped."""
        link = self._opened(self._url, self._model.settings)
        try:
            decoder = self._model.decoder()
            dialogue = self._model.dialogue(decoder)
            yield from self._converse(link, decoder, dialogue)
        finally:
            with suppress(LinkError):
                link.close()

    def _converse(self, link: PortLink, decoder: Decoder, dialogue: Dialogue) -> Iterator[float]:
        asking = LinkState.NEGOTIATING if self._model.needs_request else LinkState.LISTENING
        self._tell(state=asking, hint=None, good=0, bad=0, last_byte_at=None, last_frame_at=None)
        self._on_bytes(b"")
        link.write(dialogue.on_open(self._now_s(self._status.since)))
        while not self._stopping.is_set():
            yield 0.0
            data = link.read(max(_LEAST_READ_REAL_S, _READ_S / self._speed()))
            now = self._now()
            self._take(data, decoder, now)
            link.write(dialogue.tick(self._now_s(now)))
        with suppress(LinkError):
            link.write(dialogue.on_close())

    def _now_s(self, now: datetime) -> float:
        return (now - self._started).total_seconds()

    def _take(self, data: bytes, decoder: Decoder, now: datetime) -> None:
        samples = decoder.feed(data) if data else []
        self._judge(bool(data), decoder, now, has_values=bool(samples))
        if samples:
            model = self._model.protocol
            self._give([stamped(s, now, self._url, model, self._simulated) for s in samples])
            self.unmapped = dict(decoder.unmapped)
        if data:
            self._on_bytes(data)

    def _give(self, readings: list[Reading]) -> None:
        """After the link is told to be live: no value stands before its monitor was found."""
        self.newest = self.newest | {reading.sample.vital: reading for reading in readings}
        self._on_readings(readings)

    def _judge(self, has_data: bool, decoder: Decoder, now: datetime, has_values: bool) -> None:
        """A monitor that is asked is live by its values: its frames may also be refusals."""
        before = self._status
        byte_at = now if has_data else before.last_byte_at
        is_heard = decoder.good > before.good and (has_values or not self._model.needs_request)
        frame_at = now if is_heard else before.last_frame_at
        counts = {
            "good": decoder.good,
            "bad": decoder.bad,
            "last_byte_at": byte_at,
            "last_frame_at": frame_at,
        }
        if frame_at is now:
            return self._tell(state=LinkState.LIVE, hint=decoder.hint, **counts)
        quiet_from = frame_at or before.since
        if self._is_silent(now, quiet_from):
            is_stale = before.state in (LinkState.LIVE, LinkState.STALE)
            state = LinkState.STALE if is_stale else before.state
            return self._tell(state=state, hint=decoder.hint or self._why_silent(now, byte_at), **counts)
        return self._tell(**counts)

    def _is_silent(self, now: datetime, since: datetime) -> bool:
        allowed_s = max(self._model.silent_after_s, _LEAST_SILENCE_REAL_S * self._speed())
        return (now - since).total_seconds() >= allowed_s

    def _why_silent(self, now: datetime, byte_at: datetime | None) -> Text:
        return _SILENT if byte_at is None or self._is_silent(now, byte_at) else _GARBLED

    def _tell(self, **changes: object) -> None:
        """Report the link when it has changed; the time of its last byte alone, once a second."""
        now = self._now()
        status = msgspec.structs.replace(self._status, **changes)
        if status.state is not self._status.state:
            status = msgspec.structs.replace(status, since=now)
        self._status = status
        if self._is_worth_telling(status, now):
            self._told, self._told_at = status, now
            self._on_link(status)

    def _is_worth_telling(self, status: LinkStatus, now: datetime) -> bool:
        told = self._told
        if told is None or status == told:
            return told is None
        is_only_later = msgspec.structs.replace(status, last_byte_at=told.last_byte_at) == told
        return not is_only_later or (now - self._told_at).total_seconds() >= _STATUS_EVERY_S
