"""Lets sounds be heard without holding up the screen, and finds out whether they can be."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.domain.watch.laptop_seen import SoundFault
from app.domain.watch.priority import Priority

if TYPE_CHECKING:
    from ui.frame.speaker import Speaker

#: Seconds from one burst to the next.
REPEAT_S = {Priority.HIGH: 7.0, Priority.MEDIUM: 15.0, Priority.LOW: 30.0}
#: Seconds from one look at device and volume to the next.
LOOK_EVERY_S = 30.0


class Sounder:
    """Plays on a thread of its own, one burst at a time. `fault`: why it is not heard, as far as the system tells."""

    def __init__(self) -> None:
        self.fault: SoundFault | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sound")
        self._speaker: Speaker | None = None

    def play(self, priority: Priority) -> None:
        self._thread.submit(self._play, priority)

    def look(self) -> None:
        """Whether there is a device, turned up, and whether the last burst went through it."""
        self._thread.submit(self._look)

    def _play(self, priority: Priority) -> None:
        speaker = self._open()
        self.fault = self._system() if speaker.play(priority) else (speaker.missing() or SoundFault.FAILED)

    def _look(self) -> None:
        speaker = self._open()
        self.fault = speaker.missing() or speaker.stuck() or self._system()

    def _open(self) -> "Speaker":
        from ui.frame.speaker import Speaker

        self._speaker = self._speaker or Speaker()
        return self._speaker

    @staticmethod
    def _system() -> SoundFault | None:
        from app.jobs.laptop.volume import read_volume

        return read_volume()

    def close(self) -> None:
        """Silence, whatever was playing."""
        self._thread.shutdown(cancel_futures=True)
        if self._speaker is not None:
            self._speaker.close()
