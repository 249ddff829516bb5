"""What of an event may leave the ward: numbers, times and the program's own codes; never what a person typed.

Subject codes become pseudonyms that are the same in every export of a store, people their role and a number. A text is
kept only where its field is listed here, or where it is one of the program's own codes.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, Literal, get_args, get_origin

import msgspec

from app.domain.infusion.corrected import Changes, laid_over
from app.domain.infusion.facts import Corrected
from app.domain.log import Entry, Event, Stream, stream_of, stream_text
from app.domain.people.roles import Role

from .texts import Text, revived

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: Texts that name a thing of the trial and nobody.
_KEPT = {
    "bag_id", "found_id", "bag_ids", "lot", "group", "protocol_id", "protocol_version", "protocol_sha256", "drug", "vital",
    "command", "event_id", "field", "protocol", "sha256", "criterion", "decision", "mtd", "data_sha256",
    "infusion_id",
    "before_sha256", "setting", "value_before", "value_now",
}  # fmt: skip
_STAFF = "staff"


def pseudonym(key: bytes, subject: str) -> str:
    """The same for the same subject code and key; the code cannot be found from it without the key."""
    digest = hmac.digest(key, subject.strip().encode(), hashlib.sha256)
    return f"S-{b32encode(digest)[:10].decode()}"


class Deidentified:
    """Turns one store's events. `acted`: ids of people, who did something first in front; `roles`: people by id; `codes`: texts
    that the program itself offers.
    """

    def __init__(self, key: bytes, acted: Iterable[str], roles: Mapping[str, Role], codes: Container[str]) -> None:
        self._key, self._codes = key, codes
        self._roles = roles
        self._people = self._numbered(acted)

    def _numbered(self, acted: Iterable[str]) -> dict[str, str]:
        """Role and number, in the order in which people first did something; the others after them."""
        counts: dict[str, int] = {}
        people: dict[str, str] = {}
        for who in dict.fromkeys(chain(acted, sorted(self._roles))):
            role = self._roles[who].value if who in self._roles else _STAFF
            counts[role] = counts.get(role, 0) + 1
            people[who] = f"{role}-{counts[role]}"
        return people

    @property
    def people(self) -> dict[str, str]:
        """What stands for each person."""
        return dict(self._people)

    def person(self, person_id: str | None) -> str | None:
        return None if person_id is None else self._people.get(person_id, _STAFF)

    def subject(self, subject: str | None) -> str | None:
        return None if subject is None else pseudonym(self._key, subject)

    def code(self, text: str) -> str:
        """A text if it is one of the program's own, else nothing."""
        return text if text in self._codes else ""

    def entries(self, entries: Iterable[Entry], changes: Changes) -> Iterator[Entry]:
        """One after another, with their corrections laid over them; of a correction only which field it changed stays."""
        return (self._entry(laid_over(entry, changes)) for entry in entries)

    def _entry(self, entry: Entry) -> Entry:
        by, co, stream = self.person(entry.by), self.person(entry.co), self._stream(entry.stream)
        return msgspec.structs.replace(entry, stream=stream, by=by, co=co, event=self.event(entry.event))

    def _stream(self, text: str) -> str:
        stream = stream_of(text)
        return stream_text(Stream("subject", pseudonym(self._key, stream.id))) if stream.kind == "subject" else text

    def event(self, event: Event) -> Event:
        if isinstance(event, Corrected):
            event = msgspec.structs.replace(event, old="", new="")
        turned: Event = self._struct(event)
        return turned

    def _struct(self, struct: Any) -> Any:
        fields = msgspec.structs.fields(type(struct))
        turned = {f.name: self._value(f.name, f.type, getattr(struct, f.name)) for f in fields}
        return type(struct)(**turned)

    def _value(self, name: str, kind: Any, value: Any) -> Any:
        if isinstance(value, Text):
            return Text(value.msgid, {place: self._in_place(place, said) for place, said in revived(value).params.items()})
        if isinstance(value, msgspec.Struct):
            return self._struct(value)
        if isinstance(value, tuple):
            return tuple(kept for item in value if (kept := self._value(name, kind, item)) != "")
        if isinstance(value, str):
            return value if _is_choice(kind) else self._text(name, value)
        return value if _is_plain(value) else type(value)()

    def _in_place(self, place: str, said: Any) -> Any:
        """What stands in a place of a text: numbers, times and the program's own texts stay, what a person typed does not."""
        if isinstance(said, str):
            return said if _NUMBER.fullmatch(said) else self._text(place, said)
        return self._value(place, str, said) if isinstance(said, Text) or _is_plain(said) else ""

    def _text(self, name: str, value: str) -> str:
        if name == "subject":
            return pseudonym(self._key, value)
        if value in self._people:
            return self._people[value]
        return value if name in _KEPT else self.code(value)


def _is_choice(kind: Any) -> bool:
    """A Literal: the program's own words by its type."""
    return get_origin(kind) is Literal or any(get_origin(part) is Literal for part in get_args(kind))


def _is_plain(value: object) -> bool:
    """A number, a time or a day, nothing, or the results of named tests."""
    is_results = isinstance(value, dict) and all(isinstance(passed, bool) for passed in value.values())
    return is_results or value is None or isinstance(value, bool | int | float | Decimal | date)
