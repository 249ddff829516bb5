"""The hash chain of events: each row's hash covers the row before. Pure: rows in, hashes and faults out."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, TypeAlias

from app.domain.texts import Text, say

from .batch import SampleRow, sample_line
from .canonical import canonical, sha256_hex
from .headfile import Head

Row: TypeAlias = dict[str, str | int | None]
"""An event as it lies in the table, by column name."""

SealedSample: TypeAlias = tuple[str, int, float | None, str, str]
"""vital, t (ms since 1970 UTC, record time), value, quality, source."""

#: Above so many changed rows nobody looks for which two were swapped.
_MOST_SWAPPED = 100


class Fault(NamedTuple):
    """Something that is not as it was written. `seq`: the event it concerns."""

    seq: int
    text: Text


def row_hash(row: Mapping[str, str | int | None]) -> str:
    """SHA-256 (hex) over `prev_hash` and the canonical JSON of all other columns but `hash`."""
    rest = {name: value for name, value in row.items() if name not in {"prev_hash", "hash"}}
    return linked_hash(rest, str(row["prev_hash"]))


def linked_hash(rest: Mapping[str, str | int | None], prev_hash: str) -> str:
    """The same of a row that lacks both still."""
    return sha256_hex(prev_hash.encode() + canonical(rest))


def seal(rows: Iterable[SampleRow]) -> tuple[int, str]:
    """`count` and `sha256` of a `SamplesSealed` whose minute these are: all of its infusion with
    `minute` ≤ t < `minute` + 60 s, none left out and none added later."""
    return seal_of(sample_line(row)[1:] for row in rows)


def seal_of(samples: Iterable[SealedSample]) -> tuple[int, str]:
    """How many samples, and the SHA-256 (hex) of them as canonical JSON in order of time and vital sign."""
    ordered = sorted(samples, key=lambda s: (s[1], s[0]))
    return len(ordered), sha256_hex(canonical(ordered))


def chain_faults(rows: Iterable[Row], before: Head) -> Iterator[Fault]:
    """What is wrong with events given in order of seq, after `before`. A fault is named once, where it lies."""
    before_whole = True
    changed: list[Row] = []
    for row in rows:
        seq, whole = int(row["seq"] or 0), is_whole(row)
        if seq != before.seq + 1:
            yield _missing(before.seq + 1, seq - 1)
        elif whole and before_whole and row["prev_hash"] != before.hash:
            yield _unlinked(seq)
        if not whole:
            changed.append(row)
        before, before_whole = Head(seq, str(row["hash"])), whole
    yield from changed_faults(changed)


def is_whole(row: Row) -> bool:
    real = _real_hash(row)
    return real is not None and real == row["hash"]


def _real_hash(row: Row) -> str | None:
    """The hash the row should have; None where its bytes are no text any more, which no hash fits."""
    try:
        return row_hash(row)
    except UnicodeEncodeError:
        return None


def changed_faults(rows: list[Row]) -> Iterator[Fault]:
    """Of events that are not whole."""
    swapped: set[int] = set()
    for a, b in combinations(rows, 2) if len(rows) <= _MOST_SWAPPED else ():
        if _swapped(a, b) and _swapped(b, a):
            first, second = int(a["seq"] or 0), int(b["seq"] or 0)
            swapped |= {first, second}
            text = say("Events {first} and {second} were swapped.", first=first, second=second)
            yield Fault(first, text)
    for row in rows:
        if row["seq"] not in swapped:
            yield Fault(int(row["seq"] or 0), say("Event {seq} was changed.", seq=row["seq"]))


def _swapped(a: Row, b: Row) -> bool:
    """Whether `a`, all of it or all but its links, was written where `b` stands now."""
    whole = _real_hash({**a, "seq": b["seq"]}) == a["hash"]
    content = _real_hash({**a, "seq": b["seq"], "prev_hash": b["prev_hash"]}) == b["hash"]
    return whole or content


def _missing(first: int, last: int) -> Fault:
    if first == last:
        return Fault(first, say("Event {seq} is missing.", seq=first))
    return Fault(first, say("Events {first} to {last} are missing.", first=first, last=last))


def _unlinked(seq: int) -> Fault:
    if seq == 1:
        return Fault(1, say("Event 1 does not hang on the beginning of this record: it was put in from elsewhere."))
    return Fault(seq, say("Event {seq} does not follow from event {before}: one of the two was put in "
                          "from elsewhere.", seq=seq, before=seq - 1))  # fmt: skip


def head_row_faults(last: Head, head: Head | None) -> Iterator[Fault]:
    """Compare the last event with the head row that was written together with it."""
    if head is None:
        yield Fault(last.seq, say("The row that names the last event is missing."))
    elif head.seq > last.seq:
        yield _missing(last.seq + 1, head.seq)
    elif head.seq < last.seq:
        yield Fault(head.seq + 1, say("Events after {seq} were added, or the row that names the last event was "
                                      "changed, without the program.", seq=head.seq))  # fmt: skip
    elif head.hash != last.hash:
        yield Fault(last.seq, say("The last event, {seq}, is not the one that was saved last.", seq=last.seq))


def told_faults(last: Head, told: Head, hash_there: str | None, file: str) -> Iterator[Fault]:
    """Compare a head file with the chain. It may lie behind, after a crash; it may not say anything else.

    `hash_there`: the hash of the event that `told` speaks of (the genesis for 0), None if there is none.
    """
    if told.seq > last.seq:
        yield Fault(last.seq + 1, say("The file {file} knows event {told}, but the record ends with event {last}: the "
                                      "end is missing, or an older copy was put in its place.",
                                      file=file, told=told.seq, last=last.seq))  # fmt: skip
    elif told.hash != hash_there:
        yield Fault(told.seq, say("Event {seq} is not the one that the file {file} knows: the record was "
                                  "rewritten or replaced.", seq=told.seq, file=file))  # fmt: skip
