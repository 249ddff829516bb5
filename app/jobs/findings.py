"""What is found wrong with a record when it is opened: told to a person, written into it, mended where the events can tell."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.domain.infusion.story import Unreadable
from app.domain.log import Entry
from app.domain.people.proofs import ProofEvent, RecordDescribed
from app.domain.texts import Text, say
from app.jobs.rows_rebuilding import (
    PutTogether,
    are_of_this_form,
    differing,
    new_shut_off,
    noted,
    rebuild_rows,
    shut_off,
)
from db.log.batch import Batch
from db.log.canonical import utc_text
from db.log.genesis import names_its_store
from db.log.standing import Standing
from db.queries import StoreReader
from db.recorder import Recorder
from db.store_errors import StoreError

ROWS = say("The readable tables beside the events said something else than the events. They were made anew from the events.")
_MARK = say("The mark until when somebody watched was changed without the program. It is not believed: the last event counts.")


def look(
    store: StoreReader,
    recorder: Recorder,
    put_together: PutTogether,
    at: datetime,
    known: Sequence[Standing] | None,
    broken: Sequence[Unreadable],
    mark_doubted: bool,
) -> tuple[Text, ...]:
    """What a person must be told. Of it, what belongs into the record is written down; what cannot be saved is found again at the
    next start. `known`: every infusion as its events tell it, None where that is not read yet; `broken`: those left out.
    """
    notices = [*recorder.notices, *(one.text for one in broken), *_told(store, mark_doubted)]
    try:
        told = store.account_entries()
        events = [*recorder.doubts, *_description(store, told), *new_shut_off(broken, told)]
        if events:
            recorder.append(Batch(noted(events, at))).result()
        is_of_this_form = are_of_this_form(store, told)
        left_out = shut_off(told) | {one.infusion for one in broken}
        is_other = is_of_this_form and known is not None and bool(differing(store, known, left_out))
        if is_other or not is_of_this_form:
            rebuild_rows(store, recorder, put_together, at)
            notices += [ROWS] if is_other else []
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


def _description(store: StoreReader, told: Iterable[Entry]) -> list[ProofEvent]:
    """Said once in a record whose beginning does not name it."""
    info = store.info()
    is_told = any(isinstance(entry.event, RecordDescribed) for entry in told)
    if is_told or names_its_store(info.genesis):
        return []
    return [RecordDescribed(info.store_id, utc_text(info.created_at), info.app_version, info.practice)]
