"""Examining a store, strictly reading, while the program may be running on it: all of it, or what came since it was found whole."""

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing
from functools import cached_property, partial
from operator import methodcaller
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from app.domain.log import PEOPLE, stream_text
from app.domain.people.signed_heads import SignedHead
from app.domain.texts import Text, say
from db.log.chain import Fault, Row, chain_faults, changed_faults, head_row_faults, is_whole, told_faults
from db.log.headfile import Head, head_path, kept_paths, read_head
from db.log.named_files import NamedFiles
from db.log.readable import row_of

from . import store_errors as errors
from .engine import driver, driver_connection, known_error, open_reader, refuse_no_store
from .proof.beside_the_log import BesideTheLog, ByFiles
from .proof.each_infusion import EachInfusion
from .proof.examined import Against, Examined, Since
from .proof.guarded import Step, take_down
from .proof.heads_seen import HeadsSeen
from .proof.log_taken import LogTaken
from .proof.rows_anew import dangling_faults
from .proof.samples_there import SamplesThere
from .proof.schema_check import Form, form_of, schema_faults
from .proof.signed_events import FIRST, SignedEvents
from .proof.verified import Verified, goes_on_from, last_key, row_at
from .schema import chain_head, event, sample, store
from .statements import Driver, compiled

_FROM = compiled(select(event).where(event.c.seq >= bindparam("seq")).order_by(event.c.seq))
_BEFORE = compiled(
    select(event).where(event.c.stream == bindparam("stream"), event.c.seq <= bindparam("seq")).order_by(event.c.seq)
)  # fmt: skip
TOUCHED = compiled(select(event.c.stream).where(event.c.seq > bindparam("seq")))
_HASH = compiled(select(event.c.hash).where(event.c.seq == bindparam("seq")))
_OWN = compiled(select(store.c.store_id, store.c.genesis))
_HEAD = compiled(select(chain_head))
_TABLES = {"event", "chain_head", "store", "sample", "infusion", "vital", "quality", "source"}
#: Steps of the database engine between two questions whether to go on: some tens of milliseconds.
_STEPS = 200_000
#: The share of the work that is done with the file itself, and with the events.
_FILE, _EVENTS = 0.3, 0.5

GoOn = Callable[[], bool]
"""Asked again and again during long work; False gives it up."""


def always() -> bool:
    return True


def nobody(_share: float) -> None:
    pass


def examine(
    path: Path,
    anchor: str = "",
    key: bytes | None = None,
    go_on: GoOn = always,
    shipped: Container[str] = (),
    put_together: ByFiles | None = None,
    witnesses: Mapping[str, SignedHead] = MappingProxyType({}),
    since: Since | None = None,
    told: Callable[[float], None] = nobody,
) -> Examined:
    """Check the file and the chain. `anchor`: a printed hash, or its first digits, that must be in the chain. `shipped`: hashes
    of protocol files that come with the program, for infusions ordered before files were kept. `put_together`: by which all that
    is beside the events is held against them too, else only the schema; then also heads that others have seen, and `witnesses`, by
    what they are called.

    `since`: where the record does not go on from it, or an anchor may lie before it, all is read. `told`: the share done, 0 to 1.

    Raises `StoreError` if it cannot be read, is not a Bedside store, or was given up.
    """
    heads = [(file, read_head(file)) for file in (head_path(path), *kept_paths(path))]
    try:
        connection = open_reader(path, key, refuse_no_store)
    except errors.Damaged as error:
        return Examined(0, Head(0, ""), faults=[error.text])
    raw: Any = driver_connection(connection)
    raw.set_progress_handler(lambda: not go_on(), _STEPS)
    # Bytes that are no text any more stay different from every text.
    raw.text_factory = methodcaller("decode", "utf-8", "surrogateescape")
    try:
        against = Against(anchor, heads, shipped, put_together, witnesses, None if anchor else since)
        return _Examination(raw, against, told).result()
    except driver.Error as error:
        raise known_error(error) from error
    finally:
        connection.close()


class _Examination:
    """One reading of the store."""

    def __init__(self, raw: Driver, against: Against, told: Callable[[float], None]) -> None:
        self._raw, self._against, self._progress = raw, against, told
        self._protocols, self._signed, by = NamedFiles(), SignedEvents(raw), against.put_together
        self._beside = None if by is None else BesideTheLog(by(self._protocols.reading(raw)))
        self._taken = LogTaken(self._protocols, self._signed, self._beside)
        self._found = Examined(0, Head(0, ""))
        self._since: Verified | None = None
        self._last: Row | None = None
        self._waiting: list[str] = []
        self._has_rows = False

    def result(self) -> Examined:
        self._raw.execute("BEGIN")
        self._progress(0.0)
        self._since = self._usable()
        self._guarded(self._integrity)
        self._progress(_FILE)
        form = form_of(self._raw)
        if self._tables_there():
            self._guarded(self._chain)
            self._each(form)
            self._guarded(self._check_protocols)
            if self._beside is not None:
                self._guarded(lambda: self._held_against(form), self._found.differences)
        self._guarded(lambda: self._schema(form), self._found.differences)
        self._found.verified = self._verified(form)
        return self._found

    def _usable(self) -> Verified | None:
        """What was verified before, if the record goes on from there."""
        if self._against.since is None:
            return None
        since = self._against.since.verified
        try:
            goes_on = goes_on_from(self._raw, since, form_of(self._raw).revision)
        except (driver.Error, ValueError, TypeError):
            goes_on = False
        self._found.since = since.head if goes_on else None
        return since if goes_on else None

    def _verified(self, form: Form) -> Verified | None:
        found, standing = self._found, self._taken.standing
        if self._beside is None or found.faults or found.differences or found.unread:
            return None
        store_id, genesis = self._raw.execute(_OWN).fetchone()
        newest_ms = max(self._taken.newest_ms, self._since.newest_ms if self._since else 0)
        return Verified(
            store_id, genesis, form.revision, found.head, standing.seqs, standing.sha256, tuple(self._waiting), newest_ms,
            last_key(self._raw), found.sealed, self._signed.last_signed,
        )  # fmt: skip

    @cached_property
    def _samples(self) -> SamplesThere:
        return SamplesThere(self._raw)

    def _guarded(self, step: Step, found: list[Text] | None = None) -> None:
        take_down(self._found.faults if found is None else found, step)

    def _integrity(self) -> Iterator[Text]:
        if self._against.since is None or self._since is None:
            checks = ["PRAGMA integrity_check(20)"]
        elif self._against.since.every_page:
            names = [name for (name,) in self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
            checks = [f'PRAGMA integrity_check("{name}")' for name in names if name != sample.name]
            self._raw.execute("SELECT sum(vital) FROM sample").fetchone()
        else:
            checks = []
        for check in checks:
            yield from (say("The file is damaged: {what}", what=line) for (line,) in self._raw.execute(check) if line != "ok")

    def _tables_there(self) -> bool:
        names = {name for (name,) in self._raw.execute("SELECT name FROM sqlite_master")}
        self._found.faults += [say("The table {name} is missing.", name=n) for n in sorted(_TABLES - names)]
        return names >= _TABLES

    def _schema(self, form: Form) -> Iterator[Text]:
        return (text for text in schema_faults(self._raw, form) if text not in self._found.faults)

    def _held_against(self, form: Form) -> Iterator[Text]:
        assert self._beside is not None
        since = self._since
        yield from self._signed.faults()
        yield from self._beside.faults(self._raw, form.revision, self._last, since is None)
        yield from dangling_faults(self._raw, self._samples.strangers(self._taken.infusions if since else None), since is None)
        self._found.notes += [*self._signed.notes(), *self._beside.notes]
        self._found.founder = self._signed.founder
        heads = HeadsSeen(self._beside.people, self._against.witnesses)
        yield from heads.faults(self._raw, self._found.founder, self._found.head.seq, self._hash_at)
        self._found.notes += heads.notes()

    def _chain(self) -> Iterator[Fault | Text]:
        own = self._raw.execute(_OWN).fetchone()
        if own is None:
            yield say("The row that names this record is missing.")
            return
        genesis = own[1]
        self._found.anchored = self._is_anchor(genesis)
        before = Head(0, genesis) if self._since is None else self._since.head
        self._found.head, self._found.events = before, before.seq
        self._signed.read(self._since)
        if self._since is not None:
            yield from self._known(self._since)
        yield from chain_faults(self._rows(before), before)
        yield from self._taken.faults
        self._has_rows = self._beside is not None and self._beside.has_rows_of_now(genesis)
        head = self._raw.execute(_HEAD).fetchone()
        yield from head_row_faults(self._found.head, head and Head(*head))
        yield from self._anchors()

    def _known(self, since: Verified) -> Iterator[Fault]:
        """What must be known to go on: people and their keys, and all of the infusions and subjects that go on."""
        self._last = row_at(self._raw, since.head.seq)
        for seq in since.standing:
            row = row_at(self._raw, seq)
            assert row is not None  # which was seen to before
            self._taken.remember(row)
        self._signed.look_back(since.head.seq, since.last_signed)
        touched = {str(stream) for (stream,) in self._raw.execute(TOUCHED, {"seq": since.head.seq}).fetchall()}
        # Nobody signs on the stream of people for what came before, and it grows with every sign-in.
        for stream in sorted((touched | set(since.waiting)) - {stream_text(PEOPLE)}):
            rows = self._raw.execute(_BEFORE, {"stream": stream, "seq": since.head.seq}).fetchall()
            yield from self._again([row_of(values) for values in rows])

    def _again(self, rows: list[Row]) -> Iterator[Fault]:
        for row in rows:
            self._taken.take(row, is_new=False)
        yield from changed_faults([row for row in rows if not is_whole(row)])

    def _rows(self, after: Head) -> Iterator[Row]:
        """The events in order."""
        (last,) = self._raw.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
        for values in self._raw.execute(_FROM, {"seq": after.seq + 1 if self._since else FIRST}):
            row = row_of(values)
            self._note(row, int(last))
            yield row

    def _note(self, row: Row, last: int) -> None:
        seq, hash_ = int(row["seq"] or 0), str(row["hash"])
        self._found.head = Head(seq, hash_)
        self._found.events += 1
        self._found.anchored |= self._is_anchor(hash_)
        self._last = row
        self._taken.take(row)
        self._progress(_FILE + (_EVENTS - _FILE) * seq / max(seq, last))

    def _is_anchor(self, hash_: str) -> bool:
        return bool(self._against.anchor) and hash_.startswith(self._against.anchor)

    def _hash_at(self, seq: int) -> str | None:
        """Of an event, the genesis as 0; None where there is none."""
        if seq == 0:
            return str(self._raw.execute(_OWN).fetchone()[1])
        found = self._raw.execute(_HASH, {"seq": seq}).fetchone()
        return None if found is None else str(found[0])

    def _anchors(self) -> Iterator[Fault | Text]:
        for file, told in self._against.heads:
            if told is None and file.exists():
                self._found.differences.append(say("The file {file} beside the record is none of this program's, or was changed.",
                                                   file=file.name))  # fmt: skip
            elif told is None:
                self._found.notes.append(_no_head_file(file))
            else:
                yield from told_faults(self._found.head, told, self._hash_at(told.seq), file.name)
        if self._against.anchor and not self._found.anchored:
            yield say("No event has the hash {hash}: the record was rewritten, or lost events since that was "
                      "printed.", hash=self._against.anchor)  # fmt: skip

    def _check_protocols(self) -> Iterator[Text]:
        faults, self._found.unread, notes = self._protocols.judged(self._raw, self._against.shipped)
        self._found.notes += notes
        yield from faults

    def _each(self, form: Form) -> None:
        since, taken, beside, found = self._since, self._taken, self._beside, self._found
        found.sealed = taken.new_seals + (since.sealed if since else 0)
        newest_ms = max(taken.newest_ms, since.newest_ms if since else 0)
        with closing(EachInfusion(self._raw, self._samples, newest_ms, form.revision)) as each:
            for number, infusion in enumerate(taken.infusions):
                self._progress(_EVENTS + (1 - _EVENTS) * number / len(taken.infusions))
                self._guarded(partial(each.seal_faults, infusion))
                if beside is not None and self._has_rows:
                    self._guarded(partial(each.differences, infusion, beside.put_together), found.differences)
            if self._has_rows:
                self._guarded(lambda: each.rows.strangers(taken.infusions, since.last_key if since else None), found.differences)
            found.notes += each.notes
            self._waiting = each.waiting


def _no_head_file(file: Path) -> Text:
    return say("There is no readable file {file} beside the record: a missing end can only be seen with a "
               "printed hash (--head).", file=file.name)  # fmt: skip
