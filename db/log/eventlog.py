"""Writing events: each is chained to the one before. Runs inside a transaction of the writer."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import bindparam, insert, select, update

from app.domain.errors import Broken
from app.domain.log import Entry, encode, stream_of
from db import engine
from db.schema import chain_head, event, signature
from db.statements import Driver, compiled

from .batch import Recorded, Signer, Stamp
from .canonical import canonical, utc_text
from .chain import Row, linked_hash
from .headfile import Head

_INSERT = compiled(insert(event))
_INSERT_SIGNATURE = compiled(insert(signature))
SignedBy = Mapping[str, Sequence[Signer]]
"""Who signs an event, by its id."""
NOBODY: SignedBy = MappingProxyType({})
#: What a repeated write must repeat.
_CONTENT = ("stream", "at", "by", "co", "payload")
_STORED = compiled(
    select(event.c.seq, event.c.hash, *(event.c[name] for name in _CONTENT)).where(event.c.event_id == bindparam("event_id"))
)
_HEAD = compiled(select(chain_head))
_MOVE_HEAD = compiled(update(chain_head))


def event_row(entry: Entry, stamp: Stamp) -> Row:
    """An event's columns, but for its place in the chain (seq, prev_hash, hash).

    Refuses here, in the caller's thread, what could not be hashed or stored (TypeError, ValueError, `UnknownKind`).
    """
    stream_of(entry.stream)
    row: Row = {
        "event_id": entry.event_id,
        "stream": entry.stream,
        "at": utc_text(entry.at),
        "wall_utc": utc_text(stamp.wall_utc),
        "utc_offset_min": stamp.utc_offset_min,
        "steady_s": f"{stamp.steady_s:.6f}",
        "boot_id": stamp.boot_id,
        "laptop": stamp.laptop,
        "version": stamp.version,
        "by": entry.by,
        "co": entry.co,
        "type": type(entry.event).__name__,
        "payload": encode(entry.event).decode(),
    }
    canonical(row)
    return row


def read_head_row(driver: Driver) -> Head:
    return Head(*driver.execute(_HEAD).fetchone())


def append_events(driver: Driver, head: Head, rows: Sequence[Row], signed_by: SignedBy = NOBODY) -> tuple[Head, list[Recorded]]:
    """Chain and store the rows; one that is stored already is acknowledged. The new head, and what is recorded.

    `signed_by`: by event id. A signature is given for the event's hash, and so for the whole chain before it.
    """
    recorded = []
    for row in rows:
        try:
            head, new = _append(driver, head, row)
        except engine.driver.IntegrityError:
            if (known := _stored(driver, row)) is None:
                raise
            recorded.append(known)
            continue
        recorded.append(new)
        for signer in signed_by.get(new.event_id, ()):
            _sign(driver, new, signer)
    driver.execute(_MOVE_HEAD, {"seq": head.seq, "hash": head.hash})
    return head, recorded


def _append(driver: Driver, head: Head, row: Row) -> tuple[Head, Recorded]:
    placed: Row = {**row, "seq": head.seq + 1}
    hash_ = linked_hash(placed, head.hash)
    driver.execute(_INSERT, {**placed, "prev_hash": head.hash, "hash": hash_})
    return Head(head.seq + 1, hash_), Recorded(str(row["event_id"]), head.seq + 1, hash_)


def _sign(driver: Driver, recorded: Recorded, signer: Signer) -> None:
    key, signed = signer.public_key.hex(), signer.sign(signed_message(recorded.hash)).hex()
    driver.execute(_INSERT_SIGNATURE, {"seq": recorded.seq, "person": signer.who, "public_key": key, "signature": signed})


def signed_message(hash_: str) -> bytes:
    """What a person's key signs: the event's hash (hex), which covers the event and the chain before it."""
    return b"bedside event 1\x00" + hash_.encode()


def _stored(driver: Driver, row: Row) -> Recorded | None:
    """None: it was refused for another reason."""
    found = driver.execute(_STORED, {"event_id": row["event_id"]}).fetchone()
    if found is None:
        return None
    seq, hash_, *content = found
    if content != [row[name] for name in _CONTENT]:
        raise Broken(f"event {row['event_id']} is stored already and says something else")
    return Recorded(str(row["event_id"]), seq, hash_)
