"""Who is told that something happened at a bed, and of what."""

from collections.abc import Callable

Told = Callable[[str], None]


class News:
    """On the deciding thread. What is told at a bed carries its infusion's id."""

    def __init__(self) -> None:
        self._changed: list[Told] = []
        self._heard: list[Told] = []
        self._woken: list[Callable[[], None]] = []

    def when_changed(self, look: Told) -> None:
        """Of every infusion of which something changed, from now on."""
        self._changed.append(look)

    def when_heard(self, listen: Told) -> None:
        """Of every infusion whose monitor says something else than before, from now on."""
        self._heard.append(listen)

    def when_urgent(self, wake: Callable[[], None]) -> None:
        """When something happened for which the next full second is too late, from now on."""
        self._woken.append(wake)

    def forget(self) -> None:
        """Nobody is told any more."""
        for told in (self._changed, self._heard, self._woken):
            told.clear()

    def changed(self, infusion_id: str) -> None:
        for look in self._changed:
            look(infusion_id)
        self.wake()

    def heard(self, infusion_id: str) -> None:
        for listen in self._heard:
            listen(infusion_id)

    def wake(self) -> None:
        for wake in self._woken:
            wake()
