"""Accounts for tests: kept in memory, everybody with the same password and PIN."""

from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import datetime

from app.domain.log import PEOPLE, Entry, Event, stream_text
from app.domain.people import accounts as a
from app.domain.people.roles import Person
from app.services.access.kept_secrets import Hashes
from app.services.access.people import People
from app.services.ward.ports import Post
from tests.fakes import BEGIN


class Kept:
    """What was kept, for the test to look at."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.hashes: dict[str, Hashes] = {}
        self.disabled: dict[str, datetime] = {}
        self.ways_in: dict[str, str] = {}

    def happened(self, entry: Entry, /) -> None:
        self.entries.append(entry)

    def put(self, person: Person, hashes: Hashes, disabled_at: datetime | None, /) -> None:
        self.hashes[person.person_id] = hashes
        if disabled_at is not None:
            self.disabled[person.person_id] = disabled_at

    def wrap(self, person_id: str, password: str | None, /) -> None:
        if password is None:
            del self.ways_in[person_id]
        else:
            self.ways_in[person_id] = password

    @property
    def events(self) -> list[Event]:
        return [entry.event for entry in self.entries]


def accounts_of(people: Iterable[Person]) -> list[Entry]:
    """Each added, with a password and a PIN of their own."""
    made: list[Entry] = []
    for person in people:
        who = person.person_id
        events: tuple[a.Happened, ...] = (a.PersonAdded(who, person.name, person.role), a.PasswordSet(who, False), a.PinSet(who))
        made += [Entry(f"{who}-{at}", stream_text(PEOPLE), BEGIN, None, event) for at, event in enumerate(events)]
    return made


def people_of(people: Iterable[Person], secret_hash: str, executor: Executor, post: Post, kept: Kept | None = None) -> People:
    """`secret_hash`: of the password and the PIN of everybody."""
    listed = list(people)
    hashes = {person.person_id: Hashes(secret_hash, secret_hash) for person in listed}
    return People(accounts_of(listed), hashes, kept or Kept(), executor, post, lambda: BEGIN)
