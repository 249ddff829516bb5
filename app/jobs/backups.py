"""Backups of the running record into a chosen folder: by hand, after each signed infusion, and daily; and the restore drill."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app import VERSION
from app.domain.errors import Refused
from app.domain.infusion.phases import Phase
from app.domain.people.accounts import BackedUp, Happened
from app.domain.people.roles import Person
from app.domain.texts import Text, say
from app.services import clock
from app.services.access.store_key import StoreFile
from app.services.store_settings import BackupPlan, StoreSettings
from app.services.ward.ports import Post, Tell
from app.services.ward.ward import Bedside
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from db.store_errors import StoreError

if TYPE_CHECKING:
    from db.copies.store_backup import Manifest
    from db.examine import GoOn

    from .witnessing import BackUp

EVERY = timedelta(days=1)
RETRY_S = 3600.0
_LOOK_EVERY_S = 10.0
#: Drills are among them.
_A_FEW = 5
_SAFE = say("Everything recorded is safe.")


class LastBackup(NamedTuple):
    """When, and how many events it holds."""

    at: datetime
    events: int


class BackupState(msgspec.Struct, frozen=True):
    """How things stand. `share`: of the work that runs, 0 to 1; None while none does."""

    plan: BackupPlan
    last: LastBackup | None
    share: float | None
    drilling: bool

    @property
    def last_at(self) -> datetime | None:
        return None if self.last is None else self.last.at


class Backups:
    """On the deciding thread; the work itself runs on `executor`. `happened` writes into the log of the record as a whole."""

    def __init__(
        self,
        file: StoreFile,
        store: StoreReader,
        settings: StoreSettings,
        bedside: Bedside,
        happened: Callable[[Happened, Person | None], None],
        executor: Executor,
        post: Post,
        tell: Tell,
    ) -> None:
        self._file, self._store, self._settings, self._bedside = file, store, settings, bedside
        self._happened, self._executor, self._post, self._tell = happened, executor, post, tell
        self.plan = settings.backup_plan()
        self._lookers: list[Callable[[], None]] = []
        self._made: LastBackup | None = None
        self._share: float | None = None
        self._told = 0.0
        self._drilling = self._over = False
        self._next_s = 0.0

    def when_changed(self, look: Callable[[], None]) -> None:
        """Call `look` from now on whenever `state` changed."""
        self._lookers.append(look)

    def _changed(self) -> None:
        for look in self._lookers:
            look()

    def state(self) -> BackupState:
        return BackupState(self.plan, self._last(), self._share, self._drilling)

    def _last(self) -> LastBackup | None:
        """Of this run, or of one before, which the log is asked for when somebody wants to know."""
        return self._made or self._before

    @cached_property
    def _before(self) -> LastBackup | None:
        return _last_backup(self._store)

    def choose(self, folder: Path) -> None:
        """Back up into this folder from now on."""
        self.plan = msgspec.structs.replace(self.plan, folder=str(folder))
        self._settings.put_backup_plan(self.plan)
        self._next_s = 0.0
        self._changed()

    def tick(self, steady_s: float) -> None:
        """At each look at the ward. What is due is done; where that fails it is tried again every hour."""
        if steady_s < self._next_s or self._share is not None:
            return
        is_due = self.is_due()
        self._next_s = steady_s + (RETRY_S if is_due else _LOOK_EVERY_S)
        if is_due:
            self.back_up(None)

    def is_due(self) -> bool:
        """A day has gone by, or an infusion was signed, since the last backup."""
        if not self.plan.folder:
            return False
        last, bedside = self._last(), self._bedside
        if last is None or bedside.now() - last.at >= EVERY:
            return True
        signed = (s.reached_at for s in bedside.known() if s.phase is Phase.SIGNED)
        return any(at > last.at for at in signed)

    def back_up(self, by: Person | None) -> None:
        """Copy and prove. `by` None: the program itself, which then speaks only if it fails."""
        file, made_at = self._file, clock.wall_utc()

        def copied(to: Path) -> "BackUp":
            from .witnessing import backed_up

            return backed_up(file.path, file.key, to, made_at, VERSION, self._progress)

        self._begin(by, False, copied)

    def drill(self, by: Person | None) -> None:
        """Put the newest backup back in a place of its own, examine it there, and remove it."""
        file = self._file

        def tried(folder: Path) -> "BackUp":
            from .witnessing import BackUp

            return BackUp(folder, drilled(file.path, folder, file.key, self._goes_on))

        self._begin(by, True, tried)

    def close(self) -> None:
        """Work that runs is given up within a moment, also the proving: no manifest, no backup. It is due again next time."""
        self._over = True

    def _begin(self, by: Person | None, drill: bool, work: "Callable[[Path], BackUp]") -> None:
        folder = Path(self.plan.folder)
        if self._share is not None:
            return
        if not self.plan.folder:
            self._tell(say("Choose a folder for backups first."))
            return
        if not folder.is_dir():
            self._tell(say("No backup: {folder} is not there.", folder=str(folder)), _SAFE,
                       say("Plug in the stick. It is tried again every hour."))  # fmt: skip
            return
        self._share, self._told, self._drilling = 0.0, 0.0, drill
        self._changed()
        self._executor.submit(self._work, by, work, folder)

    def _work(self, by: Person | None, work: "Callable[[Path], BackUp]", folder: Path) -> None:
        """On a thread of the executor."""
        made: BackUp | Text = say("The backup could not be made or read.")
        try:
            made = work(folder)
        except (Refused, StoreError) as error:
            made = error.text
        except OSError as error:
            made = say("The folder cannot be used: {why}.", why=error.strerror or str(error))
        finally:
            self._post(lambda: self._done(made, by, folder))

    def _goes_on(self) -> bool:
        return not self._over

    def _progress(self, share: float) -> bool:
        """On the thread that works. Told once a hundredth: each time it is, the window wakes up."""
        if self._told != round(share, 2):
            self._told = round(share, 2)
            self._post(lambda: self._shared(share))
        return self._goes_on()

    def _shared(self, share: float) -> None:
        if self._share not in {None, share}:
            self._share = share
            self._changed()

    def _done(self, made: "BackUp | Text", by: Person | None, folder: Path) -> None:
        self._share = None
        if self._over:
            return
        if isinstance(made, Text):
            self._tell(made, _SAFE)
        else:
            self._written(made, by, folder)
        self._changed()

    def _written(self, found: "BackUp", by: Person | None, folder: Path) -> None:
        made = found.manifest
        self._happened(BackedUp(str(folder), made.events, made.head.hash, self._drilling), by)
        if self._drilling:
            self._tell(say("The restore drill passed: the backup of {at} holds {events} events and is whole.",
                           at=f"{made.made_at.astimezone():%Y-%m-%d %H:%M}", events=made.events))  # fmt: skip
            return
        self._made, self._next_s = LastBackup(self._bedside.now(), made.events), 0.0
        if found.differences:
            self._tell(say("The backup holds all events. Beside them something is not as it should be: {what}",
                           what=found.differences[0]), _SAFE, say("Have the record examined: bedside verify."))  # fmt: skip
        if by is not None:
            self._tell(say("Backed up to {folder}: {events} events", folder=str(folder), events=made.events))


def drilled(store: Path, folder: Path, key: bytes | None = None, go_on: "GoOn" = lambda: True) -> "Manifest":
    """What the newest backup holds that was restored for a moment and found whole. Raises `Refused`, `StoreError`, `OSError`."""
    from db.copies.store_backup import restore
    from db.examine import examine

    with StoreReader(store, key) as reader, TemporaryDirectory(prefix="bedside-drill-", dir=store.parent) as scratch:
        to = Path(scratch) / "bedside.db"
        manifest = restore(_newest(folder, reader.info().store_id), to, key, go_on)
        found = examine(to, anchor=manifest.head.hash, key=key, go_on=go_on)
        if found.faults:
            raise Refused(found.faults[0])
        if (found.events, found.head) != (manifest.events, manifest.head):
            raise Refused(say("The restored record does not hold what the backup's manifest says."))
        if manifest.head.seq and reader.hash_at(manifest.head.seq) != manifest.head.hash:
            raise Refused(say("The backup is whole, but it does not fit this record. Have the record examined."))
    return manifest


def _newest(folder: Path, store_id: str) -> Path:
    from db.copies.store_backup import MANIFEST, read_manifest

    made = {place: read_manifest(place) for place in folder.glob("bedside-*") if (place / MANIFEST).is_file()}
    own = [place for place, manifest in made.items() if manifest.store_id == store_id]
    if not own:
        raise Refused(say("{folder} holds no backup of this record.", folder=str(folder)))
    return max(own, key=lambda place: (made[place].made_at, place.name))


def _last_backup(store: StoreReader) -> LastBackup | None:
    """The newest that is no drill."""
    before: int | None = None
    while found := store.trail(TrailFilter(kinds=(BackedUp.__name__,)), before, _A_FEW):
        for x in found:
            event = x.entry.event
            if isinstance(event, BackedUp) and not event.drill:
                return LastBackup(x.entry.at, event.events)
        before = found[-1].seq
    return None
