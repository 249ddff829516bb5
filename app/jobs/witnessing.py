"""A record's head, signed by its laptop, as a small file: whoever keeps it can tell later whether the record goes on from it."""

import platform
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.people.own_keys import founder
from app.domain.people.signed_heads import SignedHead
from app.domain.products.parcel import Laptop
from app.domain.texts import say
from app.services.access.seals import Own, is_signed
from app.services.store_settings import laptop_key
from db import surely
from db.copies.store_backup import Manifest, Progress, backup, read_manifest
from db.log.headfile import Head
from db.queries import StoreReader

#: Beside the files of a backup.
WITNESS = "witness.json"


def own_laptop(reader: StoreReader) -> Own | None:
    """None for a record that was never opened since laptops sign: it has no key of its laptop yet."""
    key, info = laptop_key(reader), reader.info()
    return None if key is None else Own(Laptop(info.store_id, platform.node()), key, info.practice)


def signed_head(reader: StoreReader, at: datetime, head: Head | None = None) -> SignedHead | None:
    """Of the record as it is saved now, or up to an earlier event. None where nobody can sign it."""
    own = own_laptop(reader)
    if own is None:
        return None
    head = head or reader.head()
    return own.signed_head(founder(reader.account_entries()), head.seq, head.hash, at)


def written(file: Path, head: SignedHead) -> None:
    """Raises `OSError`."""
    surely.put(file, msgspec.json.format(msgspec.json.encode({"witness": head})))


def backed_up(
    store: Path, key: bytes | None, to: Path, made_at: datetime, program: str, progress: Progress
) -> tuple[Path, Manifest]:
    """A proved backup, and beside it what the laptop signs of it; without that it is a backup all the same.

    Raises `StoreError`, `Refused`, `OSError`.
    """
    folder = backup(store, to, made_at, program, key, progress)
    with StoreReader(folder / "bedside.db", key) as reader:
        head = signed_head(reader, made_at)
    if head is not None:
        with suppress(OSError):
            written(folder / WITNESS, head)
    return folder, read_manifest(folder)


class _Holds(msgspec.Struct):
    """A file of ours that holds a witness: of a backup, or a record's own data."""

    witness: SignedHead


def read_witness(file: Path) -> SignedHead:
    """Raises `Refused` where it cannot be read, holds no head, or one that was changed."""
    try:
        head = msgspec.json.decode(file.read_bytes(), type=_Holds).witness
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=file.name, why=error.strerror or str(error))) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(say("{file} is no witness of a record: it holds no head that a laptop signed.", file=file.name)) from None
    if not is_signed(head):
        raise Refused(say("{file} does not bear the signature of its laptop: it was changed.", file=file.name))
    return head
