"""A desk on a log in memory: what a fake store was given is what the desk reads."""

from collections.abc import Sequence

from app.domain.log import Entry, stream_of
from app.services.protocol_files import load
from app.services.trial.trial_desk import TrialDesk
from db.log.batch import Batch
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import FakeStore, at_once
from tests.services.ward import Ward


class MemoryLog:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def desk_entries(self, after_seq: int, kinds: Sequence[str]) -> list[tuple[int, Entry]]:
        rows = enumerate((x for batch in self._store.batches for x in batch.entries), 1)
        return [
            (seq, x)
            for seq, x in rows
            if seq > after_seq and (stream_of(x.stream).kind in ("subject", "trial") or type(x.event).__name__ in kinds)
        ]

    def entries(self, stream: str) -> list[Entry]:
        return [x for batch in self._store.batches for x in batch.entries if x.stream == stream]


def desk_on(ward: Ward, entries: Sequence[Entry] = ()) -> TrialDesk:
    """The ward's own store with further entries in it."""
    ward.store.append(Batch(tuple(entries)))
    log = MemoryLog(ward.store)
    return TrialDesk(log, ward.store, at_once, ward.bedside.now, load(), RULES, lambda at: at.astimezone(SHANGHAI))
