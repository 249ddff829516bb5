"""What the Audit trail page asks of the store. It runs on the reading thread and touches nothing of the window."""

from collections.abc import Mapping
from typing import NamedTuple

from app.domain.people.accounts import Scope
from app.services.protocol_files import ProtocolFiles
from app.services.words.trail import Trail, TrailLine
from db.log.log_pages import LastEvent, Saved, TrailFilter
from db.queries import StoreReader
from ui.records.record_shelf import RecordShelf
from ui.records.view import RecordRow
from ui.trail.view import RowsInWords

#: Of infusions that can be chosen; older ones are found by their subject.
MOST_INFUSIONS = 100
#: Of so many filters the number found is kept.
_REMEMBERED = 20


class Counted:
    """How many events a filter had, and up to which: the log only grows, so only what came since is counted again.

    On the reading thread alone.
    """

    def __init__(self) -> None:
        self._known: dict[TrailFilter, tuple[int, LastEvent]] = {}

    def of(self, store: StoreReader, wanted: TrailFilter) -> int:
        """What a text is looked for in changes: it is counted anew."""
        if wanted.text:
            return store.trail_count(wanted)
        with store.one_moment():
            last = store.last_event()
            before, until = self._known.get(wanted, (0, None))
            if until is not None and store.hash_at(until.seq) != until.hash:  # of a log that was lost; another goes on
                before, until = 0, None
            total = before + store.trail_count(wanted, None if until is None else until.seq)
        if last is not None:
            self._remember(wanted, total, last)
        return total

    def _remember(self, wanted: TrailFilter, total: int, until: LastEvent) -> None:
        self._known.pop(wanted, None)
        self._known[wanted] = total, until
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]


class TrailShelf(NamedTuple):
    """The events of a scope, read for one person; `names`: those of people by id. `shown`: what was read, as rows."""

    scope: Scope
    person_id: str | None
    wanted: TrailFilter
    names: Mapping[str, str]
    counted: Counted
    shown: RowsInWords

    def rows(self, store: StoreReader, before: int | None, most: int) -> list[TrailLine]:
        found = trail_of(store, self.names).lines(self.wanted, before, most)
        self.shown.make(found)
        return found

    def count(self, store: StoreReader) -> int:
        return self.counted.of(store, self.wanted)


def trail_of(store: StoreReader, names: Mapping[str, str]) -> Trail:
    return Trail(store, ProtocolFiles(store.protocol_file).infusion, names)


def newest_review(store: StoreReader) -> Saved | None:
    return trail_of(store, {}).reviewed()


def infusions_to_choose(store: StoreReader, typed: str) -> list[RecordRow]:
    """The newest infusions of the subjects whose code holds what was typed; of all where there are none."""
    return RecordShelf(typed).rows(store, None, MOST_INFUSIONS) or RecordShelf("").rows(store, None, MOST_INFUSIONS)
