"""What keeping accounts needs, and what is said to who is not let in."""

from datetime import datetime
from typing import Protocol

import msgspec

from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.texts import Text, say

from .held_keys import Secret
from .kept_secrets import Hashes

LOCKED = say("Too many wrong passwords. An administrator must let you in again.")
WRONG: dict[Secret, Text] = {
    "password": say("Name and password do not fit. Type the password again."),
    "pin": say("The PIN is wrong. Type it again."),
}
#: Tries are told once so few are left: until then whoever has no account is answered the same.
_TOLD_FROM = 5


def wrong(secret: Secret, left: int) -> Text:
    """What is said to a wrong one, `left` tries before it counts no more."""
    if left > _TOLD_FROM:
        return WRONG[secret]
    if secret == "password":
        return say("Name and password do not fit. Tries left: {left}; then an administrator must let you in again.", left=left)
    if left == 0:
        return say("The PIN is wrong, and was too often: type the password.")
    return say("The PIN is wrong. Tries left: {left}; then only the password counts.", left=left)


class Checked(msgspec.Struct, frozen=True):
    """Who it is, or why not."""

    person: Person | None = None
    refused: Text = WRONG["password"]


class Keeping(Protocol):
    """Where accounts are kept."""

    def happened(self, entry: Entry, /) -> None:
        """For the log."""

    def put(self, person: Person, hashes: Hashes, disabled_at: datetime | None, /) -> None: ...

    def wrap(self, person_id: str, password: str | None, /) -> None:
        """A password as a way into the store, or (None) no way in any more. Raises `Refused`."""
