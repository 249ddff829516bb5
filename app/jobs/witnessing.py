"""A record's head, signed by its laptop, as a small file: whoever keeps it can tell later whether the record goes on from it."""

import platform
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain.errors import Refused
from app.domain.people.own_keys import founder
from app.domain.people.signed_heads import SignedHead
from app.domain.products.parcel import Laptop
from app.domain.texts import Text, say
from app.services.access.seals import Own, is_signed
from app.services.protocol_files import put_together, shipped
from app.services.store_settings import backup_plan, laptop_key
from db import surely
from db.copies.store_backup import STORE, Manifest, Progress, Proving, proved_copy, read_manifest
from db.engine import NOT_AS_MADE
from db.log.headfile import Head
from db.proof.verified import Mark
from db.queries import StoreReader
from db.store_errors import StoreError

from .verified_marks import drawn, newest_mark, put_mark, to_go_on_from

#: Beside the files of a backup.
WITNESS = "witness.json"
Drawing = Callable[[], bool]


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


class BackUp(NamedTuple):
    """A proved backup. `differences`: what beside the events is not as it should be, which spoils no backup."""

    folder: Path
    manifest: Manifest
    differences: tuple[Text, ...] = ()


def backed_up(
    store: Path, key: bytes | None, to: Path, made_at: datetime, program: str, progress: Progress, is_drawn: Drawing = drawn
) -> BackUp:
    """A proved backup, and beside it what the laptop signs of it: a witness, and up to where the record was found whole. Without
    those it is a backup all the same. What the mark of the one before covers is read again once a month, and when it `is_drawn`.

    Raises `StoreError`, `Refused`, `OSError`.
    """
    before = _before(store, key, to, program)
    since = to_go_on_from(before, made_at, is_drawn())
    folder, found = proved_copy(store, to, made_at, program, key, progress, Proving(shipped(), put_together, since))
    manifest = read_manifest(folder)
    whole_at = before.whole_at if before is not None and found.since is not None else made_at
    with suppress(OSError, *NOT_AS_MADE), StoreReader(folder / STORE, key) as reader:
        own, head = own_laptop(reader), signed_head(reader, made_at)
        if own is not None and head is not None:
            written(folder / WITNESS, head)
            if found.verified is not None:
                put_mark(folder, found.verified, whole_at, own, manifest)
    return BackUp(folder, manifest, tuple(found.differences))


def _before(store: Path, key: bytes | None, to: Path, program: str) -> Mark | None:
    found = believed_mark(store, key, to, program)
    return found if isinstance(found, Mark) else None


def believed_mark(store: Path, key: bytes | None, folder: Path | None, program: str) -> Mark | Text:
    """The mark of the newest backup in a folder, else in the one that is chosen for backups; or why none is believed."""
    try:
        with StoreReader(store, key) as reader:
            to = str(folder or backup_plan(reader).folder)
            if not to:
                return say("No folder for backups is chosen.")
            return newest_mark(Path(to), own_laptop(reader), key, program)
    except (Refused, StoreError) as error:
        return error.text
    except (*NOT_AS_MADE, OSError) as error:
        return say("The newest backup cannot be read: {why}.", why=str(error))


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
