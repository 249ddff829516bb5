"""The mark beside a backup: up to where its record was found whole, so that the next reading need not begin at the beginning."""

import hashlib
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.texts import say
from app.services.access.seals import Own, fits
from db import surely
from db.copies.store_backup import MANIFEST, Manifest, read_manifest
from db.proof.verified import Mark, Verified

#: Beside the files of a backup.
MARK = "verified.json"
#: After so long a backup reads all of its record again.
WHOLE_EVERY = timedelta(days=31)
#: One in so many does so before its time: when is not to be known beforehand, and stands in no file.
_ONE_IN = 31


def drawn() -> bool:
    return secrets.randbelow(_ONE_IN) == 0


def newest_mark(folder: Path, own: Own | None, key: bytes | None, program: str) -> Mark:
    """The mark of the newest backup of this record in a folder. Raises `Refused` with why there is none that is believed.

    Whoever has the record's key has the laptop's too (docs/adr/0018): so it counts only beside the backup that it was made with. It
    says nothing that the record itself must not bear out: `examine` sees to that.
    """
    if own is None:
        raise Refused(say("The laptop has no key in this record yet. Open it once with the program."))
    place = _newest(folder, own.card.store_id)
    manifest, card = read_manifest(place), own.card
    try:
        mark = surely.read(place / MARK, Mark)
    except (OSError, surely.NotWhole):
        raise Refused(say("The newest backup, {folder}, bears no mark of what was verified.", folder=place.name)) from None
    if (mark.public_key, mark.laptop) != (card.public_key, card.name) or not fits(card.public_key, mark.signature, mark.message()):
        raise Refused(say("The mark of the newest backup, {folder}, is not signed by this laptop.", folder=place.name))
    is_sealed = key is None or manifest.is_sealed_with(key)
    here = _sha256(place), manifest.store_id, manifest.head
    if not is_sealed or here != (mark.manifest_sha256, mark.verified.store_id, mark.verified.head):
        raise Refused(say("The mark of the newest backup, {folder}, does not fit its manifest.", folder=place.name))
    if mark.program != program:
        raise Refused(say("The newest backup was made by version {version}.", version=mark.program))
    return mark


def _newest(folder: Path, store_id: str) -> Path:
    """By its name, which is its time. Raises `Refused`."""
    for place in sorted(folder.glob("bedside-*"), reverse=True):
        if (place / MANIFEST).is_file() and read_manifest(place).store_id == store_id:
            return place
    raise Refused(say("{folder} holds no backup of this record.", folder=str(folder)))


def _sha256(backup: Path) -> str:
    try:
        return hashlib.sha256((backup / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return ""


def to_go_on_from(before: Mark | None, made_at: datetime, is_drawn: bool) -> Verified | None:
    """What a backup may believe. None: it reads everything."""
    if before is None or is_drawn or not timedelta(0) <= made_at - before.whole_at < WHOLE_EVERY:
        return None
    return before.verified


def put_mark(backup: Path, verified: Verified, whole_at: datetime, own: Own, made: Manifest) -> None:
    """Last of all: a backup without it is a backup, and the next reading is of the whole. Raises `OSError`."""
    card = own.card
    mark = Mark(verified, whole_at, made.program, card.name, card.public_key, _sha256(backup))
    mark = msgspec.structs.replace(mark, signature=own.signature(mark.message()))
    surely.put(backup / MARK, msgspec.json.format(msgspec.json.encode(mark)))
