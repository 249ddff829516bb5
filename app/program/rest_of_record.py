"""What a record of many infusions holds beside those at hand: read once the window stands, on the reading room's thread.

Until then no more is believed than what was read at opening: the infusions that are open, by their own events. What somebody
asks of older ones before that is read when it is asked for.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import Refused
from app.domain.infusion.facts import WatchLost
from app.domain.infusion.found.dose_order import DoseBefore, local_day
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.state import Infusion, no_file
from app.domain.infusion.story import UNREADABLE, Unreadable, unreadable
from app.domain.infusion.summary import FORM
from app.domain.log import UnknownKind
from app.domain.people.proofs import RowsRebuilt
from app.domain.texts import Text, say
from app.jobs.findings import ROWS
from app.jobs.rows_rebuilding import differing, new_shut_off, noted, shut_off
from app.services.safety.acute_checks import answered
from app.services.ward.dispensing import Holder, Past
from app.services.ward.ward import ASLEEP_S
from db.engine import NOT_AS_MADE
from db.log.batch import Batch, projection
from db.log.standing import Standing
from db.queries import StoreReader
from db.store_errors import StoreError

if TYPE_CHECKING:
    from app.program.open_record import OpenRecord


class BeforeThisRun:
    """What was given before, and by whom each bag is held. `known`: every infusion; None: they are read when somebody asks."""

    def __init__(self, store: StoreReader, known: Sequence[Standing] | None) -> None:
        self._store = store
        self.past = None if known is None else past_of(known)

    def _read(self) -> Past:
        if self.past is None:
            self.past = past_of(self._store.standing())
        return self.past

    @property
    def weights_kg(self) -> Mapping[str, Decimal]:
        return self._read().weights_kg

    @property
    def doses(self) -> Mapping[str, Sequence[DoseBefore]]:
        return self._read().doses

    @property
    def infusion_ids(self) -> Container[str]:
        return self._read().infusion_ids

    def who_took(self, bag_id: str) -> Sequence[Holder]:
        return [Holder(b.bag_id, b.infusion_id, b.subject, b.bed, b.taken_at) for b in self._store.who_took(bag_id)]


def past_of(known: Sequence[Standing]) -> Past:
    return Past(
        {row.subject: row.weight_kg for row in known if row.phase in CLOSED and row.weight_kg},
        _doses(known),
        frozenset(row.infusion_id for row in known),
    )


def _doses(known: Sequence[Standing]) -> dict[str, list[DoseBefore]]:
    """Those that were given, of infusions that are closed, by subject."""
    doses: dict[str, list[DoseBefore]] = {}
    for row in known:
        if row.phase in CLOSED and row.phase != Phase.ABANDONED:
            on = None if row.started_at is None else local_day(row.started_at)
            doses.setdefault(row.subject, []).append(DoseBefore(row.grp, row.dose_number, on))
    return doses


class RestRead(NamedTuple):
    """Of one moment, from the events. `going_on`: infusions that are not over; `headless`: those that do not begin with an order;
    `strange`: what is said of events of a kind that is not known here; `answered`: whose 24-h check has an answer, `unanswered`:
    those that are over and have none; `differing`: of whom the table of infusions says something else.
    """

    past: Past
    going_on: Sequence[str]
    headless: Sequence[str]
    strange: Text | None
    answered: frozenset[str]
    unanswered: Sequence[Standing]
    differing: Sequence[str]


def read_rest(store: StoreReader) -> RestRead:
    """Raises `StoreError`."""
    with store.one_moment():
        known, strange = store.standing(), None
        past, done = past_of(known), answered(store)
        try:
            headless = [stream for stream in store.streams() if stream not in past.infusion_ids]
        except UnknownKind as unknown:
            headless, strange = [], unknown.text
        left_out = shut_off(store.account_entries()).union(headless)
        going_on = [row.infusion_id for row in known if row.phase not in CLOSED]
        unanswered = [row for row in known if row.phase in CLOSED and row.infusion_id not in done]
        return RestRead(past, going_on, headless, strange, done, unanswered, differing(store, known, left_out))


class RestOfRecord:
    """On the deciding thread. `tried`: the infusions that the opening found; `adopt`: takes up an open one that it did not find."""

    def __init__(self, record: "OpenRecord", tried: frozenset[str], adopt: Callable[[Infusion], None]) -> None:
        self._record, self._tried, self._adopt = record, tried, adopt
        self._is_read, self._is_open = record.before.past is not None, True

    def read(self, tell: Callable[[Text], object], done: Callable[[], object]) -> None:
        """Once; `tell`: what a person must be told; `done`: before it."""
        if not self._is_read:
            self._is_read = True
            self._record.reads.ask(read_rest, lambda answer: self._came(answer, tell, done))

    def _came(self, answer: Callable[[], RestRead], tell: Callable[[Text], object], done: Callable[[], object]) -> None:
        record = self._record
        try:
            rest = answer()
            told = record.store.account_entries()
        except StoreError as error:
            tell(error.text)
            return
        except NOT_AS_MADE as error:
            tell(say("A part of the record cannot be read, for it is not as Bedside made it: {what}", what=str(error)))
            return
        record.before.past = rest.past
        record.acute_checks.take(rest.unanswered, rest.answered)
        broken = [unreadable(stream) for stream in rest.headless]
        texts = [] if rest.strange is None else [rest.strange]
        for infusion_id in rest.going_on:
            if infusion_id not in self._tried and not record.bedside.knows(infusion_id):
                self._take_up(infusion_id, broken, texts)
        done()
        if rest.differing:
            tell(ROWS)
            self._make_anew(list(rest.differing), 0)
        if shut := new_shut_off(broken, told):
            record.recorder.append(Batch(noted(shut, record.bedside.now())))
        for text in (*texts, *(one.text for one in broken)):
            tell(text)

    def _take_up(self, infusion_id: str, broken: list[Unreadable], texts: list[Text]) -> None:
        """The table of infusions said that it was over, and its last event lies far back."""
        bedside = self._record.bedside
        try:
            state = bedside.read(infusion_id, self._record.store.entries(infusion_id))
        except UNREADABLE as error:
            broken.append(unreadable(infusion_id, error))
            return
        if state.known_protocol is None:
            texts.append(no_file(state.order))
        else:
            self._adopt(state)
            bedside.news.changed(infusion_id)
            self._was_alone(state)

    def _was_alone(self, state: Infusion) -> None:
        """Whatever happened last, nobody has watched it since."""
        bedside, since = self._record.bedside, state.last_at or state.ordered_at
        if bedside.now() - since > timedelta(seconds=ASLEEP_S):
            changed = partial(bedside.news.changed, state.infusion_id)
            bedside.line(state.infusion_id).happened(WatchLost(since, "stopped"), None, lambda _outcome: changed())

    def _make_anew(self, left: list[str], made: int) -> None:
        """The rows of one infusion after another; then what is written of it."""
        record = self._record
        if not self._is_open:
            return
        if not left:
            record.recorder.append(Batch(noted([RowsRebuilt(made, FORM)], record.bedside.now())))
            return
        infusion_id = left.pop()
        with suppress(Refused, *UNREADABLE, StoreError):
            if self._is_idle(infusion_id):
                state = record.bedside.read(infusion_id, record.store.entries(infusion_id))
                record.recorder.append(Batch((), (projection(state),)))
            made += 1
        record.post(lambda: self._make_anew(left, made))

    def _is_idle(self, infusion_id: str) -> bool:
        """What is on its way brings its rows with it, and those of the events before it would come after them."""
        line = self._record.bedside.at_hand.lines.get(infusion_id)
        return line is None or line.is_idle

    def close(self) -> None:
        self._is_open = False
