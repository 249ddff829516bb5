"""Who may sign in: accounts as they follow from what happened to them, and what an administrator may do.

What happens to accounts and to the record as a whole stands on the stream `people`; who did it is `by` of the entry.
Numbers are never given twice: an account is disabled, not deleted (21 CFR 11.100, 11.300).
"""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.log import Event, Remarks, ReviewGroup
from app.domain.texts import Text, say
from app.domain.typed_texts import MOST_OF_A_CODE, folded, sentence

from .laptops import LaptopEvent
from .own_keys import KeyEvent, KeyMade
from .proofs import ProofEvent
from .roles import Person, Role

#: After so many wrong passwords an administrator must let the person in again (NIST SP 800-63B: at most 100).
MOST_WRONG_PASSWORDS = 10
#: After so many wrong PINs only the password counts.
MOST_WRONG_PINS = 5
_MOST_NAME = 80


_CAUSES: dict[str, Text] = {
    "person": say("by the person"),
    "idle": say("nobody was there"),
    "closed": say("the program was closed"),
}


class PersonAdded(Event, frozen=True):
    sentence = say("Account made: {name} ({number}), {role}")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    person_id: str
    name: str
    role: Role


class PersonDisabled(Event, frozen=True):
    sentence = say("Account of {person_id} disabled")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    person_id: str
    reason: str

    def further(self) -> Remarks:
        return (self.reason,)


class PasswordSet(Event, frozen=True):
    """`first`: given by an administrator, to be changed by the person at the first sign-in. `sha256`: of what is kept of it; "" in
    records of before.
    """

    sentence = say("Password of {person_id} set")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    person_id: str
    first: bool
    sha256: str = ""

    def further(self) -> Remarks:
        return (say("to be changed at the first sign-in") if self.first else None,)


class PinSet(Event, frozen=True):
    """`sha256`: of what is kept of it."""

    sentence = say("PIN of {person_id} set")
    reviewed_as = (ReviewGroup.ACCOUNTS,)

    person_id: str
    sha256: str = ""


class SignedIn(Event, frozen=True):
    sentence = say("{person_id} signed in")
    reviewed_as = (ReviewGroup.SIGN_INS,)

    person_id: str


class SignedOut(Event, frozen=True):
    sentence = say("{person_id} signed out")
    reviewed_as = (ReviewGroup.SIGN_INS,)

    person_id: str
    cause: Literal["person", "idle", "closed"]

    def further(self) -> Remarks:
        return (_CAUSES[self.cause],)


class SignInFailed(Event, frozen=True):
    """`times`: also what was tried before the store could be opened."""

    sentence = say("Sign-in as {person_id} refused")
    reviewed_as = (ReviewGroup.SIGN_INS,)

    person_id: str
    secret: Literal["password", "pin"]
    times: int = 1

    def further(self) -> Remarks:
        wrong = say("wrong password") if self.secret == "password" else say("wrong PIN")
        return wrong, say("{n} times", n=self.times) if self.times > 1 else None


class Unlocked(Event, frozen=True):
    """An administrator lets a person in again who had typed too many wrong passwords."""

    sentence = say("{person_id} let in again")
    reviewed_as = (ReviewGroup.SIGN_INS, ReviewGroup.ACCOUNTS)

    person_id: str


class RecoveryKeyUsed(Event, frozen=True):
    """The record was opened with the printed recovery key, whoever held it."""

    sentence = say("Record opened with the recovery key")
    reviewed_as = (ReviewGroup.SIGN_INS,)


class EmergencyOpened(Event, frozen=True):
    """Somebody who could not sign in, by the name they typed."""

    sentence = say("Emergency access by {name}")
    reviewed_as = (ReviewGroup.SIGN_INS,)

    name: str


class EmergencyJustified(Event, frozen=True):
    """Why it was needed, said later by a person of the trial. `opened`: the event it speaks of."""

    sentence = say("Why emergency access was needed: {reason}")
    reviewed_as = (ReviewGroup.SIGN_INS,)

    opened: str
    reason: str


class RecordTakenOver(Event, frozen=True):
    """A plain record of before became this encrypted one."""

    sentence = say("Plain record of before taken over, with {people} people")
    reviewed_as = (ReviewGroup.RECORD,)

    people: int


class NameShown(Event, frozen=True):
    sentence = say("Name of subject {subject} shown")
    reviewed_as = (ReviewGroup.RECORD,)

    subject: str


class NameKept(Event, frozen=True):
    """A name was given to a subject code, or changed; the name itself never stands in the log."""

    sentence = say("Name of subject {subject} kept")
    reviewed_as = (ReviewGroup.RECORD,)

    subject: str
    is_erased: bool = False


class BackedUp(Event, frozen=True):
    """`drill`: the copy was also put back as a record in another place, and that was examined."""

    sentence = say("Backed up to {folder}: {events} events")
    reviewed_as = (ReviewGroup.RECORD,)

    folder: str
    events: int
    head: str
    drill: bool = False

    def further(self) -> Remarks:
        return (say("head {head}", head=self.head),)


class Exported(Event, frozen=True):
    sentence = say("Exported as {file}: {events} events")
    reviewed_as = (ReviewGroup.RECORD,)

    file: str
    events: int
    sha256: str

    def further(self) -> Remarks:
        return (f"SHA-256 {self.sha256}",)


#: All but quiet events, such as the seals of samples.
TOLD = "told"


class Scope(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which events of the trail a reviewer looked at; what is empty left nothing out.

    `kind`: a `ReviewGroup`, or `TOLD`: all but what is for the record alone; `stream`: an infusion, whose `subject` and `dose`
    stand beside it, or “people”; days: local, inclusive.
    """

    text: str = ""
    person: str = ""
    kind: str = ""
    stream: str = ""
    subject: str = ""
    dose: int = 0
    from_day: str = ""
    to_day: str = ""


class Reviewed(Event, frozen=True):
    """A reviewer has read `events` events of the trail, the newest `up_to`, as far as `scope` says (a text: of a record of before).

    `spans`: which, each from its oldest to its newest among those in scope; none: a record of before, that says “up to” alone.
    """

    sentence = say("Trail reviewed up to event {up_to}: {scope}")
    reviewed_as = (ReviewGroup.RECORD,)

    up_to: int
    scope: Scope | str
    remark: str
    events: int = 0
    spans: tuple[tuple[int, int], ...] = ()

    def further(self) -> Remarks:
        return (self.remark,)


Happened = (
    PersonAdded | PersonDisabled | PasswordSet | PinSet | SignedIn | SignedOut | SignInFailed | Unlocked
    | RecoveryKeyUsed | EmergencyOpened | EmergencyJustified | RecordTakenOver | NameShown | NameKept | BackedUp | Exported
    | Reviewed | LaptopEvent | ProofEvent | KeyEvent
)  # fmt: skip


class Account(msgspec.Struct, frozen=True):
    """One person's account. `first_password`: the password in use was given by somebody else."""

    person: Person
    disabled: bool = False
    has_password: bool = False
    has_pin: bool = False
    first_password: bool = False
    wrong_passwords: int = 0
    wrong_pins: int = 0

    def tries_left(self, secret: Literal["password", "pin"]) -> int:
        most, wrong = (MOST_WRONG_PINS, self.wrong_pins) if secret == "pin" else (MOST_WRONG_PASSWORDS, self.wrong_passwords)
        return max(0, most - wrong)

    @property
    def locked(self) -> bool:
        return self.tries_left("password") == 0

    @property
    def pin_counts(self) -> bool:
        """Whether the PIN may stand for the password inside an open sign-in."""
        return self.has_pin and self.tries_left("pin") > 0


class Accounts:
    """All accounts ever, in the order in which they were made."""

    def __init__(self, happened: Iterable[Event] = ()) -> None:
        self._by_id: dict[str, Account] = {}
        for event in happened:
            self.apply(event)

    @property
    def all(self) -> list[Account]:
        return list(self._by_id.values())

    def get(self, person_id: str) -> Account | None:
        return self._by_id.get(person_id)

    def apply(self, event: Event) -> None:
        if isinstance(event, PersonAdded):
            person = Person(event.person_id, event.name, event.role)
            self._by_id[event.person_id] = Account(person)
            return
        person_id = getattr(event, "person_id", None)
        account = self._by_id.get(person_id) if person_id else None
        if account is not None:
            self._by_id[account.person.person_id] = _after(account, event)

    # --- what may be done

    def add(self, person_id: str, name: str, role: Role, by: Person | None) -> PersonAdded:
        """The first one makes itself, and is an administrator. Raises `Refused`."""
        person_id, name = sentence(folded(person_id), MOST_OF_A_CODE), sentence(name.strip(), _MOST_NAME)
        if not person_id or not name:
            raise Refused(say("Staff number and name are needed."))
        if self._by_id:
            administers(by)
        elif role is not Role.ADMINISTRATOR:
            raise Refused(say("The first account is an administrator's."))
        if any(known.casefold() == person_id.casefold() for known in self._by_id):
            raise Refused(say("{person} is on the list already.", person=person_id))
        return PersonAdded(person_id, name, role)

    def disable(self, person_id: str, reason: str, by: Person | None) -> PersonDisabled:
        """Raises `Refused`; an administrator is always left."""
        administers(by)
        account = self._known(person_id)
        others = [a for a in self.all if not a.disabled and a.person.person_id != person_id]
        if not any(a.person.role is Role.ADMINISTRATOR for a in others):
            raise Refused(say("This is the only administrator. Add another one first."))
        if not reason.strip():
            raise Refused(say("Give a reason."))
        return PersonDisabled(account.person.person_id, sentence(reason.strip()))

    def unlock(self, person_id: str, by: Person | None) -> Unlocked:
        """Raises `Refused`."""
        administers(by)
        account = self._known(person_id)
        if not account.locked:
            raise Refused(say("{person} is not locked out.", person=person_id))
        return Unlocked(person_id)

    def set_password(self, person_id: str, by: Person | None) -> PasswordSet:
        """One's own, or as an administrator a first one for somebody else. Raises `Refused`."""
        account = self._known(person_id)
        own = by is not None and by.person_id == person_id
        alone = by is None and len(self._by_id) == 1
        if not own and not alone:
            administers(by)
        return PasswordSet(account.person.person_id, first=not own and not alone)

    def _known(self, person_id: str) -> Account:
        account = self._by_id.get(person_id)
        if account is None or account.disabled:
            raise Refused(say("{person} has no account.", person=person_id))
        return account


def _after(account: Account, event: Event) -> Account:
    changes: dict[str, Any] = {}
    if isinstance(event, PersonDisabled):
        changes = {"disabled": True}
    elif isinstance(event, PasswordSet):
        changes = {"has_password": True, "first_password": event.first, "wrong_passwords": 0}
    elif isinstance(event, PinSet):
        changes = {"has_pin": True, "wrong_pins": 0}
    elif isinstance(event, KeyMade):
        changes = {"has_password": True, "has_pin": False}
    elif isinstance(event, SignedIn | Unlocked):
        changes = {"wrong_passwords": 0, "wrong_pins": 0}
    elif isinstance(event, SignInFailed):
        name = "wrong_passwords" if event.secret == "password" else "wrong_pins"
        changes = {name: getattr(account, name) + event.times}
    return replace(account, **changes)


def administers(by: Person | None) -> None:
    """Refuse whoever is no administrator."""
    if by is None or by.role is not Role.ADMINISTRATOR:
        raise Refused(say("Only an administrator may do this."))
