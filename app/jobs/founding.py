"""The ward's own encrypted store: made new, or made of a plain one of before; and the ways into it."""

import os
import uuid
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.people import accounts as a
from app.domain.people.roles import Person, Role
from app.domain.texts import say
from app.program.open_record import stamp
from app.services import clock
from app.services.access import keyfile, recovery_key, tries
from app.services.access.people import hashed
from db.batch import Batch
from db.encrypting import encrypted_copy
from db.examine import examine
from db.headfile import write_head
from db.queries import Reader
from db.recorder import Recorder
from devices.recording import SUFFIX

_PLAIN = b"SQLite format 3\0"
_LOCKED_OUT = say("Too many wrong passwords. Somebody else must open the record, or the recovery key.")
_WATCHED = (*INFUSING, Phase.OBSERVATION)
_LEFT = ("", "-wal", "-shm", ".head", ".lock", ".ballast")


class Kind(Enum):
    """What lies where the store should be."""

    NOTHING = auto()
    PLAIN = auto()
    ENCRYPTED = auto()


class Founded(NamedTuple):
    """The store's key, and the secret behind the recovery key that must be printed now."""

    key: bytes
    secret: bytes


class Founder(NamedTuple):
    """The first administrator."""

    person_id: str
    name: str
    password: str
    again: str


def kind_of(store: Path) -> Kind:
    """A plain store with a key file beside it was not taken over to the end: it is taken over again."""
    try:
        with store.open("rb") as file:
            head = file.read(len(_PLAIN))
    except FileNotFoundError:
        return Kind.NOTHING
    return Kind.PLAIN if head in (_PLAIN, b"") else Kind.ENCRYPTED


def found(store: Path, founder: Founder, cost: keyfile.Stretching = keyfile.STRONG) -> Founded:
    """Make the store with its first administrator. Until its last step a store of before stands as it was.

    Raises `Refused`, `StoreError`, `OSError`.
    """
    added = a.Accounts().add(founder.person_id, founder.name, Role.ADMINISTRATOR, None)
    a.new_password(founder.password, founder.again, added.person_id)
    is_plain = kind_of(store) is Kind.PLAIN
    new, key, secret = store.with_name(store.name + ".new"), keyfile.new_key(), recovery_key.new_secret()
    _clear(new)
    store.parent.mkdir(parents=True, exist_ok=True)
    if is_plain:
        Recorder(store, stamp).close()  # to today's form, and alone
        encrypted_copy(store, new, key)
    store_id = _begin(new, key, added, founder.password)
    examined = examine(new, key=key)
    if examined.faults:
        raise Refused(say("The record is not whole: {what} It was left as it is.", what=examined.faults[0]))
    keys = keyfile.KeyFile(store_id).with_password(added.person_id, founder.password, key, cost)
    keyfile.save(keyfile.beside(store), keys.with_recovery(secret, key))
    _put_in_place(new, store)
    write_head(store, examined.head)
    return Founded(key, secret)


def _begin(new: Path, key: bytes, added: a.PersonAdded, password: str) -> str:
    """Write the first accounts into the log: the founder's, and one for everybody on the list of before."""
    recorder = Recorder(new, stamp, key=key)
    try:
        with Reader(new, key) as reader:
            listed, store_id = [known.person for known in reader.people()], reader.info().store_id
        if any(person.person_id.casefold() == added.person_id.casefold() for person in listed):
            raise Refused(say("{person} is on the list already.", person=added.person_id))
        person = Person(added.person_id, added.name, added.role)
        recorder.append(Batch(tuple(_first_entries(added, listed))))
        recorder.put_person(person, "", None, hashed(password)).result()
    finally:
        recorder.close()
    return store_id


def _first_entries(added: a.PersonAdded, listed: list[Person]) -> Iterator[a.AccountEntry]:
    events: list[a.Happened] = [added, a.PasswordSet(added.person_id, first=False)]
    if listed:
        events.append(a.RecordTakenOver(len(listed)))
        events += [a.PersonAdded(p.person_id, p.name, p.role) for p in listed]
    now = clock.wall_utc()
    for event in events:
        yield a.AccountEntry(uuid.uuid4().hex, now, added.person_id, event)


def _put_in_place(new: Path, store: Path) -> None:
    """The plain file goes with the same step that brings the new one; then its log and its raw bytes."""
    os.replace(new, store)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    _clear(new)
    for recording in (store.parent / "raw").glob("*" + SUFFIX):
        recording.unlink()


def _clear(new: Path) -> None:
    for suffix in _LEFT:
        new.with_name(new.name + suffix).unlink(missing_ok=True)


def unlocked(store: Path, person_id: str, password: str) -> bytes:
    """The store's key. Raises `Refused`, `StoreError`, `OSError`.

    Whoever is locked out opens it only while an infusion or its observation goes on, and then is not signed in.
    """
    counted = tries.beside(store)
    try:
        key = keyfile.load(keyfile.beside(store)).open_with_password(person_id, password)
    except Refused:
        if tries.failed(counted, person_id) >= a.MOST_WRONG_PASSWORDS:
            raise Refused(_LOCKED_OUT) from None
        raise
    with Reader(store, key) as reader:
        account = a.Accounts(entry.event for entry in reader.account_entries()).get(person_id)
        wrong = tries.load(counted).get(person_id, 0) + (account.wrong_passwords if account else 0)
        if wrong >= a.MOST_WRONG_PASSWORDS and not any(row.phase in _WATCHED for row in reader.standing()):
            raise Refused(_LOCKED_OUT)
    return key


def tried(store: Path) -> dict[str, int]:
    """Wrong passwords by person since the record was last open. They are forgotten: whoever asks writes them down in it."""
    counted = tries.beside(store)
    found = tries.load(counted)
    tries.forget(counted)
    return found


def recovered(store: Path, typed: str) -> bytes:
    """The store's key by the printed recovery key. Raises `Refused`, `OSError`."""
    return keyfile.load(keyfile.beside(store)).open_with_recovery(recovery_key.read(typed))


def ways_in(store: Path) -> list[str]:
    """Staff numbers that have a password to this store. Raises `Refused`, `OSError`."""
    return sorted(slot.who for slot in keyfile.load(keyfile.beside(store)).slots if slot.who != keyfile.RECOVERY)
