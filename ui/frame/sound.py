"""Lets sounds be heard without holding up the screen."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.domain.watch.priority import Priority

if TYPE_CHECKING:
    from ui.frame.speaker import Speaker

#: Seconds from one burst to the next.
REPEAT_S = {Priority.HIGH: 7.0, Priority.MEDIUM: 15.0, Priority.LOW: 30.0}


class Sounder:
    """Plays on a thread of its own, one burst at a time. `works` is False once none could be played, until one can."""

    def __init__(self) -> None:
        self.works = True
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sound")
        self._speaker: Speaker | None = None

    def play(self, priority: Priority) -> None:
        self._thread.submit(self._play, priority)

    def _play(self, priority: Priority) -> None:
        from ui.frame.speaker import Speaker

        self._speaker = self._speaker or Speaker()
        self.works = self._speaker.play(priority)

    def close(self) -> None:
        """Silence, whatever was playing."""
        self._thread.shutdown(cancel_futures=True)
        if self._speaker is not None:
            self._speaker.close()
