"""The one thread of a port: opens it, asks, reads, decodes, stamps, hands over, connects again for ever."""

import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Reading

from .arrivals import HELD_UP_S, Arrivals
from .device_rows import PortRow
from .line_search import CautiousDialogue, LineSearch
from .link import AnotherPeer, LinkError, LinkState, LinkStatus, PortSettings
from .listening import ListeningLink
from .protocols import Decoder, Dialogue
from .told_link import ToldLink
from .transport import PortLink, open_link

_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_READ_S, _LIVE_READ_S = 1.0, 2.0
"""A read waits no longer; of a monitor that speaks once a second no wait ends for nothing."""
_LEAST_READ_REAL_S = 0.02
_LEAST_SILENCE_REAL_S = 0.2
_RENEWED_AFTER = 3
"""A link stale for so many times its limit is closed and opened anew: its other end may be long gone."""
_CHUNK = 4096
_DAY_S = 86_400
_HELD_UP = timedelta(seconds=HELD_UP_S)
_NO_LINE = ("socket://", "listen://")

_DEAD = say("Reading has stopped by a fault of this program. Start the program again; the record is safe.")
_SILENT = say("Nothing comes from the monitor. Check that it is on and the cable is in.")
_GARBLED = say("Bytes come, but no record can be read. Check the monitor's model and its baud rate.")


class PortReader:
    """Reads one port until stopped. Callbacks run on the reader's thread; waits are in scaled seconds.

    `on_heard` gets at once what a read brought: what is to be told of the link, and the readings. One of both may be none.

    `newest` (by vital sign) and `unmapped` may be looked at from any thread: each is put in place whole. What is not read is
    as of when the link was told last.

    `on_bytes` gets what was read as it came, and b"" whenever a connection begins. `opened` opens the port.

    Who has a thread of its own for it starts it; a rehearsal plays its `turns` instead.

    `now` gives record time (UTC) and `speed`, 1 or more, how much faster it runs than the wall. A silence is believed
    only after 0.2 s of the wall too: at high speed the machine itself pauses that long.
    """

    def __init__(
        self,
        model: PortRow,
        url: str,
        *,
        simulated: bool,
        now: Callable[[], datetime],
        on_heard: Callable[[LinkStatus | None, list[Reading]], None],
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
        self._on_heard = on_heard
        self._on_bytes = on_bytes
        self.newest: dict[str, Reading] = {}
        self.unmapped: Mapping[str, str] = {}
        self._started = self._opened_at = self._looked_at = now()
        others = () if url.startswith(_NO_LINE) else model.other_settings
        self._no_silence = timedelta(seconds=model.silent_after_s - _LIVE_READ_S)
        self._search = LineSearch(model.settings, others, model.is_looked_for)
        self._arrivals = Arrivals(url, model.protocol, simulated, speed)
        self._has_waited = self._was_drained = self._is_renewed = False
        shown = None if url.startswith(_NO_LINE) else self._search.settings
        self._told = ToldLink(LinkStatus(url, model.protocol, simulated, LinkState.OPENING, self._started, line=shown))
        self._stopping = threading.Event()
        self._link: PortLink | None = None
        self._thread = threading.Thread(target=self._run, name=f"reader {url}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 6.0) -> bool:
        """Close the port and end the thread; False if it did not end within so many real seconds."""
        self._stopping.set()
        if self._link is not None:
            self._link.wake()
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

    def turns(self) -> Generator[float]:
        """Connects for ever. After each turn so many scaled seconds are to pass; none while the line itself is waited for."""
        self._tell()
        failures = 0
        while not self._stopping.is_set():
            try:
                yield from self._connect()
                failures = 0
            except LinkError as error:
                self._is_renewed = False
                failures = 0 if self._is_open() else failures + 1
                self._tell(state=self._gone(), hint=error.text)
            yield _BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)]

    def _is_open(self) -> bool:
        return self._status.state not in (LinkState.ABSENT, LinkState.OPENING, LinkState.LOST)

    def _gone(self) -> LinkState:
        has_never_been = self._status.state in (LinkState.OPENING, LinkState.ABSENT)
        return LinkState.ABSENT if has_never_been else LinkState.LOST

    def _connect(self) -> Iterator[float]:
        """One opened port, with a decoder of its own for whoever connects, until it fails, is to be opened anew or is let go."""
        link = self._link = self._opened(self._url, self._search.settings)
        try:
            while not self._stopping.is_set():
                decoder = self._model.decoder()
                dialogue = self._model.dialogue(decoder)
                if self._search.is_trial:
                    dialogue = CautiousDialogue(dialogue, decoder, self._model.needs_request)
                try:
                    yield from self._converse(link, decoder, dialogue)
                    return
                except AnotherPeer:
                    pass
        finally:
            with suppress(LinkError):
                link.close()

    def _converse(self, link: PortLink, decoder: Decoder, dialogue: Dialogue) -> Iterator[float]:
        self._begin()
        self._say(link, dialogue.on_open(self._now_s(self._status.since)))
        rest_s, wait_s = 0.0, self._wait_s(dialogue, now := self._now(), self._now_s(now))
        while not self._stopping.is_set():
            yield rest_s
            data = link.read(max(_LEAST_READ_REAL_S, wait_s / self._speed()))
            now = self._now()
            if self._was_held_up(now, len(data)) and not data:
                wait_s = 0.0
                continue  # it stood still after it had looked: what waits comes with the next read
            if isinstance(link, ListeningLink) and link.stranger != self._status.stranger:
                self._tell(stranger=link.stranger)
            samples = decoder.feed(data) if data else []
            told = self._judged(bool(data), decoder, now, has_values=bool(samples))
            is_live = self._told.frame_at == now and self._status.state is LinkState.LIVE
            if told is not None and not is_live:
                self._on_heard(told, [])  # before what else is told of it
            answer = dialogue.tick(now_s := self._now_s(now))
            is_over = self._is_to_be_renewed(link, decoder, now, now_s, is_live)
            rest_s = self._model.gathers_s if 0 < len(data) < _CHUNK // 2 else 0.0
            wait_s = self._wait_s(dialogue, now, now_s) - rest_s
            if samples or (told is not None and is_live):
                self._give(told if is_live else None, self._arrivals.stamped(samples, now, self._has_waited))
            if told is not None and decoder.unmapped:
                self.unmapped = dict(decoder.unmapped)
            if data:
                self._on_bytes(data)
            if answer:
                self._say(link, answer)
            if is_over:
                break
        with suppress(LinkError):
            link.write(dialogue.on_close())

    def _give(self, told: LinkStatus | None, readings: list[Reading]) -> None:
        """Late in a read: whoever decides is woken by it, and could not go on as long as this thread does."""
        self._on_heard(told, readings)
        self.newest = self.newest | {reading.sample.vital: reading for reading in readings}

    def _wait_s(self, dialogue: Dialogue, now: datetime, now_s: float) -> float:
        """Until something is to be said or judged silent, and never so long that standing still could not be told from waiting."""
        frame_at = self._told.frame_at
        is_live = self._status.state is LinkState.LIVE
        wait_s = max(0.0, min(_LIVE_READ_S if is_live else _READ_S, dialogue.due_s(now_s) - now_s))
        if frame_at is not None and now - frame_at < self._no_silence:
            return wait_s
        allowed_s = self._allowed_s()
        silent_s = allowed_s - (now - (frame_at or self._status.since)).total_seconds()
        renewed_s = _RENEWED_AFTER * allowed_s - self._quiet_s(now)
        return min([wait_s, *(left_s for left_s in (silent_s, renewed_s) if left_s > 0)])

    def _begin(self) -> None:
        """What has been lively once stays stale while it is looked for anew; whatever is silent keeps the hint of before."""
        now = self._opened_at = self._looked_at = self._now()
        self._search.begin(self._now_s(now), self._is_renewed)
        self._is_renewed = False
        self._arrivals = Arrivals(self._url, self._model.protocol, self._simulated, self._speed)
        self._has_waited = False
        self._told.good = self._told.bad = 0
        line: dict[str, object] = {"line": self._line(), "is_line_found": self._search.is_found}
        if self._status.state in (LinkState.STALE, LinkState.LIVE):
            self._tell(**line)
        else:
            self._told.byte_at = self._told.frame_at = None
            asking = LinkState.NEGOTIATING if self._model.needs_request else LinkState.LISTENING
            kept = self._status.hint if self._status.state is asking else None
            self._tell(state=asking, hint=self._search.words() or kept, **line)
        self._on_bytes(b"")

    def _line(self) -> PortSettings | None:
        return None if self._url.startswith(_NO_LINE) else self._search.settings

    def _say(self, link: PortLink, data: bytes) -> None:
        try:
            link.write(data)
        except LinkError:
            self._search.takes_nothing()
            raise

    def _was_held_up(self, now: datetime, received: int) -> bool:
        """Whoever did not look for long finds what has waited, until a read that began later has brought little.

        The one before may have been over when it was held up: what it brought tells nothing of what is left.
        """
        is_held_up = (gone := now - self._looked_at) > _HELD_UP and gone > _HELD_UP * self._speed()
        self._has_waited = is_held_up or (self._has_waited and not self._was_drained)
        self._looked_at, self._was_drained = now, received < _CHUNK // 2 and not is_held_up
        return is_held_up

    def _is_to_be_renewed(self, link: PortLink, decoder: Decoder, now: datetime, now_s: float, is_live: bool) -> bool:
        if is_live and isinstance(link, ListeningLink):
            link.believe()
        if self._search.is_over(now_s, decoder, is_live):
            if self._status.state is LinkState.LIVE:
                self._tell(state=LinkState.STALE)
            self._tell(hint=self._search.words())
            return True
        if is_live:
            return False
        if self._quiet_s(now) < _RENEWED_AFTER * self._allowed_s():
            return False
        if not isinstance(link, ListeningLink):
            self._is_renewed = True
            return True
        self._opened_at = now
        link.hang_up()
        return False

    def _quiet_s(self, now: datetime) -> float:
        return (now - max(self._opened_at, self._told.frame_at or self._opened_at)).total_seconds()

    def _now_s(self, now: datetime) -> float:
        """Several times as fast as `total_seconds`, which reckons in whole numbers of many digits."""
        gone = now - self._started
        return gone.days * _DAY_S + gone.seconds + gone.microseconds / 1e6

    def _judged(self, has_data: bool, decoder: Decoder, now: datetime, has_values: bool) -> LinkStatus | None:
        """What is to be told of it now. A monitor that is asked is live by its values: its frames may also be refusals."""
        good = decoder.good
        is_heard = good > self._told.good and (has_values or not self._model.needs_request)
        self._told.good, self._told.bad = good, decoder.bad
        if has_data:
            self._told.byte_at = now
        if is_heard:
            self._told.frame_at = now
            found = self._search.is_trial or self._search.is_found
            return self._told.lives(now, decoder.hint, found)
        before = self._status
        if self._is_silent(now, self._told.frame_at or before.since) and not self._search.is_searching:
            is_stale = before.state in (LinkState.LIVE, LinkState.STALE)
            state = LinkState.STALE if is_stale else before.state
            return self._told.tell(now, state=state, hint=decoder.hint or self._why_silent(now, self._told.byte_at))
        return self._told.tell(now)

    def _is_silent(self, now: datetime, since: datetime) -> bool:
        return (now - since).total_seconds() >= self._allowed_s()

    def _allowed_s(self) -> float:
        return max(self._model.silent_after_s, _LEAST_SILENCE_REAL_S * self._speed())

    def _why_silent(self, now: datetime, byte_at: datetime | None) -> Text:
        return _SILENT if byte_at is None or self._is_silent(now, byte_at) else _GARBLED

    @property
    def _status(self) -> LinkStatus:
        return self._told.status

    def _tell(self, **changes: object) -> None:
        told = self._told.tell(self._now(), **changes)
        if told is not None:
            self._on_heard(told, [])
