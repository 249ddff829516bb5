"""What the Audit trail page asks of the store. It runs on the reading thread and touches nothing of the window."""

from collections.abc import Mapping
from typing import NamedTuple

from app.domain.people.accounts import Scope
from app.services.protocol_files import ProtocolFiles
from app.services.words.trail import Trail, TrailLine
from db.log.log_pages import Saved, TrailFilter
from db.queries import StoreReader
from ui.records.record_shelf import RecordShelf
from ui.records.view import RecordRow

#: Of infusions that can be chosen; older ones are found by their subject.
MOST_INFUSIONS = 100


class TrailShelf(NamedTuple):
    """The events of a scope, read for one person; `names`: those of people by id."""

    scope: Scope
    person_id: str | None
    wanted: TrailFilter
    names: Mapping[str, str]

    def rows(self, store: StoreReader, before: int | None, most: int) -> list[TrailLine]:
        return trail_of(store, self.names).lines(self.wanted, before, most)

    def count(self, store: StoreReader) -> int:
        return store.trail_count(self.wanted)


def trail_of(store: StoreReader, names: Mapping[str, str]) -> Trail:
    return Trail(store, ProtocolFiles(store.protocol_file).infusion, names)


def newest_review(store: StoreReader) -> Saved | None:
    return trail_of(store, {}).reviewed()


def infusions_to_choose(store: StoreReader, typed: str) -> list[RecordRow]:
    """The newest infusions of the subjects whose code holds what was typed; of all where there are none."""
    return RecordShelf(typed).rows(store, None, MOST_INFUSIONS) or RecordShelf("").rows(store, None, MOST_INFUSIONS)
