"""Builds what runs under a window or a rehearsal, connects it, and closes it in reverse order."""

import platform
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.phases import CLOSED, Phase
from app.domain.products.parcel import Laptop
from app.domain.recordtime import Moment, Resumption, resume
from app.domain.texts import say
from app.jobs.account_ways import KeptAccounts
from app.jobs.status import KeptStatus
from app.services import clock as clocks
from app.services.access.people import Hashes, People
from app.services.access.seals import Own
from app.services.codes.exchange import Exchange
from app.services.ward.dispensing import Holder
from app.services.ward.ports import Post
from app.services.ward.ward import ASLEEP_S, Bedside, Trial
from db.batch import Stamp
from db.queries import Reader as StoreReader
from db.recorder import Recorder
from devices.byte_ring import ByteRing
from devices.link import LinkStatus
from devices.models import MODELS
from devices.protocols.scanner.row import scanner
from devices.reader import PortReader

_WATCH = "watch"
_PATIENT = "patient name: "
_SIGNING_KEY = "signing key"
_WATCH_EVERY_S = 10.0
#: Releases whose codes can still be shown after a restart.
_SENT_SHOWN = 20


@cache
def _program() -> tuple[str, str]:
    """This laptop's name and the program's version: neither changes while it runs."""
    return platform.node(), version("bedside")


def stamp() -> Stamp:
    """The laptop's clocks and name, for each saved batch."""
    now = clocks.moment()
    return Stamp(now.wall, clocks.utc_offset_min(), now.steady_s, now.boot_id, *_program())


class Parts:
    """Store, bedside, people and monitors of one open store. Made by `open_parts`."""

    def __init__(
        self,
        path: Path,
        recorder: Recorder,
        store: StoreReader,
        bedside: Bedside,
        clock: clocks.ScaledClock | clocks.SteppedClock,
        post: Post,
        executor: ThreadPoolExecutor,
        key: bytes | None = None,
    ) -> None:
        self.path, self.recorder, self.store, self.key = path, recorder, store, key
        self.bedside, self.clock, self.post, self.executor = bedside, clock, post, executor
        self._accounts = KeptAccounts(path, recorder, key)
        hashes = {p.person.person_id: Hashes(p.password_hash, p.pin_hash) for p in store.people()}
        self.people = People(store.account_entries(), hashes, self._accounts, executor, post, bedside.now)
        self.readers: dict[str, PortReader] = {}
        self.ring = ByteRing(path.parent / "raw", clocks.moment, key)
        self.status = None if key is None else KeptStatus(path, bedside, executor)
        self._watch_s = clocks.steady_s()

    def listen(self, url: str, protocol: str, simulated: bool) -> None:
        """Read a monitor from now on. Calls arrive on the deciding thread."""
        if url in self.readers:
            return
        bedside, post = self.bedside, self.post
        reader = PortReader(
            MODELS[protocol],
            url,
            simulated=simulated,
            now=bedside.now,
            on_readings=lambda readings: post(lambda: bedside.take_readings(readings)),
            on_link=lambda status: post(lambda: bedside.take_link(status)),
            speed=lambda: self.clock.speed,
            on_bytes=lambda data: self.ring.take(url, protocol, data),
        )
        self.readers[url] = reader
        reader.start()

    def scan_with(self, url: str, on_scan: Callable[[str], None]) -> None:
        """Take codes from a scanner from now on, on the deciding thread. What it read is not kept as raw bytes."""
        if url in self.readers:
            return
        bedside, post = self.bedside, self.post
        reader = PortReader(
            scanner(lambda code: post(lambda: on_scan(code))),
            url,
            simulated=False,
            now=bedside.now,
            on_readings=lambda _readings: None,
            on_link=lambda status: post(lambda: bedside.take_link(status)),
        )
        self.readers[url] = reader
        reader.start()

    def unlisten(self, url: str) -> None:
        reader = self.readers.pop(url, None)
        if reader is not None:
            reader.stop()
            self.bedside.forget_link(url)

    def links(self) -> list[LinkStatus]:
        """The newest status of every port that is read."""
        return [status for status in self.bedside.links if status.port in self.readers]

    def tick(self) -> None:
        """Several times a second, on the deciding thread."""
        self.bedside.tick()
        self._accounts.look()
        steady_s = clocks.steady_s()
        if self.status is not None:
            self.status.look(steady_s)
        if steady_s - self._watch_s >= _WATCH_EVERY_S:
            self._watch_s = steady_s
            self.recorder.put_setting(_WATCH, _watch(self.bedside.now()))

    @cached_property
    def exchange(self) -> Exchange:
        """With other laptops, under this record's own name and signing key."""
        key: str | None = self.store.setting(_SIGNING_KEY)
        if key is None:
            key = secrets.token_hex(32)
            self.recorder.put_setting(_SIGNING_KEY, key).result()
        own = Own(Laptop(self.store.info().store_id, platform.node()), bytes.fromhex(key), self.bedside.practice)
        return Exchange(self.bedside, self.people, own)

    def keep_recovery(self, secret: bytes) -> None:
        """Another recovery key in place of the old one. Raises `Refused`."""
        self._accounts.wrap_recovery(secret)

    def name_patient(self, subject: str, name: str) -> None:
        """Keep a name, in an encrypted store only (docs/adr/0003); "" erases it. Raises `Refused`."""
        if self.key is None:
            raise Refused(say("A patient's name is kept in an encrypted record only. Nothing was saved."))
        self.recorder.put_setting(_PATIENT + subject, name).result()

    def patient_name(self, subject: str) -> str | None:
        """The name behind a subject code, if one was given."""
        name: str | None = self.store.setting(_PATIENT + subject)
        return name

    def close(self) -> None:
        for url in list(self.readers):
            self.unlisten(url)
        self.ring.close()
        if self.status is not None:
            self.status.close()
        self.recorder.put_setting(_WATCH, _watch(self.bedside.now()))
        self.store.close()
        self.recorder.close()
        self.executor.shutdown()


def _watch(at: datetime) -> dict[str, object]:
    return {"at": at.isoformat(), **msgspec.to_builtins(clocks.moment())}


def open_parts(
    path: Path,
    trial: Trial,
    clock: clocks.ScaledClock | clocks.SteppedClock,
    post: Post,
    *,
    practice: bool,
    start: datetime | None = None,
    key: bytes | None = None,
) -> Parts:
    """Open a store and take up what is open in it. Raises the store's own errors, which carry a text.

    `key`: that of an encrypted store; a new one is made encrypted with it.
    """
    recorder = Recorder(path, stamp, practice=practice, key=key)
    store = StoreReader(path, key)
    known, last = store.standing(), _last_moment(store)
    still_open = [row.infusion_id for row in known if row.phase not in CLOSED]
    resumed = _resumption(last, bool(still_open))
    record_clock = clocks.RecordClock(clock, resumed.at if resumed else start)
    bedside = Bedside(recorder, record_clock, trial, post, clocks.moment, practice)
    bedside.past_weights = {row.subject: row.weight_kg for row in known if row.phase in CLOSED and row.weight_kg}
    bedside.past_ids = {row.infusion_id for row in known}
    bedside.past_bags = cache(lambda: [Holder(b.bag_id, b.infusion_id, b.subject, b.bed, b.taken_at) for b in store.bags()])
    sent = [row.infusion_id for row in known if row.phase == Phase.SENT][-_SENT_SHOWN:]
    watched_from = bedside.now() - timedelta(hours=trial.protocol.clocks.acute_reactions_h)
    signed = [row.infusion_id for row in known if row.phase in CLOSED and row.ended_at and row.ended_at >= watched_from]
    for infusion_id in (*still_open, *sent, *signed):
        bedside.adopt(infusion_id, store.entries(infusion_id))
        bedside.watched(infusion_id).restore(store.samples(infusion_id))
    _take_up(bedside, last, resumed)
    executor = ThreadPoolExecutor(2, thread_name_prefix="work")
    return Parts(path, recorder, store, bedside, clock, post, executor, key)


def _last_moment(store: StoreReader) -> tuple[datetime, Moment] | None:
    """Record time and the laptop's clocks when the store was last written to."""
    last = store.last_watched()
    if last is None:
        return None
    at, moment = last.at, Moment(last.stamp.wall_utc, float(last.stamp.steady_s), last.stamp.boot_id)
    watch = store.setting(_WATCH)
    if watch and datetime.fromisoformat(watch["at"]) > at:
        fields = {k: watch[k] for k in ("wall", "steady_s", "boot_id")}
        at, moment = datetime.fromisoformat(watch["at"]), msgspec.convert(fields, Moment)
    return at, moment


def record_now(store: StoreReader) -> datetime:
    """The record time at which a command writes into a store that is closed."""
    resumed = _resumption(_last_moment(store), has_open=False)
    return resumed.at if resumed else clocks.wall_utc()


def _resumption(last: tuple[datetime, Moment] | None, has_open: bool) -> Resumption | None:
    if last is None:
        return None
    at, moment = last
    resumed = resume(at, moment, clocks.moment())
    if not resumed.known and not has_open:
        return Resumption(max(at, clocks.wall_utc()), True)
    return resumed


def _take_up(bedside: Bedside, last: tuple[datetime, Moment] | None, resumed: Resumption | None) -> None:
    if last is None or resumed is None or not bedside.infusions:
        return
    at, moment = last
    rebooted = moment.boot_id != clocks.boot_id()
    cause: Literal["stopped", "power"] = "power" if rebooted else "stopped"
    if not resumed.known or (resumed.at - at).total_seconds() > ASLEEP_S:
        bedside.resumed(at, cause, resumed.known)
