"""Heads of a record that others have seen, as its own events and files of others tell, held against its chain."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.domain.log import Entry
from app.domain.people.signed_heads import HeadKept, OwnRecord, SeenHeads, SignedHead, judged_here, told_here
from app.domain.texts import Text, say
from db.statements import Driver

_STORE_ID = "SELECT store_id FROM store"


class HeadsSeen:
    """`people`: all that happened to people and the record as a whole; `files`: witnesses, by the names of their files."""

    def __init__(self, people: Iterable[Entry], files: Mapping[str, SignedHead]) -> None:
        self._kept = [entry.event for entry in people if isinstance(entry.event, HeadKept)]
        self._files = files

    def faults(self, raw: Driver, founder: str, last_seq: int, hash_at: Callable[[int], str | None]) -> Iterator[Text]:
        """`hash_at`: of an event by its number, the genesis as 0."""
        (store_id,) = raw.execute(_STORE_ID).fetchone()
        here = OwnRecord(str(store_id), hash_at(0) or "", founder, last_seq, hash_at)
        seen = {(event.name, event.seen) for event in self._kept if event.seen is not None} | set(self._files.items())
        for who, head in sorted(seen, key=lambda one: (one[0], one[1].events)):
            told = told_here(judged_here(head, here), head, who)
            if told is not None:
                yield told

    def notes(self) -> Iterator[Text]:
        heads = SeenHeads()
        for event in self._kept:
            heads.apply(event)
        for met in heads.meetings:
            if met.seen is not None:
                yield say("{name} has seen this record up to event {event}.", name=met.name, event=met.seen.events)
