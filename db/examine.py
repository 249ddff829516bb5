"""Examining a whole store, strictly reading, while the program may be running on it."""

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import select

from app.domain.errors import Broken
from app.domain.infusion.facts import SamplesSealed
from app.domain.log import Entry, UnknownKind, stream_of
from app.domain.people.signatures import MEANING_NAMES, Covered, meaning_of
from app.domain.people.signed_heads import SignedHead
from app.domain.texts import Text, say
from db.log.canonical import utc_from_text, utc_ms
from db.log.chain import Fault, Row, chain_faults, head_row_faults, is_whole, told_faults
from db.log.headfile import Head, head_path, kept_paths, read_head
from db.log.log_pages import entry_of
from db.log.named_files import NamedFiles

from . import store_errors as errors
from .engine import driver, driver_connection, known_error, open_reader, refuse_no_store
from .proof.beside_the_log import BesideTheLog, ByFiles
from .proof.heads_seen import HeadsSeen
from .proof.rows_anew import dangling_faults
from .proof.samples_there import SamplesThere
from .proof.schema_check import Form, form_of, schema_faults
from .proof.signed_events import SignedEvents
from .schema import chain_head, event, store
from .sealed_minutes import Seal, SealedInfusion
from .statements import Driver, compiled

_ROWS = compiled(select(event).order_by(event.c.seq))
_GENESIS = compiled(select(store.c.genesis))
_HEAD = compiled(select(chain_head))
_NAMES = tuple(column.name for column in event.columns)
_TABLES = {"event", "chain_head", "store", "sample", "infusion", "vital", "quality", "source"}
#: Steps of the database engine between two questions whether to go on: some tens of milliseconds.
_STEPS = 200_000

GoOn = Callable[[], bool]
"""Asked again and again during long work; False gives it up."""


def always() -> bool:
    return True


class Examined(msgspec.Struct):
    """What was found. `faults`, `differences` and `unread` empty: the record is whole. `notes` are worth knowing, but no fault.

    `faults`: of the events, their chain and what hangs on it; `differences`: of all that is beside them, which spoil no backup.
    `unread`: infusions of before whose protocol file is not at hand: the record is whole, but nothing of them is computed.
    """

    events: int
    head: Head
    sealed: int = 0
    anchored: bool = False
    founder: str = ""
    faults: list[Text] = []
    differences: list[Text] = []
    unread: list[Text] = []
    notes: list[Text] = []


def examine(
    path: Path,
    anchor: str = "",
    key: bytes | None = None,
    go_on: GoOn = always,
    shipped: Container[str] = (),
    put_together: ByFiles | None = None,
    witnesses: Mapping[str, SignedHead] = MappingProxyType({}),
) -> Examined:
    """Check the file and the chain. `anchor`: a printed hash, or its first digits, that must be in the chain. `shipped`: hashes
    of protocol files that come with the program, for infusions ordered before files were kept. `put_together`: by which all that
    is beside the events is held against them too, else only the schema; then also heads that
    others have seen, and `witnesses`, by what they are called.

    Raises `StoreError` if it cannot be read, is not a Bedside store, or was given up.
    """
    told = [(file, read_head(file)) for file in (head_path(path), *kept_paths(path))]
    try:
        connection = open_reader(path, key, refuse_no_store)
    except errors.Damaged as error:
        return Examined(0, Head(0, ""), faults=[error.text])
    raw: Any = driver_connection(connection)
    raw.set_progress_handler(lambda: not go_on(), _STEPS)
    try:
        return _Examination(raw, anchor, told, shipped, put_together, witnesses).result()
    finally:
        connection.close()


class _Examination:
    """One reading of the store. The head files are read before, so that they cannot be ahead of it."""

    def __init__(
        self, raw: Driver, anchor: str, told: list[tuple[Path, Head | None]], shipped: Container[str], put_together: ByFiles | None,
        witnesses: Mapping[str, SignedHead],
    ) -> None:  # fmt: skip
        self._raw, self._anchor, self._told, self._shipped = raw, anchor, told, shipped
        self._protocols, self._witnesses = NamedFiles(), witnesses
        self._signed = SignedEvents(raw)
        self._beside = None if put_together is None else BesideTheLog(put_together(self._protocols.reading(raw)))
        self._found = Examined(0, Head(0, ""))
        self._hashes: dict[int, str] = {}
        self._seals: list[Row] = []
        self._newest_ms = 0
        self._last: Row | None = None
        self._covered: dict[str, Covered] = {}
        self._unknown: list[Text] = []
        self._unfit: list[Text] = []

    def result(self) -> Examined:
        self._raw.execute("BEGIN")
        self._guarded(self._integrity)
        form = form_of(self._raw)
        if self._tables_there():
            self._guarded(self._chain)
            self._guarded(self._check_seals)
            self._guarded(self._check_protocols)
            if self._beside is not None:
                self._guarded(lambda: self._held_against(form), self._found.differences)
        self._guarded(lambda: self._schema(form), self._found.differences)
        return self._found

    @cached_property
    def _samples(self) -> SamplesThere:
        return SamplesThere(self._raw)

    def _guarded(self, step: Callable[[], Iterator[Fault | Text]], found: list[Text] | None = None) -> None:
        """Carry out a step; a file too damaged to be read further is itself a fault."""
        found = self._found.faults if found is None else found
        try:
            found += [f.text if isinstance(f, Fault) else f for f in step()]
        except driver.Error as error:
            known = known_error(error)
            if not isinstance(known, errors.Damaged | Broken):
                raise known from error
            found.append(known.text if isinstance(known, errors.Damaged) else _not_as_made(error))
        except (ValueError, TypeError) as error:
            found.append(_not_as_made(error))

    def _integrity(self) -> Iterator[Text]:
        for (line,) in self._raw.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield say("The file is damaged: {what}", what=line)

    def _tables_there(self) -> bool:
        names = {name for (name,) in self._raw.execute("SELECT name FROM sqlite_master")}
        self._found.faults += [say("The table {name} is missing.", name=n) for n in sorted(_TABLES - names)]
        return names >= _TABLES

    def _schema(self, form: Form) -> Iterator[Text]:
        return (text for text in schema_faults(self._raw, form) if text not in self._found.faults)

    def _held_against(self, form: Form) -> Iterator[Text]:
        assert self._beside is not None
        yield from self._signed.faults()
        yield from self._beside.faults(self._raw, form.revision, self._last)
        yield from dangling_faults(self._raw, self._samples.strangers())
        self._found.notes += [*self._signed.notes(), *self._beside.notes]
        self._found.founder = self._signed.founder
        heads = HeadsSeen(self._beside.people, self._witnesses)
        yield from heads.faults(self._raw, self._found.founder, self._hashes)
        self._found.notes += heads.notes()

    def _chain(self) -> Iterator[Fault | Text]:
        genesis = self._one(_GENESIS)
        if genesis is None:
            yield say("The row that names this record is missing.")
            return
        self._found.head = Head(0, genesis[0])
        self._hashes[0] = genesis[0]
        yield from chain_faults(self._rows(), genesis[0])
        yield from self._unknown
        yield from self._unfit
        head = self._one(_HEAD)
        yield from head_row_faults(self._found.head, head and Head(*head))
        yield from self._anchors()

    def _one(self, sql: str) -> Any:
        return self._raw.execute(sql).fetchone()

    def _rows(self) -> Iterator[Row]:
        """The events in order. Bytes that are no text any more stay different from every text."""
        raw: Any = self._raw
        raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        for values in self._raw.execute(_ROWS):
            row: Row = dict(zip(_NAMES, values, strict=True))
            self._note(row)
            yield row

    def _note(self, row: Row) -> None:
        seq, hash_ = int(row["seq"] or 0), str(row["hash"])
        self._found.head = Head(seq, hash_)
        self._found.events += 1
        self._hashes[seq] = hash_
        self._last = row
        if row["type"] == SamplesSealed.__name__:
            self._seals.append(row)
            with suppress(ValueError):
                self._newest_ms = max(self._newest_ms, utc_ms(utc_from_text(str(row["at"]))))
        self._protocols.take(row)
        self._check_kind(row)
        self._check_signature(row)

    def _check_kind(self, row: Row) -> None:
        try:
            stream_of(str(row["stream"]))
        except UnknownKind as unknown:
            self._unknown.append(say("Event {seq} is of a kind that this version of Bedside does not know: “{kind}”.",
                                     seq=row["seq"], kind=unknown.kind))  # fmt: skip

    def _check_signature(self, row: Row) -> None:
        """Whether it is a signature for something else than what its stream holds before it."""
        try:
            entry = _entry(row)
            fits = self._covered.setdefault(entry.stream, Covered()).take(entry)
        except UnknownKind:
            return  # which is named
        except (msgspec.MsgspecError, ValueError):
            self._cannot_be_read(row)
            return
        self._signed.take(row, entry)
        if self._beside is not None:
            self._beside.take(entry.stream, entry)
        if not fits:
            self._unfit.append(_unfit(entry, row))

    def _cannot_be_read(self, row: Row) -> None:
        """Changed, and then it is named as that; or well chained, and then no version of ours wrote it."""
        if is_whole(row):
            self._unfit.append(say("Event {seq} cannot be read: no version of Bedside that is known here writes such an event.",
                                   seq=row["seq"]))  # fmt: skip
        self._signed.take(row, None)
        if self._beside is not None:
            self._beside.take(str(row["stream"]), None)

    def _anchors(self) -> Iterator[Fault | Text]:
        for file, told in self._told:
            if told is None and file.exists():
                self._found.differences.append(say("The file {file} beside the record is none of this program's, or was changed.",
                                                   file=file.name))  # fmt: skip
            elif told is None:
                self._found.notes.append(_no_head_file(file))
            else:
                yield from told_faults(self._found.head, told, self._hashes.get(told.seq), file.name)
        if self._anchor:
            self._found.anchored = any(h.startswith(self._anchor) for h in self._hashes.values())
            if not self._found.anchored:
                yield say("No event has the hash {hash}: the record was rewritten, or lost events since that was "
                          "printed.", hash=self._anchor)  # fmt: skip

    def _check_protocols(self) -> Iterator[Text]:
        faults, self._found.unread, notes = self._protocols.judged(self._raw, self._shipped)
        self._found.notes += notes
        yield from faults

    def _check_seals(self) -> Iterator[Fault | Text]:
        sealed: dict[str, list[Seal]] = {}
        for row in self._seals:
            try:
                seal = msgspec.json.decode(str(row["payload"]), type=SamplesSealed)
            except (msgspec.MsgspecError, UnicodeEncodeError):
                continue  # the event itself was changed, and is named
            sealed.setdefault(str(row["stream"]), []).append(Seal(int(row["seq"] or 0), seal))
        self._found.sealed = sum(map(len, sealed.values()))
        for infusion, seals in sealed.items():
            found = SealedInfusion(infusion, seals, self._samples)
            yield from found.faults(self._newest_ms)
            self._found.notes += found.notes


def _entry(row: Row) -> Entry:
    """The event of a row. Raises `UnknownKind`, `MsgspecError` or `ValueError` where it is none that its kind has."""
    event_id, stream, at, payload = (str(row[name]) for name in ("event_id", "stream", "at", "payload"))
    by, co = (None if row[name] is None else str(row[name]) for name in ("by", "co"))
    return entry_of(event_id, stream, at, by, co, payload)


def _unfit(entry: Entry, row: Row) -> Text:
    meaning, name = meaning_of(entry.event), getattr(entry.event, "printed_name", "")
    return say("The signature “{meaning}” of {name} (event {seq}, infusion {infusion}) was given for something else than "
               "what is recorded before it.", meaning=MEANING_NAMES[meaning] if meaning else "—", name=name,
               seq=row["seq"], infusion=entry.stream)  # fmt: skip


def _not_as_made(error: BaseException) -> Text:
    return say("A part of the record cannot be read, for it is not as Bedside made it: {what}", what=str(error))


def _no_head_file(file: Path) -> Text:
    return say("There is no readable file {file} beside the record: a missing end can only be seen with a "
               "printed hash (--head).", file=file.name)  # fmt: skip
