"""What a record of many infusions holds beside those at hand: read once the window stands, on the reading room's thread.

Until then no more is believed than what was read at opening: the infusions that are open, by their own events. What somebody
asks of older ones before that is read when it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from app.domain.infusion.found.dose_order import DoseBefore, local_day
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.state import Infusion, no_file
from app.domain.infusion.story import UNREADABLE, Unreadable, unreadable
from app.domain.infusion.summary import FORM
from app.domain.log import UnknownKind
from app.domain.people.proofs import RowsRebuilt
from app.domain.texts import Text
from app.jobs.findings import ROWS
from app.jobs.rows_rebuilding import differing, new_shut_off, noted, shut_off
from app.services.safety.acute_checks import answered
from app.services.ward.dispensing import Holder
from db.log.batch import Batch, projection
from db.log.standing import Standing
from db.queries import StoreReader
from db.store_errors import StoreError

if TYPE_CHECKING:
    from app.program.open_record import OpenRecord


class BeforeThisRun:
    """What was given before, and by whom each bag is held. `known`: all infusions, or those `at_hand` alone."""

    def __init__(self, store: StoreReader, at_hand: Sequence[Standing] | None) -> None:
        self._store = store
        self._at_hand = store.standing() if at_hand is None else at_hand
        self._all: Sequence[Standing] | None = self._at_hand if at_hand is None else None
        self._weights_kg: Mapping[str, Decimal] = {}
        self._doses: Mapping[str, Sequence[DoseBefore]] = {}
        self._ids: frozenset[str] = frozenset()
        if self._all is not None:
            self.take(self._all)

    @property
    def known(self) -> Sequence[Standing]:
        """What is known so far, the oldest first."""
        return self._at_hand if self._all is None else self._all

    @property
    def all_known(self) -> Sequence[Standing] | None:
        """None while those at hand alone are known."""
        return self._all

    @property
    def is_whole(self) -> bool:
        return self._all is not None

    def take(self, known: Sequence[Standing]) -> None:
        """All of them."""
        self._all = known
        self._weights_kg = {row.subject: row.weight_kg for row in known if row.phase in CLOSED and row.weight_kg}
        self._doses = _doses(known)
        self._ids = frozenset(row.infusion_id for row in known)

    def _read(self) -> None:
        if self._all is None:
            self.take(self._store.standing())

    @property
    def weights_kg(self) -> Mapping[str, Decimal]:
        self._read()
        return self._weights_kg

    @property
    def doses(self) -> Mapping[str, Sequence[DoseBefore]]:
        self._read()
        return self._doses

    @property
    def infusion_ids(self) -> frozenset[str]:
        self._read()
        return self._ids

    def who_took(self, bag_id: str) -> Sequence[Holder]:
        return [Holder(b.bag_id, b.infusion_id, b.subject, b.bed, b.taken_at) for b in self._store.who_took(bag_id)]


def _doses(known: Sequence[Standing]) -> dict[str, list[DoseBefore]]:
    """Those that were given, of infusions that are closed, by subject."""
    doses: dict[str, list[DoseBefore]] = {}
    for row in known:
        if row.phase in CLOSED and row.phase != Phase.ABANDONED:
            on = None if row.started_at is None else local_day(row.started_at)
            doses.setdefault(row.subject, []).append(DoseBefore(row.grp, row.dose_number, on))
    return doses


class Rest(NamedTuple):
    """Of one moment. `known`: every infusion as its events tell it; `headless`: those that do not begin with an order;
    `strange`: what is said of events of a kind that is not known here; `answered`: whose 24-h check has an answer; `differing`:
    of whom the table of infusions says something else.
    """

    known: Sequence[Standing]
    headless: Sequence[str]
    strange: Text | None
    answered: frozenset[str]
    differing: Sequence[str]


def read_rest(store: StoreReader) -> Rest:
    """Raises `StoreError`."""
    with store.one_moment():
        known = store.standing()
        ids, strange = {row.infusion_id for row in known}, None
        try:
            headless = [stream for stream in store.streams() if stream not in ids]
        except UnknownKind as unknown:
            headless, strange = [], unknown.text
        left_out = shut_off(store.account_entries()).union(headless)
        return Rest(known, headless, strange, answered(store), differing(store, known, left_out))


class RestOfRecord:
    """On the deciding thread. `adopt`: takes up an open infusion that the opening did not find."""

    def __init__(self, record: "OpenRecord", adopt: Callable[[Infusion], None]) -> None:
        self._record, self._adopt = record, adopt
        self._is_read, self._is_open = record.before.is_whole, True
        self._tried = {row.infusion_id for row in record.before.known}

    def read(self, tell: Callable[[Text], object], done: Callable[[], object]) -> None:
        """Once; `tell`: what a person must be told."""
        if not self._is_read:
            self._is_read = True
            self._record.reads.ask(read_rest, lambda answer: self._came(answer, tell, done))

    def _came(self, answer: Callable[[], Rest], tell: Callable[[Text], object], done: Callable[[], object]) -> None:
        record = self._record
        try:
            rest = answer()
            told = record.store.account_entries()
        except StoreError as error:
            tell(error.text)
            return
        record.before.take(rest.known)
        record.acute_checks.take(rest.known, rest.answered)
        broken = [unreadable(stream) for stream in rest.headless]
        texts = [] if rest.strange is None else [rest.strange]
        for row in rest.known:
            if row.phase not in CLOSED and row.infusion_id not in self._tried and not record.bedside.knows(row.infusion_id):
                self._take_up(row.infusion_id, broken, texts)
        for text in (*texts, *(one.text for one in broken)):
            tell(text)
        if shut := new_shut_off(broken, told):
            record.recorder.append(Batch(noted(shut, record.bedside.now())))
        if rest.differing:
            tell(ROWS)
            self._make_anew(list(rest.differing), 0)
        done()

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

    def _make_anew(self, left: list[str], made: int) -> None:
        """The rows of one infusion after another; then what is written of it."""
        record = self._record
        if not self._is_open:
            return
        if not left:
            record.recorder.append(Batch(noted([RowsRebuilt(made, FORM)], record.bedside.now())))
            return
        infusion_id = left.pop()
        with suppress(*UNREADABLE, StoreError):
            state = record.bedside.read(infusion_id, record.store.entries(infusion_id))
            record.recorder.append(Batch((), (projection(state),)))
            made += 1
        record.post(lambda: self._make_anew(left, made))

    def close(self) -> None:
        self._is_open = False
