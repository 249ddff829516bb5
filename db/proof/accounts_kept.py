"""The table of people held against what happened to their accounts."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from app.domain.log import Entry
from app.domain.people.accounts import PasswordSet, PersonAdded, PersonDisabled, PinSet
from app.domain.people.own_keys import KeyMade
from app.domain.people.proofs import kept_sha256
from app.domain.texts import Text, say
from db.log.canonical import utc_text
from db.statements import Driver

_TABLE = "person"
_PEOPLE = "SELECT * FROM person ORDER BY person_id"


class _Told(NamedTuple):
    """What the log says of one person's row; `password`, `pin`: SHA-256 of what is kept of them, "" where it was not noted."""

    name: str
    role: str
    disabled_at: datetime | None = None
    password: str = ""
    pin: str = ""
    is_kept: bool = False


def account_faults(raw: Driver, happened: Iterable[Entry]) -> Iterator[Text]:
    """A record of before accounts stood in the log has people that no event tells of; then there is nothing to compare."""
    told = _told(happened)
    if not told:
        return
    found = raw.execute(_PEOPLE)
    names = [column[0] for column in found.description]
    there: dict[str, dict[str, Any]] = {}
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        there[str(row["person_id"])] = row
    for person_id in sorted(there.keys() - told.keys()):
        yield say("The table {table} has {person}, of whom no event tells.", table=_TABLE, person=_shown(person_id))
    for person_id in sorted(told.keys() - there.keys()):
        if told[person_id].is_kept:
            yield say("The table {table} lacks {person}, of whom the events tell.", table=_TABLE, person=_shown(person_id))
    for person_id in sorted(told.keys() & there.keys()):
        yield from _differences(person_id, there[person_id], told[person_id])


def _told(happened: Iterable[Entry]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for entry in happened:
        event = entry.event
        if isinstance(event, PersonAdded):
            told[event.person_id] = _Told(event.name, event.role.value)
        elif isinstance(event, PersonDisabled | PasswordSet | PinSet | KeyMade) and event.person_id in told:
            before = told[event.person_id]
            if isinstance(event, PersonDisabled):
                told[event.person_id] = before._replace(disabled_at=entry.at)
            elif isinstance(event, KeyMade):
                told[event.person_id] = before._replace(password=event.sha256, pin=kept_sha256(""), is_kept=bool(event.sha256))
            elif isinstance(event, PasswordSet):
                told[event.person_id] = before._replace(password=event.sha256, is_kept=True)
            else:
                told[event.person_id] = before._replace(pin=event.sha256, is_kept=True)
    return told


def _differences(person_id: str, row: dict[str, Any], told: _Told) -> Iterator[Text]:
    disabled = None if told.disabled_at is None else utc_text(told.disabled_at)
    wrong = [name for name, right in (("name", told.name), ("role", told.role)) if row[name] != right]
    if row["disabled_at"] != disabled and not _is_near(row["disabled_at"], told.disabled_at):
        wrong.append("disabled_at")
    for name, sha256 in (("password_hash", told.password), ("pin_hash", told.pin)):
        if sha256 and name in row and kept_sha256(_shown(row[name])) != sha256:
            wrong.append(name)
    for name in wrong:
        yield say("The table {table} says something else as {column} of {person} than the events.",
                  table=_TABLE, column=name, person=_shown(person_id))  # fmt: skip


def _is_near(text: object, at: datetime | None) -> bool:
    """Versions before noted the row a moment after the event."""
    try:
        return at is not None and abs((datetime.fromisoformat(str(text)) - at).total_seconds()) < 5
    except (ValueError, TypeError):
        return False


def _shown(value: object) -> str:
    return str(value).encode(errors="replace").decode()
