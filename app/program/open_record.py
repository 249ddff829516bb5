"""Opens a store and builds what works on it, under a window or a rehearsal; closed in reverse order."""

import platform
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.infusion.state import Infusion, no_file
from app.domain.infusion.story import UNREADABLE, unreadable
from app.domain.log import Entry
from app.domain.products.parcel import Laptop
from app.domain.recordtime import Moment
from app.domain.texts import Text
from app.jobs.account_store import AccountStore
from app.jobs.findings import look
from app.jobs.record_clock import WatchMarks, last_moment, mark_is_doubted, resumption, stamp, take_up
from app.jobs.rescuing import Rescue, StoreHealth
from app.jobs.status_writer import StatusWriter
from app.program.bed_monitors import PortReaders
from app.program.old_curves import OldCurves
from app.program.rest_of_record import BeforeThisRun, RestOfRecord
from app.services import clock as clocks
from app.services.access.kept_secrets import Hashes
from app.services.access.patient_names import PatientNames
from app.services.access.people import People
from app.services.access.seals import Own
from app.services.access.store_key import StoreFile
from app.services.codes.release_exchange import Exchange
from app.services.protocol_files import ProtocolFiles, Trial, load_rules
from app.services.reading_room import ReadingRoom
from app.services.safety.acute_checks import AcuteChecks
from app.services.site_rules import SiteRules
from app.services.store_settings import StoreSettings
from app.services.trial.enrolment import Enrolment
from app.services.trial.trial_desk import ReadAhead, TrialDesk
from app.services.ward.ports import Post
from app.services.ward.sealing import unsealed, whole_minutes
from app.services.ward.ward import Bedside
from db.log.batch import Batch
from db.log.standing import AtHandOnly, Standing
from db.queries import SampleTuple, StoreReader
from db.recorder import Recorder
from db.store_errors import StoreError
from devices.byte_ring import ByteRing

#: Releases whose codes can still be shown after a restart.
_SENT_SHOWN = 20
#: A record of no more infusions is read as a whole at opening.
FEW = 100
#: What the end of the log tells of is looked at, whatever the table of infusions says of it: some days of four beds.
NEWEST_EVENTS = 2000
#: No protocol watches for acute reactions longer (`protocol_check`).
_LONGEST = timedelta(days=7)
_MINUTE_MS = 60_000
#: No clock of the infusion runs yet: over however long a night nobody is asked what time it is.
_AT_THE_BENCH = (Phase.ORDERED, Phase.RELEASED)


class Opening(NamedTuple):
    """What was found at opening: what a person must be told, and what the log tells of its infusions. `at_hand`: what it tells
    at once; `known`: of all, None where they are not read yet.
    """

    notices: tuple[Text, ...]
    before: BeforeThisRun
    at_hand: frozenset[str]
    known: Sequence[Standing] | None


class OpenRecord:
    """One open store: its writer and reader, the beds, the rules, the people, the ports. Made by `open_record`.

    `notices`: what a person must be told of it.
    """

    def __init__(
        self,
        file: StoreFile,
        recorder: Recorder,
        store: StoreReader,
        bedside: Bedside,
        site: SiteRules,
        clock: clocks.ScaledClock | clocks.SteppedClock,
        post: Post,
        health: StoreHealth,
        found: Opening,
    ) -> None:
        self.file, self.recorder, self.store = file, recorder, store
        self.bedside, self.site, self.clock, self.post = bedside, site, clock, post
        self.notices, self.before = found.notices, found.before
        site.changed = self._rules_changed
        self.executor = ThreadPoolExecutor(2, thread_name_prefix="work")
        self.old_curves = OldCurves(file, self.executor, post, bedside.now)
        bedside.at_hand.came_back = self.old_curves.refill
        self.settings = StoreSettings(store, recorder)
        self.accounts = AccountStore(file.path, recorder, file.key)
        hashes = {person_id: Hashes(*kept) for person_id, kept in store.kept_secrets().items()}
        self.people = People(store.account_entries(), hashes, self.accounts, self.executor, post, bedside.now)
        recorder.sign_with = self.people.keys.sign_with
        self.patient_names = PatientNames(self.settings, file.key is not None, self.people.happened)
        self._laptop_key = self._key_of_the_laptop()
        self.exchange = Exchange(bedside, self.people, self._own_laptop, store)
        self.acute_checks = AcuteChecks(store, recorder, post, bedside, found.known)
        self._marks = WatchMarks(self.settings, bedside.now)
        self._status = None if file.key is None else StatusWriter(file.path, bedside, self.executor)
        health.tell = lambda: post(bedside.news.wake)
        self.rescue = Rescue(file.path, recorder, store, lambda: bedside.infusions, health, post)
        self.reads = ReadingRoom(lambda: self.rescue.path, file.key, post)
        self.rest = RestOfRecord(self, found.at_hand, lambda state: _adopt(bedside, store, state, is_open=True))
        bedside.orders.enrolment = Enrolment(self.trial_desk, bedside.practice)
        self.ports = PortReaders(bedside, ByteRing(self.raw_folder, clocks.moment, file.key), clock, post)

    @property
    def raw_folder(self) -> Path:
        """Where the monitors' raw bytes lie."""
        return self.file.path.parent / "raw"

    @cached_property
    def _trial_desk(self) -> TrialDesk | None:
        trial = self.bedside.trial
        try:
            rules = load_rules(trial.protocol)
        except Refused:
            return None
        return TrialDesk(self.store, self.recorder, self.post, self.bedside.now, trial, rules, files=self.bedside.files)

    def trial_desk(self) -> TrialDesk | None:
        """Made when it is first asked for; None where the protocol has no settings for one."""
        return self._trial_desk

    def read_ahead(self) -> None:
        """What the trial's desk begins with is read before somebody waits for it; where it cannot be, the desk says so itself."""
        desk = self._trial_desk

        def begin(answer: Callable[[], ReadAhead]) -> None:
            with suppress(Refused, StoreError):
                if desk is not None:
                    desk.begin_with(answer())

        if desk is not None and desk.is_unread:
            read = desk.reading_ahead()
            self.reads.ask(lambda store: read(store, ProtocolFiles(store.protocol_file)), begin)

    def _rules_changed(self, trial: Trial) -> None:
        self.bedside.trial = trial
        self.bedside.files.know(trial)
        desk = self._trial_desk
        with suppress(Refused):
            if desk is not None:
                desk.follow(trial, load_rules(trial.protocol))

    def _own_laptop(self) -> Own:
        """This record's own name and signing key, which is saved before anything is signed with it."""
        if self.settings.signing_key() is None:
            self.settings.put_signing_key(self._laptop_key).result()
        return Own(Laptop(self.store.info().store_id, platform.node()), self._laptop_key, self.bedside.practice)

    def _key_of_the_laptop(self) -> bytes:
        """Made when a record is first opened, so that its backups and records can be signed by whoever reads it."""
        key = self.settings.signing_key()
        if key is None:
            key = secrets.token_bytes(32)
            self.settings.put_signing_key(key)
        return key

    def tick(self) -> None:
        """The ward is looked at, on the deciding thread."""
        self.look()
        self.leave_mark()

    def look(self) -> None:
        self.bedside.tick()
        self.accounts.look()
        if self._status is not None:
            self._status.look(clocks.steady_s())

    def leave_mark(self) -> None:
        """After all that belongs to a look: while this thread works the writer's would wait for it over and over."""
        self._marks.look(clocks.steady_s())

    def close(self) -> None:
        self.ports.close()
        self._seal_rest()
        if self._status is not None:
            self._status.close()
        self._marks.close()
        self.rest.close()
        self.reads.close()
        self.store.close()
        self.recorder.close()
        self.executor.shutdown()

    def _seal_rest(self) -> None:
        """Samples of the last minutes are bound into the chain; where that cannot be saved, the next start does it."""
        with suppress(StoreError):
            self.recorder.flush().result()
            ids = [state.infusion_id for state in self.bedside.infusions]
            now, store = self.bedside.now(), self.store
            known = {i: store.entries(i) for i in ids}
            entries = [seal for i in ids for seal in unsealed(i, known[i], _not_sealed(store, i, known[i]), now)]
            if entries:
                self.recorder.append(Batch(tuple(entries))).result()


def open_record(
    path: Path,
    trial: Trial,
    clock: clocks.ScaledClock | clocks.SteppedClock,
    post: Post,
    *,
    practice: bool,
    start: datetime | None = None,
    key: bytes | None = None,
    moment: Callable[[], Moment] = clocks.moment,
    rest_later: bool = False,
) -> OpenRecord:
    """Open a store and take up what is open in it. Raises the store's own errors, which carry a text.

    `key`: that of an encrypted store; a new one is made encrypted with it. `moment`: by which sleep and a changed clock
    are noticed. `rest_later`: of many infusions no more than those at hand are read; the caller asks for the `rest` itself.
    """
    health = StoreHealth()
    recorder = Recorder(path, stamp, practice=practice, key=key, watcher=health)
    store = StoreReader(path, key)
    last, doubted = last_moment(store), mark_is_doubted(store)
    wanted = AtHandOnly((last.at if last else clocks.wall_utc()) - _LONGEST, _SENT_SHOWN, FEW, NEWEST_EVENTS)
    at_hand = store.standing_at_hand(wanted) if rest_later else None
    all_known = store.standing() if at_hand is None else None
    before, known = BeforeThisRun(store, all_known), all_known or at_hand or []
    still_open = [row.infusion_id for row in known if row.phase not in CLOSED]
    on_the_ward = any(row.phase not in (*CLOSED, *_AT_THE_BENCH) for row in known)
    resumed = resumption(last, bool(still_open), trial.protocol.ward if on_the_ward else None)
    record_clock = clocks.RecordClock(clock, resumed.at if resumed else start)
    files = ProtocolFiles(store.protocol_file)
    files.know(trial)
    site = SiteRules(store, recorder, files, trial, record_clock.now, post, practice)
    bedside = Bedside(recorder, record_clock, site.trial, post, moment, practice, before, files, store)
    sent = [row.infusion_id for row in known if row.phase == Phase.SENT][-_SENT_SHOWN:]
    signed = [row.infusion_id for row in known if row.phase in CLOSED and row.ended_at and row.ended_at >= bedside.now() - _LONGEST]
    unread = [] if site.trial.missing is None else [site.trial.missing]
    broken = [unreadable(stream) for stream in store.streams() if stream not in before.infusion_ids] if at_hand is None else []
    for infusion_id in (*still_open, *sent, *signed):
        try:
            state = bedside.read(infusion_id, store.entries(infusion_id))
        except UNREADABLE as error:
            broken.append(unreadable(infusion_id, error))
            continue
        if state.known_protocol is None:
            unread.append(no_file(state.order))
        elif infusion_id not in signed or _is_watched(state, bedside.now()):
            _adopt(bedside, store, state, infusion_id in still_open)
    take_up(bedside, last, resumed)
    notices = (*look(store, recorder, bedside.read, bedside.now(), all_known, broken, doubted), *unread)
    found = Opening(notices, before, frozenset(row.infusion_id for row in known), all_known)
    return OpenRecord(StoreFile(path, key), recorder, store, bedside, site, clock, post, health, found)


def _adopt(bedside: Bedside, store: StoreReader, state: Infusion, is_open: bool) -> None:
    """Take an infusion up, with its curves; of an open one what is not bound into the chain yet is bound now."""
    entries = state.log
    bedside.adopt(state.infusion_id, entries)
    bedside.watched(state.infusion_id).restore(store.curves(state.infusion_id))
    if is_open:
        bedside.seals.take_over(bedside.infusion(state.infusion_id), _not_sealed(store, state.infusion_id, entries))


def _not_sealed(store: StoreReader, infusion_id: str, entries: Sequence[Entry]) -> list[SampleTuple]:
    """All samples from the first to the last minute that has no seal of its own."""
    whole = whole_minutes(entries)
    minutes = [minute for minute in store.sampled_minutes(infusion_id) if minute not in whole]
    return store.samples(infusion_id, minutes[0], minutes[-1] + _MINUTE_MS) if minutes else []


def _is_watched(state: Infusion, now: datetime) -> bool:
    """Whether a reaction now would still count as one to this infusion."""
    return state.ended_at is not None and now <= state.ended_at + timedelta(hours=state.protocol.clocks.acute_reactions_h)
