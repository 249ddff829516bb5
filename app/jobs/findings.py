"""What is found wrong with a record when it is opened: told to a person, written into it, mended where the events can tell."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.domain.infusion.story import Unreadable
from app.domain.people.proofs import ProofEvent, RecordDescribed
from app.domain.texts import Text, say
from app.jobs.rows_rebuilding import (
    PutTogether,
    are_of_this_form,
    differ_at_a_glance,
    new_shut_off,
    noted,
    rebuild_rows,
)
from db.log.batch import Batch
from db.log.canonical import utc_text
from db.log.genesis import names_its_store
from db.log.standing import Standing
from db.queries import StoreReader
from db.recorder import Recorder
from db.store_errors import StoreError

_ROWS = say("The readable tables beside the events said something else than the events. They were made anew from the events.")
_MARK = say("The mark until when somebody watched was changed without the program. It is not believed: the last event counts.")


def look(
    store: StoreReader,
    recorder: Recorder,
    put_together: PutTogether,
    at: datetime,
    broken: Sequence[Unreadable],
    mark_doubted: bool,
    known: Sequence[Standing],
) -> tuple[Text, ...]:
    """What a person must be told. Of it, what belongs into the record is written down; what cannot be saved is found again at the
    next start. `broken`: infusions that were left out; `known`: where each stands by its events.
    """
    notices = [*recorder.notices, *(one.text for one in broken), *_told(store, mark_doubted)]
    try:
        events = [*recorder.doubts, *_description(store), *new_shut_off(broken, store)]
        if events:
            recorder.append(Batch(noted(events, at))).result()
        is_other = differ_at_a_glance(store, known) and are_of_this_form(store)
        if is_other or not are_of_this_form(store):
            rebuild_rows(store, recorder, put_together, at)
            notices += [_ROWS] if is_other else []
    except StoreError:
        pass
    return tuple(notices)


def _told(store: StoreReader, mark_doubted: bool) -> Iterator[Text]:
    if mark_doubted:
        yield _MARK
    unread = store.unread_events()
    if unread:
        yield say("{n} events of accounts or rules cannot be read and are left out. Have the record examined: bedside verify.",
                  n=unread)  # fmt: skip


def _description(store: StoreReader) -> list[ProofEvent]:
    """Said once in a record whose beginning does not name it."""
    info = store.info()
    is_told = any(isinstance(entry.event, RecordDescribed) for entry in store.account_entries())
    if is_told or names_its_store(info.genesis):
        return []
    return [RecordDescribed(info.store_id, utc_text(info.created_at), info.app_version, info.practice)]
