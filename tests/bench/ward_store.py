"""A used ward's record, as the program would have written it: founded, everybody with a key of their own, infusion after infusion.

A few infusions are played by the rules (`played.py`). All others are these again: other names and times, samples sealed anew,
signatures given anew; written by the program's own recorder, which chains each event and signs it with the person's own key.
Only the samples, which nothing is computed of on their way, are copied inside the database, an infusion at a time.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from app.domain.infusion.state import Infusion
from app.domain.log import Entry, Event, Stream, stream_text
from app.domain.people.roles import Person, Role
from app.domain.people.signatures import signed
from app.domain.safety.acute_check import AnswerAcute, acute_watch, answer_acute
from app.domain.trial.subject.subject_facts import SubjectEnrolled
from app.jobs.first_record import FirstAdministrator, make_first_record
from app.jobs.record_clock import stamp
from app.program.open_record import open_record
from app.services.access import recovery_key
from app.services.access.held_keys import HeldKeys
from app.services.access.keyfile import Stretching
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from db.engine import PAGE_SIZE, driver
from db.log.batch import Batch, Projection, SampleRow, Stamp
from db.log.canonical import utc_from_ms
from db.queries import StoreReader
from db.recorder import Recorder
from tests.domain.cast import CHEN, LI, WANG, ZHAO, clock

from .keys import KEY, PASSWORD, RECOVERY, key_beside
from .played import DOSES, Name, Played, again, ordered_infusion, running_infusion, signed_infusion

ADMIN = Person("A-01", "Zhou", Role.ADMINISTRATOR)
PEOPLE = (LI, WANG, CHEN, ZHAO)
_FIRST, _PIN = "horse battery staple", "482915"
_QUICK = Stretching(1, 8, 1)
RUNNING, TODAY, BED = "running", "today", "12"

#: An infusion begins so long after the one before; 18 of them make a week, in which each subject has a dose.
_APART = timedelta(minutes=560)
_A_WEEK = 18
_AT_ONCE = 10
#: The first so many are played, by turns; the others are these again.
_WEIGHTS = ("70.0", "58.5")


class Ward(NamedTuple):
    """A store with what opens it."""

    path: Path
    key: bytes


def ward_at(path: Path) -> Ward:
    return Ward(path, key_beside(path))


def make(path: Path, count: int, sampled: int, every_s: int = 1) -> Ward:
    """So many signed infusions with their 24-h checks answered, the last one a day before the tests' day. `sampled`: those of
    the first that have samples all the time, the others have them of one moment; `every_s`: seconds between two samples of a vital
    sign.
    """
    earliest = timedelta(days=1) + _APART * count
    ward, keys = _founded(path, clock("0:00") - earliest)
    bare = [signed_infusion(weight, 3 * 3600) for weight in _WEIGHTS]
    whole = [signed_infusion(weight, every_s) for weight in _WEIGHTS] if sampled else bare
    names = [_name(n, earliest - _APART * n) for n in range(count)]
    written = _Written(ward, keys)
    played = [((whole if n < sampled else bare)[n % len(_WEIGHTS)], name) for n, name in enumerate(names)]
    for n, (one, name) in enumerate(played):
        written.infusion(one, name, n == 0)
    written.close()
    _copy_samples(ward, played)
    return ward


def _name(number: int, earlier: timedelta) -> Name:
    week, place = divmod(number, _A_WEEK)
    subject = f"S-{week // DOSES * _A_WEEK + place:04}"
    return Name(f"inf-{number:05}", subject, str(place % 8 + 1), week % DOSES + 1, earlier)


def _founded(path: Path, at: datetime) -> tuple[Ward, HeldKeys]:
    """Everybody has changed their first password, so that their keys are their own. `at`: record time goes on from there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = make_first_record(path, FirstAdministrator(ADMIN.person_id, ADMIN.name, _FIRST, _FIRST), _QUICK)
    (path.parent / KEY).write_text(first.key.hex())
    (path.parent / RECOVERY).write_text(recovery_key.written(first.secret))
    record = open_record(path, load(), ScaledClock(), SimpleQueue[Any]().put, practice=False, start=at, key=first.key)
    people = record.people
    people.keys.cost = _QUICK
    assert people.take_key(ADMIN.person_id, _FIRST)
    for person in PEOPLE:
        people.add(person.person_id, person.name, person.role, _FIRST, _FIRST, ADMIN)
        assert people.take_key(person.person_id, _FIRST)
        people.set_password(person.person_id, PASSWORD, PASSWORD, person)
        people.set_pin(person, _PIN, _PIN)
    record.close()
    return Ward(path, first.key), people.keys


class _Written:
    """Writes infusions in the order of their times, and each answer of a 24-h check when its time has come."""

    def __init__(self, ward: Ward, keys: HeldKeys) -> None:
        self._now = clock("0:00")
        self._laptop = stamp()
        self._recorder = Recorder(ward.path, self._stamp, key=ward.key)
        self._recorder.sign_with = keys.sign_with
        self._subjects: dict[str, list[Entry]] = {}
        self._owed: deque[tuple[datetime, Name, Infusion]] = deque()
        self._entries: list[Entry] = []
        self._rows: list[Projection] = []

    def _stamp(self) -> Stamp:
        """Of a laptop whose wall clock was right and that was started long ago."""
        steady_s = (self._now - datetime(2000, 1, 1, tzinfo=self._now.tzinfo)).total_seconds()
        return Stamp(self._now, 0, steady_s, "made by the bench", self._laptop.laptop, self._laptop.version)

    def infusion(self, played: Played, name: Name, is_first: bool) -> None:
        entries, rows = again(played, name)
        self._answer(entries[0].at)
        if name.subject not in self._subjects:
            enrolled = SubjectEnrolled(
                group="C", cohort="expansion", on=entries[0].at.date(), elsewhere=True, reason="at the clinic"
            )
            self._of_subject(name.subject, enrolled, ZHAO, entries[0].at)
        self._entries += entries
        self._rows.append(rows)
        assert played.state.ended_at is not None
        self._owed.append((played.state.ended_at - name.earlier + timedelta(hours=24, minutes=30), name, played.state))
        if is_first or len(self._rows) == _AT_ONCE:
            self._write((load().data,) if is_first else ())

    def _answer(self, until: datetime) -> None:
        while self._owed and self._owed[0][0] <= until:
            at, name, state = self._owed.popleft()
            watch = acute_watch(state)
            assert watch is not None
            command = AnswerAcute(at + name.earlier, "bedside", "no_reaction")
            answer = answer_acute(watch, False, command, LI, at + name.earlier)
            self._of_subject(name.subject, _answered(answer, name, at), LI, at)

    def _of_subject(self, subject: str, event: Event, by: Person, at: datetime) -> None:
        before = self._subjects.setdefault(subject, [])
        stream = stream_text(Stream("subject", subject))
        before.append(Entry(f"{subject}-{len(before)}", stream, at, by.person_id, signed(before, event, by)))
        self._entries.append(before[-1])

    def _write(self, files: Sequence[bytes] = ()) -> None:
        if self._entries:
            self._now = max(entry.at for entry in self._entries)
            self._recorder.append(Batch(tuple(self._entries), tuple(self._rows), tuple(files))).result()
        self._entries, self._rows = [], []

    def close(self) -> None:
        self._answer(clock("23:59"))
        self._write()
        self._recorder.close()


def _answered(answer: Any, name: Name, at: datetime) -> Any:
    return type(answer)(infusion_id=name.infusion_id, seen_at=at, contact=answer.contact, outcome=answer.outcome)


def _copy_samples(ward: Ward, infusions: list[tuple[Played, Name]]) -> None:
    """Of the first by the recorder, of the others by the database itself out of the first of their kind."""
    kinds = {id(played): (played, name) for played, name in reversed(infusions)}
    recorder = Recorder(ward.path, stamp, key=ward.key)
    for played, name in kinds.values():
        recorder.add_samples(_rows_of(played, name))
    recorder.flush().result()
    recorder.close()
    with closing(driver.connect(str(ward.path), isolation_level=None)) as raw:
        raw.execute(f"PRAGMA key = \"x'{ward.key.hex()}'\"")
        raw.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA wal_autocheckpoint = 20000")
        keys = dict(raw.execute("SELECT infusion_id, id FROM infusion").fetchall())
        for played, name in infusions:
            first = kinds[id(played)][1]
            if name is not first:
                later_ms = (first.earlier - name.earlier) // timedelta(milliseconds=1)
                raw.execute(_COPY, (keys[name.infusion_id], later_ms, keys[first.infusion_id]))
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_COPY = """
INSERT INTO sample (infusion, t, vital, value, quality, source)
SELECT ?, t + ?, vital, value, quality, source FROM sample WHERE infusion = ? ORDER BY t, vital"""


def _rows_of(played: Played, name: Name) -> list[SampleRow]:
    return [
        SampleRow(name.infusion_id, vital, utc_from_ms(t) - name.earlier, value, quality, source)
        for vital, t, value, quality, source in played.samples
    ]


def begin_today(ward: Ward) -> None:
    """One that is just ordered: from now on record time goes on from the day of the tests, however old the store is."""
    _append(ward, ordered_infusion(), Name(TODAY, "S-9998", BED, 1), None)


def run_for_two_hours(ward: Ward, port: str, every_s: int = 1) -> None:
    """One that was watched for two hours, by its bed's monitor."""
    _append(ward, running_infusion(every_s), Name(RUNNING, "S-9999", BED, 1), port)


def infuse_once_more(ward: Ward) -> None:
    """One more signed infusion, with its samples."""
    _append(ward, signed_infusion(_WEIGHTS[0]), Name("one-more", "S-9997", BED, 1), None)


def _append(ward: Ward, played: Played, name: Name, port: str | None) -> None:
    """Written now, by this laptop's clocks, and signed."""
    keys = _keys_of(ward)
    recorder = Recorder(ward.path, stamp, key=ward.key)
    recorder.sign_with = keys.sign_with
    entries, rows = again(played, name)
    recorder.append(Batch(entries, (rows,), (load().data,))).result()
    recorder.add_samples(_rows_of(played, name))
    if port is not None:
        recorder.put_setting("monitors", {BED: [(port, "datex-s5")]}).result()
    recorder.flush().result()
    recorder.close()


def _keys_of(ward: Ward) -> HeldKeys:
    """Everybody has just proved who they are."""
    with StoreReader(ward.path, ward.key) as store:
        entries, kept = store.account_entries(), store.kept_secrets()
    keys = HeldKeys(_QUICK)
    for entry in entries:
        keys.ring.apply(entry.event)
    for person in PEOPLE:
        proved = keys.proved(kept[person.person_id][0], person.person_id, PASSWORD, "password")
        assert not isinstance(proved, bool)
        keys.hold(proved)
    return keys
