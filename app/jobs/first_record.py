"""The ward's own encrypted store: made new with its first administrator, or made of a plain one of before."""

import uuid
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people import accounts as a
from app.domain.people.own_keys import KeyMade, RecoveryKeyMade, signers
from app.domain.people.proofs import kept_sha256
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from app.jobs.record_clock import stamp
from app.services import clock
from app.services.access import keyfile, recovery_key
from app.services.access.own_key import OwnKey, new_own_key, recovery_signer
from app.services.access.strength import strong_password
from db import surely
from db.copies.encrypting import encrypted_copy
from db.log.batch import Batch
from db.log.headfile import write_head
from db.queries import StoreReader
from db.recorder import Recorder
from devices.recording import SUFFIX

_PLAIN = b"SQLite format 3\0"
_LEFT = ("", "-wal", "-shm", ".head", ".lock", ".ballast")


class StoreKind(Enum):
    """What lies where the store should be."""

    NOTHING = auto()
    PLAIN = auto()
    ENCRYPTED = auto()


class FirstRecord(NamedTuple):
    """The store's key, the secret behind the recovery key that must be printed now, and the first administrator's own key."""

    key: bytes
    secret: bytes
    founder: OwnKey


class FirstAdministrator(NamedTuple):
    """Of whom the first account is made; the password twice, as it was typed."""

    person_id: str
    name: str
    password: str
    again: str


def store_kind(store: Path) -> StoreKind:
    """A plain store with a key file beside it was not taken over to the end: it is taken over again."""
    try:
        with store.open("rb") as file:
            head = file.read(len(_PLAIN))
    except FileNotFoundError:
        return StoreKind.NOTHING
    return StoreKind.PLAIN if head in (_PLAIN, b"") else StoreKind.ENCRYPTED


def make_first_record(store: Path, first: FirstAdministrator, cost: keyfile.Stretching = keyfile.STRONG) -> FirstRecord:
    """Make the store with its first administrator. Until its last step a store of before stands as it was.

    Raises `Refused`, `StoreError`, `OSError`.
    """
    from db.examine import examine

    added = a.Accounts().add(first.person_id, first.name, Role.ADMINISTRATOR, None)
    strong_password(first.password, first.again, added.person_id, added.name)
    is_plain = store_kind(store) is StoreKind.PLAIN
    new, key, secret = store.with_name(store.name + ".new"), keyfile.new_key(), recovery_key.new_secret()
    _clear(new)
    store.parent.mkdir(parents=True, exist_ok=True)
    if is_plain:
        Recorder(store, stamp).close()  # to today's form, and alone
        encrypted_copy(store, new, key)
    founder = new_own_key(added.person_id)
    founding = Founding(added, founder, founder.wrapped(first.password, cost), recovery_signer(secret).public_key)
    store_id = _begin(new, key, founding)
    examined = examine(new, key=key)
    if examined.faults:
        raise Refused(say("The record is not whole: {what} It was left as it is.", what=examined.faults[0]))
    keys = keyfile.KeyFile(store_id).with_password(added.person_id, first.password, key, cost)
    keyfile.save(keyfile.beside(store), keys.with_recovery(secret, key))
    _put_in_place(new, store)
    write_head(store, examined.head)
    return FirstRecord(key, secret, founder)


class Founding(NamedTuple):
    """The first account, its key and what is kept of it, and the public half of what the recovery key signs with."""

    added: a.PersonAdded
    founder: OwnKey
    kept: str
    recovery: bytes


def _begin(new: Path, key: bytes, founding: Founding) -> str:
    """Write the first accounts into the log: the administrator's, and one for everybody on the list of before. The administrator's
    key signs all of it: it is the one that the record is founded with.
    """
    recorder, added = Recorder(new, stamp, key=key), founding.added
    recorder.sign_with = lambda entry: (founding.founder,) if signers(entry) and entry.event is not added else ()
    try:
        with StoreReader(new, key) as reader:
            listed, store_id = [known.person for known in reader.people()], reader.info().store_id
        if any(person.person_id.casefold() == added.person_id.casefold() for person in listed):
            raise Refused(say("{person} is on the list already.", person=added.person_id))
        person = Person(added.person_id, added.name, added.role)
        recorder.append(Batch(tuple(_first_entries(founding, listed))))
        recorder.put_person(person, "", None, founding.kept).result()
    finally:
        recorder.close()
    return store_id


def _first_entries(founding: Founding, listed: list[Person]) -> Iterator[Entry]:
    added, sha256 = founding.added, kept_sha256(founding.kept)
    made = KeyMade(added.person_id, founding.founder.public_key, "founded", sha256)
    events: list[a.Happened] = [added, made, RecoveryKeyMade(founding.recovery), a.PasswordSet(added.person_id, False, sha256)]
    if listed:
        events.append(a.RecordTakenOver(len(listed)))
        events += [a.PersonAdded(p.person_id, p.name, p.role) for p in listed]
    now = clock.wall_utc()
    for event in events:
        yield Entry(uuid.uuid4().hex, stream_text(PEOPLE), now, added.person_id, event)


def _put_in_place(new: Path, store: Path) -> None:
    """The plain file goes with the same step that brings the new one; then its log and its raw bytes."""
    surely.move(new, store)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    _clear(new)
    for recording in (store.parent / "raw").glob("*" + SUFFIX):
        recording.unlink()


def _clear(new: Path) -> None:
    for suffix in _LEFT:
        new.with_name(new.name + suffix).unlink(missing_ok=True)
