"""The short list of people and their PINs. Hashes are Argon2id; checking one takes long on purpose."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.domain.errors import Refused
from app.domain.people import Person, Role
from app.domain.texts import say

from .ports import Post

LEAST_DIGITS = 4


class Known:
    """One person of the list with the PIN's hash."""

    def __init__(self, person: Person, pin_hash: str) -> None:
        self.person = person
        self.pin_hash = pin_hash


class People:
    """The list. Checking runs on `executor`; the answer comes back on the deciding thread through `post`."""

    def __init__(self, known: Iterable[Known], executor: Executor, post: Post) -> None:
        self._known = {k.person.person_id: k for k in known}
        self._executor, self._post = executor, post

    @property
    def all(self) -> list[Person]:
        order = list(Role)
        return sorted((k.person for k in self._known.values()), key=lambda p: (order.index(p.role), p.person_id))

    def of(self, *roles: Role) -> list[Person]:
        return [p for p in self.all if p.role in roles]

    def name(self, person_id: str | None) -> str:
        known = self._known.get(person_id or "")
        return known.person.name if known else (person_id or "")

    @property
    def by_id(self) -> dict[str, Person]:
        return {k: v.person for k, v in self._known.items()}

    def add(self, known: Known) -> None:
        if known.person.person_id in self._known:
            raise Refused(say("{person} is on the list already.", person=known.person.person_id))
        self._known[known.person.person_id] = known

    def check(self, person_id: str, pin: str, done: Callable[[Person | None], None]) -> None:
        """Whether the PIN is this person's; `done` gets the person, or None."""
        known = self._known.get(person_id)
        pin_hash = known.pin_hash if known else _NOBODY
        future = self._executor.submit(matches, pin_hash, pin)
        person = known.person if known else None

        def answer() -> None:
            done(person if future.result() else None)

        future.add_done_callback(lambda _future: self._post(answer))


def hashed(pin: str) -> str:
    """The hash of a new PIN. Raises `Refused` for one that is too short or not digits."""
    if len(pin) < LEAST_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise Refused(say("A PIN has at least {digits} digits.", digits=LEAST_DIGITS))
    return PasswordHasher().hash(pin)


def matches(pin_hash: str, pin: str) -> bool:
    try:
        return PasswordHasher().verify(pin_hash, pin)
    except VerificationError:
        return False


#: The hash of a random PIN: an unknown person costs the same time.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$rQo9yyUMzyBTr4k0bnTVxr1bXBm2dHYX7Z1ZpRZfKXQ"

PRACTICE: tuple[tuple[Person, str], ...] = (
    (Person("N-01", "N-01", Role.NURSE), "1111"),
    (Person("N-02", "N-02", Role.NURSE), "2222"),
    (Person("P-01", "P-01", Role.PHARMACIST), "3333"),
    (Person("I-01", "I-01", Role.INVESTIGATOR), "4444"),
)
