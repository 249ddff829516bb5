"""Tries a monitor on another thread; the answer comes back to whoever asked, on the deciding thread."""

from collections.abc import Callable
from concurrent.futures import Executor
from threading import Event

from app.domain.texts import Text, say
from app.services.clock import wall_utc
from app.services.ward.ports import Post
from devices.link import LinkError, PortSettings
from devices.models import MODELS
from devices.probe import Probe, ProbeResult, verdict

Tested = Callable[[Text, PortSettings | None], None]
"""What was heard in words, and with which setting of the line; None where nothing could be read."""


class PortTest:
    """One test at a time; `stop` gives it up. A port that is read already (`is_read`) is left alone."""

    def __init__(self, executor: Executor, post: Post, is_read: Callable[[str], bool]) -> None:
        self._executor, self._post, self._is_read = executor, post, is_read
        self._stopping = Event()

    def test(self, url: str, protocol: str, line: PortSettings | None, told: Tested) -> None:
        """Ask the monitor of this protocol, with this setting of the line first."""
        self._begin(url, lambda probe: probe.test(url, MODELS[protocol], line=line), told)

    def listen(self, url: str, told: Tested) -> None:
        """Send nothing; say who talks."""
        self._begin(url, lambda probe: probe.listen(url, MODELS.values()), told)

    def _begin(self, url: str, ask: Callable[[Probe], ProbeResult], told: Tested) -> None:
        self.stop()
        if self._is_read(url):
            told(say("{port} is read already: its monitor is listed on this page, with how it does.", port=url), None)
            return
        stopping = self._stopping = Event()

        def run() -> None:
            line = None
            try:
                found = ask(Probe(wall_utc, stopping.is_set))
                text, line = verdict(found), found.settings if found.protocol else None
            except LinkError as error:
                text = error.text
            self._post(lambda: None if stopping.is_set() else told(text, line))

        self._executor.submit(run)

    def stop(self) -> None:
        self._stopping.set()
