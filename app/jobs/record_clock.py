"""Record time at both ends of a run: the stamp of each batch, where time goes on after a restart, the mark that is left."""

import platform
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple

from app import VERSION
from app.domain.protocol import WardRules
from app.domain.recordtime import Moment, Resumption, Watched, is_believed, resume
from app.services import clock
from app.services.store_settings import WATCHED, StoreSettings, watch_mark
from app.services.ward.ward import ASLEEP_S, Bedside
from db.log.batch import Stamp
from db.queries import StoreReader

_MARK_EVERY_S = 10.0


class ThisProgram(NamedTuple):
    """Neither changes while it runs."""

    laptop: str
    version: str


@cache
def this_program() -> ThisProgram:
    return ThisProgram(platform.node(), VERSION)


def stamp() -> Stamp:
    """The laptop's clocks and name, for each saved batch."""
    now = clock.moment()
    return Stamp(now.wall, clock.utc_offset_min(), now.steady_s, now.boot_id, *this_program())


def last_moment(store: StoreReader) -> Watched | None:
    """Record time and the laptop's clocks when the store was last written to."""
    last = store.last_watched()
    if last is None:
        return None
    written = Watched(last.at, Moment(last.stamp.wall_utc, float(last.stamp.steady_s), last.stamp.boot_id))
    mark = watch_mark(store)
    return mark if mark is not None and mark.at > written.at and _is_true(store, mark, written) else written


def mark_is_doubted(store: StoreReader) -> bool:
    """Whether the mark until when somebody watched was put there without the program: it is not believed then."""
    last, mark = store.last_event(), watch_mark(store)
    if mark is None or last is None:
        return False
    return not _is_true(store, mark, Watched(last.at, Moment(last.stamp.wall_utc, float(last.stamp.steady_s), last.stamp.boot_id)))


def _is_true(store: StoreReader, mark: Watched, written: Watched) -> bool:
    return store.is_sealed(WATCHED) and is_believed(mark, written, clock.moment(), store.info().practice)


def resumption(last: Watched | None, has_open: bool, rules: WardRules | None = None) -> Resumption | None:
    """Where record time goes on; None for a store that nobody wrote to. `rules`: after which gap a person is asked."""
    if last is None:
        return None
    longest = None if rules is None or rules.gap_asks_h is None else timedelta(hours=float(rules.gap_asks_h))
    resumed = resume(last.at, last.moment, clock.moment(), longest)
    if not resumed.known and not has_open:
        return Resumption(max(last.at, clock.wall_utc()), True)
    return resumed


def record_now(store: StoreReader) -> datetime:
    """The record time at which a command writes into a store that is closed."""
    resumed = resumption(last_moment(store), has_open=False)
    return resumed.at if resumed else clock.wall_utc()


def take_up(bedside: Bedside, last: Watched | None, resumed: Resumption | None) -> None:
    """Say to the open infusions that nobody watched them since."""
    if last is None or resumed is None or not bedside.infusions:
        return
    rebooted = last.moment.boot_id != clock.boot_id()
    cause: Literal["stopped", "power"] = "power" if rebooted else "stopped"
    if not resumed.known or (resumed.at - last.at).total_seconds() > ASLEEP_S:
        bedside.resumed(last.at, cause, resumed.known)


class WatchMarks:
    """Leaves a mark every ten seconds, so that the next start knows until when somebody watched."""

    def __init__(self, settings: StoreSettings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._marked_s = clock.steady_s()

    def look(self, steady_s: float) -> None:
        """At each look at the ward."""
        if steady_s - self._marked_s >= _MARK_EVERY_S:
            self._marked_s = steady_s
            self._mark()

    def close(self) -> None:
        self._mark()

    def _mark(self) -> None:
        self._settings.put_watch_mark(Watched(self._now(), clock.moment()))
