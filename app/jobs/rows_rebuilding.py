"""The rows for people's tools made anew from the events, and the event that says so."""

import uuid
from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import UNREADABLE, Unreadable, unreadable
from app.domain.infusion.summary import FORM
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people.proofs import ProofEvent, RowsRebuilt, StreamShutOff
from app.domain.texts import Text
from db.log.batch import Batch, Projection, projection
from db.log.genesis import first_form
from db.log.standing import Standing
from db.queries import StoreReader
from db.recorder import Recorder

PutTogether = Callable[[str, list[Entry]], Infusion]


class Rebuilt(NamedTuple):
    """How many infusions' rows were made; which could not be."""

    infusions: int
    left_out: tuple[Text, ...]


def rebuild_rows(store: StoreReader, recorder: Recorder, put_together: PutTogether, at: datetime) -> Rebuilt:
    """An infusion that is left out is written down once. Raises `StoreError`."""
    recorder.flush().result()  # what is on its way has rows of its own, which would come before these
    made: list[Projection] = []
    left_out: list[Text] = []
    broken: list[Unreadable] = []
    for infusion_id in store.streams():
        try:
            made.append(projection(put_together(infusion_id, store.entries(infusion_id))))
        except Refused as refused:
            left_out.append(refused.text)
        except UNREADABLE as error:
            broken.append(unreadable(infusion_id, error))
    events = [*new_shut_off(broken, store.account_entries()), RowsRebuilt(len(made), FORM)]
    recorder.append(Batch(noted(events, at), tuple(made), anew=True)).result()
    return Rebuilt(len(made), (*left_out, *(one.text for one in broken)))


def noted(events: Iterable[ProofEvent], at: datetime) -> tuple[Entry, ...]:
    """As the program itself writes them down."""
    return tuple(Entry(uuid.uuid4().hex, stream_text(PEOPLE), at, None, event) for event in events)


def new_shut_off(broken: Iterable[Unreadable], told: Iterable[Entry]) -> list[ProofEvent]:
    """Of those that are left out, which the record does not tell of yet. `told`: what it tells of itself (`account_entries`)."""
    known = shut_off(told)
    return [StreamShutOff(one.infusion, one.what) for one in broken if one.infusion not in known]


def shut_off(told: Iterable[Entry]) -> set[str]:
    return {x.event.infusion for x in told if isinstance(x.event, StreamShutOff)}


def are_of_this_form(store: StoreReader, told: Iterable[Entry]) -> bool:
    """Whether the rows say what this version of the program makes them say."""
    rebuilt = [x.event.form for x in told if isinstance(x.event, RowsRebuilt)]
    return (rebuilt[-1] if rebuilt else first_form(store.info().genesis)) == FORM


def differing(store: StoreReader, known: Iterable[Standing], left_out: Container[str]) -> list[str]:
    """The infusions of which they say something else than the events do, as far as can be seen without putting them together.

    `known`: every infusion as its events tell it; `left_out`: those of which nothing is made.
    """
    told = {row.infusion_id: (row.subject, row.bed, row.grp, row.dose_number, str(row.phase)) for row in known}
    there = store.rows_at_a_glance()
    return [infusion for infusion, row in told.items() if infusion not in left_out and there.get(infusion) != row]
