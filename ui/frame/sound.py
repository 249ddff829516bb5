"""Lets sounds be heard without holding up the screen, and finds out whether they can be."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from app.domain.watch.laptop_seen import SoundFault
from app.domain.watch.priority import Priority

#: Seconds from one burst to the next.
REPEAT_S = {Priority.HIGH: 7.0, Priority.MEDIUM: 15.0, Priority.LOW: 30.0}
#: Seconds from one look at device and volume to the next.
LOOK_EVERY_S = 30.0


class Speaks(Protocol):
    """`play`: whether the burst could be started; `missing`: no device; `stuck`: the last burst did not go through it."""

    def play(self, priority: Priority) -> bool: ...
    def missing(self) -> SoundFault | None: ...
    def stuck(self) -> SoundFault | None: ...
    def close(self) -> None: ...


def _speaker() -> Speaks:
    from ui.frame.speaker import Speaker

    return Speaker()


def _volume() -> SoundFault | None:
    from app.jobs.laptop.volume import read_volume

    return read_volume()


class Sounder:
    """Plays on a thread of its own, one burst at a time. `fault`: why it is not heard, as far as the system tells.

    `found` is called on that thread when it is another one.
    """

    def __init__(
        self,
        speaker: Callable[[], Speaks] = _speaker,
        volume: Callable[[], SoundFault | None] = _volume,
        found: Callable[[], object] = lambda: None,
    ) -> None:
        self.fault: SoundFault | None = None
        self._found = found
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sound")
        self._make, self._volume = speaker, volume
        self._speaker: Speaks | None = None

    def play(self, priority: Priority) -> None:
        self._thread.submit(self._play, priority)

    def look(self) -> None:
        """Whether there is a device, turned up, and whether the last burst went through it."""
        self._thread.submit(self._look)

    def _play(self, priority: Priority) -> None:
        speaker = self._open()
        self._is(self._volume() if speaker.play(priority) else (speaker.missing() or SoundFault.FAILED))

    def _look(self) -> None:
        speaker = self._open()
        self._is(speaker.missing() or speaker.stuck() or self._volume())

    def _is(self, fault: SoundFault | None) -> None:
        before, self.fault = self.fault, fault
        if fault != before:
            self._found()

    def _open(self) -> Speaks:
        self._speaker = self._speaker or self._make()
        return self._speaker

    def close(self) -> None:
        """Silence, whatever was playing."""
        self._thread.shutdown(cancel_futures=True)
        if self._speaker is not None:
            self._speaker.close()
