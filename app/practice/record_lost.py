"""A rehearsal whose record's file was taken away: nobody can be asked where it shall be saved, so it lies beside."""

import queue
from collections.abc import Callable

from app.domain.log import Entry
from app.domain.texts import Text, say
from app.program.open_record import OpenRecord
from app.services.clock import wall_utc


class RecordLost(Exception):
    """`unsaved`: what was not in the file any more, and where all of it was saved."""

    def __init__(self, text: Text, unsaved: Text) -> None:
        super().__init__(str(text))
        self.text, self.unsaved = text, unsaved


def lost(record: OpenRecord, infusion_id: str, calls: "queue.SimpleQueue[Callable[[], None]]") -> RecordLost:
    """Saves the record beside its old place."""
    gone, unsaved = record.rescue.health.gone, _unsaved(record, infusion_id)
    to, answers = record.rescue.beside(wall_utc()), list[Text | None]()
    record.rescue.save(to, answers.append)
    while not answers:
        calls.get()()
    kept = answers[0] or say("All of it was saved as {file}.", file=str(to))
    names = ", ".join(f"{type(x.event).__name__} {x.at:%H:%M:%S}Z" for x in unsaved) or "—"
    assert gone is not None
    return RecordLost(gone, say("Not saved in the record: {n} events ({names}). {kept}", n=len(unsaved), names=names, kept=kept))


def _unsaved(record: OpenRecord, infusion_id: str) -> list[Entry]:
    """What the file no longer took: the writer's last acknowledged event is the last that is in it."""
    if not record.bedside.knows(infusion_id):
        return []
    saved = {entry.event_id for entry in record.store.entries(infusion_id)}
    return [entry for entry in record.bedside.line(infusion_id).on_its_way() if entry.event_id not in saved]
