"""The infusions in memory: what is over and nobody looks at leaves it, and comes back when it is asked for."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple, Protocol

from app.domain.infusion.deviations import deviations
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import UNREADABLE
from app.domain.log import Entry
from app.domain.sealed_entries import whole
from db.store_errors import StoreError

from .bed_watch import BedWatch, LastHeard
from .infusion_writes import InfusionWrites
from .known_infusion import KnownInfusion, known

#: What is closed and was asked for so long ago leaves: within the hour after its signature.
REST_AFTER = timedelta(minutes=30)
_LOOK_EVERY = timedelta(minutes=1)
#: So long its tiles still say what was heard last.
_TOLD = timedelta(days=1)


class WardLog(Protocol):
    """Where an infusion is read again."""

    def entries(self, stream: str, /) -> list[Entry]: ...


class ClosedInfusion(NamedTuple):
    """One that is over, at hand or not. `deviations`: how many."""

    known: KnownInfusion
    deviations: int


class _Away(NamedTuple):
    closed: ClosedInfusion
    heard: LastHeard | None


def _closed(state: Infusion, now: datetime) -> ClosedInfusion:
    return ClosedInfusion(known(state), len(deviations(state, now)) if state.phase is Phase.SIGNED else 0)


def _without_curves(_monitors: BedWatch) -> None:
    """Where nobody reads them again."""


class AtHand:
    """`lines` and `monitors` by infusion, in the order in which they came. `log` None: nothing leaves.

    Whatever asks for an infusion by its id uses it; the looks of every tick do not. One leaves only when the log gives back
    every event that is in memory, so that it comes back as it was. `came_back` is told, to read its curves.
    """

    def __init__(self, log: WardLog | None, now: Callable[[], datetime], take_up: Callable[[str, list[Entry]], None]) -> None:
        self.lines: dict[str, InfusionWrites] = {}
        self.monitors: dict[str, BedWatch] = {}
        self._log, self._now, self._take_up = log, now, take_up
        self.came_back: Callable[[BedWatch], None] = _without_curves
        self._away: dict[str, _Away] = {}
        self._used: dict[str, datetime] = {}
        self._looked_at = now()

    def take(self, line: InfusionWrites, monitors: BedWatch) -> None:
        infusion_id = line.state.infusion_id
        self.lines[infusion_id], self.monitors[infusion_id] = line, monitors
        self._used[infusion_id] = self._now()

    def line(self, infusion_id: str) -> InfusionWrites:
        """Raises `KeyError` for one that this run does not know."""
        if self._log is not None and infusion_id in self._away:
            self._come_back(infusion_id, self._log.entries(infusion_id))
        line = self.lines[infusion_id]
        self._used[infusion_id] = self._now()
        return line

    def _come_back(self, infusion_id: str, entries: list[Entry]) -> None:
        self._take_up(infusion_id, entries)
        heard, monitors = self._away.pop(infusion_id).heard, self.monitors[infusion_id]
        if heard is not None:
            monitors.recall(heard)
        self.came_back(monitors)

    def watched(self, infusion_id: str) -> BedWatch:
        self.line(infusion_id)
        return self.monitors[infusion_id]

    def knows(self, infusion_id: str) -> bool:
        return infusion_id in self.lines or infusion_id in self._away

    def phase(self, infusion_id: str) -> Phase:
        """Without a use of it. Raises `KeyError`."""
        away = self._away.get(infusion_id)
        return away.closed.known.phase if away else self.lines[infusion_id].state.phase

    def known(self) -> list[KnownInfusion]:
        """Of all infusions of this run, with what is on its way."""
        return [*(away.closed.known for away in self._away.values()), *(known(line.coming()) for line in self.lines.values())]

    def closed(self) -> list[ClosedInfusion]:
        """All of this run that are over."""
        here = (line.state for line in self.lines.values() if line.state.phase in CLOSED)
        return [*(away.closed for away in self._away.values()), *(_closed(state, self._now()) for state in here)]

    def put_away(self, is_done: Callable[[str], bool]) -> Iterator[str]:
        """Whoever leaves now; looked for once a minute. `is_done`: whether nothing of it waits for anybody."""
        now = self._now()
        if self._log is None or now - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = now
        for infusion_id, line in list(self.lines.items()):
            rests = line.state.phase in CLOSED and now - self._used[infusion_id] >= REST_AFTER
            if rests and line.is_idle and is_done(infusion_id) and self._would_come_back(line.state, self._log):
                self._away[infusion_id] = _Away(_closed(line.state, now), self.monitors[infusion_id].last_heard())
                self._forget_heard(now)
                del self.lines[infusion_id], self.monitors[infusion_id], self._used[infusion_id]
                yield infusion_id

    def _forget_heard(self, now: datetime) -> None:
        for infusion_id, away in self._away.items():
            if away.heard is not None and now - away.closed.known.reached_at > _TOLD:
                self._away[infusion_id] = away._replace(heard=None)

    def _would_come_back(self, state: Infusion, log: WardLog) -> bool:
        """Where it would not, it stays; that is looked at again after a while."""
        self._used[state.infusion_id] = self._now()
        try:
            here = whole(state.entries, state.seals, state.infusion_id)
            return all(there == one for there, one in zip_longest(log.entries(state.infusion_id), here))
        except (StoreError, *UNREADABLE):
            return False
