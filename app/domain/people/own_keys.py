"""Whose key is whose: each person signs with a key of their own (Ed25519), whose public half stands in the record."""

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from typing import Literal

from app.domain.infusion.facts import ReleaseArrived, ReleaseSent, Signing
from app.domain.log import Entry, Event, Remarks, ReviewGroup
from app.domain.texts import Text, say

How = Literal["founded", "given", "own", "recovered", "taken up"]
"""By whom: with the record itself; by an administrator; by the person, who had one; by the recovery key; at the first sign-in of an
account of before there were keys."""

#: Who signs by the printed recovery key.
RECOVERY = "recovery"
_HOW: dict[str, Text] = {
    "founded": say("with the record"),
    "given": say("given by an administrator, and cannot sign for the past"),
    "own": say("chosen by the person"),
    "recovered": say("given by the recovery key, and cannot sign for the past"),
    "taken up": say("at the first sign-in since people have keys"),
}


class KeyMade(Event, frozen=True):
    """A person's new key: from now on only this one signs for them. `sha256`: of what is kept of it, wrapped by the password."""

    sentence = say("Signing key of {person_id} made")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    person_id: str
    public_key: bytes
    how: How
    sha256: str

    def further(self) -> Remarks:
        return _HOW[self.how], say("fingerprint {fingerprint}", fingerprint=key_fingerprint(self.public_key))


class RecoveryKeyMade(Event, frozen=True):
    """The printed recovery key can sign for new passwords; this is its public half."""

    sentence = say("Recovery key made")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    public_key: bytes

    def further(self) -> Remarks:
        return (say("fingerprint {fingerprint}", fingerprint=key_fingerprint(self.public_key)),)


KeyEvent = KeyMade | RecoveryKeyMade


def key_fingerprint(public_key: bytes) -> str:
    """80 bits of a key, to be compared by people: `ABCD-EFGH-IJKL-MNOP`."""
    letters = b32encode(hashlib.sha256(b"bedside key" + public_key).digest()[:10]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


class Keyring:
    """The public keys that count now, after any number of events of people."""

    def __init__(self) -> None:
        self._now: dict[str, bytes] = {}
        self.founded: KeyMade | None = None

    def apply(self, event: Event) -> None:
        if isinstance(event, KeyMade):
            self._now[event.person_id] = event.public_key
            self.founded = self.founded or event
        elif isinstance(event, RecoveryKeyMade):
            self._now[RECOVERY] = event.public_key

    def key(self, who: str) -> bytes | None:
        return self._now.get(who)

    @property
    def founder(self) -> str:
        """The fingerprint of the key that the record was founded with; "" in a record of before keys."""
        return "" if self.founded is None else key_fingerprint(self.founded.public_key)


def founder(happened: Iterable[Entry]) -> str:
    """The fingerprint of the key that a record was founded with, of what happened to its people."""
    ring = Keyring()
    for entry in happened:
        ring.apply(entry.event)
    return ring.founder


def signers(entry: Entry) -> tuple[str, ...]:
    """Who signs an event with their own key: an electronic signature, what goes from laptop to laptop, accounts, rules, keys."""
    event = entry.event
    if isinstance(event, Signing):
        who = event.signer(entry.by) if event.meaning_signed is not None else None
        return (who,) if who else ()
    if isinstance(event, ReleaseSent | ReleaseArrived) or bool(getattr(event, "printed_name", None)):
        return (entry.by,) if entry.by else ()  # of a subject or the trial, too, whoever signed is who recorded it
    if type(event).__name__ in _SIGNED:
        return tuple(who for who in (entry.by, entry.co) if who) or ((RECOVERY,) if type(event).__name__ in _RECOVERED else ())
    return ()


#: By their names: they stand in rooms that know this one.
_SIGNED = {
    "PersonAdded", "PersonDisabled", "PasswordSet", "PinSet", "Unlocked", "LaptopAdded", "LaptopRemoved",
    "KeyMade", "RecoveryKeyMade", "ProtocolTaken", "SettingChanged",
}  # fmt: skip
_RECOVERED = {"KeyMade", "PasswordSet", "Unlocked"}
