"""The ways into an encrypted store: a person's password, the printed recovery key; and what was typed wrong meanwhile."""

from pathlib import Path

from app.domain.errors import Refused
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.people import accounts as a
from app.domain.texts import say
from app.services.access import keyfile, recovery_key, wrong_passwords
from db.queries import StoreReader

_LOCKED_OUT = say("Too many wrong passwords. Somebody else must open the record, or the recovery key.")
#: Those of within the record are not known yet: there may be fewer.
_TOLD_FROM = 5
_WATCHED = (*INFUSING, Phase.OBSERVATION)


def key_by_password(store: Path, person_id: str, password: str) -> bytes:
    """The store's key. Raises `Refused`, `StoreError`, `OSError`.

    Whoever is locked out opens it only while an infusion or its observation goes on, and then is not signed in.
    """
    counted = wrong_passwords.beside(store)
    try:
        key = keyfile.load(keyfile.beside(store)).open_with_password(person_id, password)
    except Refused:
        left = a.MOST_WRONG_PASSWORDS - wrong_passwords.failed(counted, person_id)
        if left <= 0:
            raise Refused(_LOCKED_OUT) from None
        if left <= _TOLD_FROM:
            raise Refused(say("Name and password do not fit. Nothing was opened. Tries left: at most {left}.", left=left)) from None
        raise
    with StoreReader(store, key) as reader:
        account = a.Accounts(entry.event for entry in reader.account_entries()).get(person_id)
        wrong = wrong_passwords.load(counted).get(person_id, 0) + (account.wrong_passwords if account else 0)
        if wrong >= a.MOST_WRONG_PASSWORDS and not any(row.phase in _WATCHED for row in reader.standing()):
            raise Refused(_LOCKED_OUT)
    return key


def take_wrong_passwords(store: Path) -> dict[str, int]:
    """Wrong passwords by person since the record was last open. They are forgotten: whoever asks writes them down in it."""
    counted = wrong_passwords.beside(store)
    found = wrong_passwords.load(counted)
    wrong_passwords.forget(counted)
    return found


def key_by_recovery_key(store: Path, typed: str) -> bytes:
    """The store's key by the printed recovery key. Raises `Refused`, `OSError`."""
    return keyfile.load(keyfile.beside(store)).open_with_recovery(recovery_key.read(typed))


def password_holders(store: Path) -> list[str]:
    """Staff numbers that have a password to this store. Raises `Refused`, `OSError`."""
    return sorted(slot.who for slot in keyfile.load(keyfile.beside(store)).slots if slot.who != keyfile.RECOVERY)
