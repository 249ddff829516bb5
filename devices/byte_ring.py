"""The last two days of raw bytes of every port, so that nothing on the wire is lost to a later question."""

import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from app.domain.recordtime import Moment

from .recording import SEALED_SUFFIX, SUFFIX, PlainMembers, RecordedChunk, RecordingHead, SealedMembers, packed

KEPT = timedelta(hours=48)
_SEGMENT_S = 3600.0
_FLUSH_S = 5.0
_TAIL = 2048
_WAITING_AT_MOST = 4096
_NAMED = "%Y%m%dT%H%M%S"


class RingSegment:
    """One hour of one port; a new process begins a new one, so that a torn end spoils nothing behind it."""

    def __init__(self, folder: Path, head: RecordingHead, began: Moment, key: bytes | None = None) -> None:
        self.began_s = began.steady_s
        self._frames = PlainMembers() if key is None else SealedMembers(key)
        self.path = _free(folder / f"{slug(head.port)}-{began.wall:{_NAMED}}", self._frames.suffix)
        self._whole = 0
        self._waiting: list[RecordingHead | RecordedChunk] = [head]

    def add(self, chunk: RecordedChunk) -> None:
        self._waiting.append(chunk)

    def flush(self) -> None:
        """Append what waits, behind what is whole; where the disk refuses, keep the head and the newest of it."""
        if not self._waiting:
            return
        self._waiting = self._waiting[:1] + self._waiting[1:][-_WAITING_AT_MOST:]
        with self.path.open("ab") as file:
            file.truncate(self._whole)
            file.write((b"" if self._whole else self._frames.begin()) + self._frames.framed(packed(self._waiting)))
            file.flush()
            self._whole = file.tell()
        self._waiting = []


class ByteRing:
    """Keeps the bytes of all ports on a thread of its own, which wakes every 5 s. `take` never waits, and leaves all work to that
    thread; a kill loses the last 5 s at most.

    A disk that takes no more stops the ring and nothing
    else; it is tried again with the next flush. `key`: that of an encrypted store, whose bytes are sealed too.
    """

    def __init__(self, folder: Path, moment: Callable[[], Moment], key: bytes | None = None) -> None:
        self._folder, self._moment, self._key = folder, moment, key
        self._taken: deque[tuple[str, str, Moment, bytes | None]] = deque()
        """Port, protocol, when, and what was read; None: the port is let go."""
        self._over = Event()
        self._segments: dict[RecordingHead, RingSegment] = {}
        self.trouble: OSError | None = None
        self._tails: dict[str, bytes] = {}
        self._thread = Thread(target=self._run, name="raw bytes", daemon=True)
        self._thread.start()

    def take(self, port: str, protocol: str, data: bytes) -> None:
        """From the thread that reads the port."""
        self._taken.append((port, protocol, self._moment(), data))

    def tails(self) -> dict[str, bytes]:
        """The newest 2 kB of each port, for the screen: what was put away, and what still waits for it."""
        found = {port: [data] for port, data in self._tails.copy().items()}
        for port, _protocol, _at, data in self._taken.copy():
            if data is None:
                found.pop(port, None)
            else:
                found.setdefault(port, []).append(data)
        return {port: b"".join(parts)[-_TAIL:] for port, parts in found.items()}

    def let_go(self, port: str) -> None:
        """Nothing of this port comes any more: what waits is written, its files stay."""
        self._taken.append((port, "", self._moment(), None))

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._over.set()
        self._thread.join()

    def files(self) -> list[Path]:
        """The newest first."""
        return sorted(_kept(self._folder, "*"), key=lambda path: _stem(path)[-15:], reverse=True)

    def _run(self) -> None:
        is_over = False
        while not is_over:
            is_over = self._over.wait(_FLUSH_S)
            for _ in range(len(self._taken)):
                port, protocol, at, data = self._taken.popleft()
                self._let_go(port) if data is None else self._put(port, protocol, at, data)
            self._flush()

    def _put(self, port: str, protocol: str, at: Moment, data: bytes) -> None:
        head, chunk = RecordingHead(port, protocol), RecordedChunk(at.wall, at.steady_s, data)
        self._tails[port] = (self._tails.get(port, b"") + data)[-_TAIL:]
        segment = self._segments.get(head)
        if segment is None or chunk.steady_s - segment.began_s >= _SEGMENT_S:
            if segment is not None:
                self._flush()
            began = Moment(chunk.wall, chunk.steady_s, "")
            segment = self._segments[head] = RingSegment(self._folder, head, began, self._key)
            self._forget(head.port, chunk.wall)
        segment.add(chunk)

    def _let_go(self, port: str) -> None:
        self._flush()
        self._tails.pop(port, None)
        self._segments = {head: segment for head, segment in self._segments.items() if head.port != port}

    def _flush(self) -> None:
        try:
            for segment in self._segments.values():
                self._flushed(segment)
            self.trouble = None
        except OSError as error:
            self.trouble = error

    def _flushed(self, segment: RingSegment) -> None:
        try:
            segment.flush()
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True)
            segment.flush()

    def _forget(self, port: str, now: datetime) -> None:
        """Old by the wall clock and by their number: a clock set wrong deletes nothing young."""
        mine = sorted(_kept(self._folder, f"{slug(port)}-*"), reverse=True)
        for path in mine[int(KEPT / timedelta(seconds=_SEGMENT_S)) :]:
            if now - _began(path, now) > KEPT + timedelta(seconds=_SEGMENT_S):
                with suppress(OSError):  # Windows keeps a file that somebody reads; it goes with the next hour
                    path.unlink(missing_ok=True)


def slug(port: str) -> str:
    """A port's name as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9]+", "-", port).strip("-")


def _kept(folder: Path, named: str) -> list[Path]:
    return [path for suffix in (SUFFIX, SEALED_SUFFIX) for path in folder.glob(named + suffix)]


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX).removesuffix(SEALED_SUFFIX)


def _began(path: Path, now: datetime) -> datetime:
    named = re.search(r"(\d{8}T\d{6})(-\d+)?$", _stem(path))
    return datetime.strptime(named[1], _NAMED).replace(tzinfo=now.tzinfo) if named else now


def _free(stem: Path, suffix: str) -> Path:
    """A name that no file has: a clock set back makes the same one twice."""
    path, number = stem.with_name(stem.name + suffix), 1
    while path.exists():
        path, number = stem.with_name(f"{stem.name}-{number}{suffix}"), number + 1
    return path
