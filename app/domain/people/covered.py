"""What a signature covers: one line of canonical JSON an entry, in order. Bytes in, hash out.

Fields that stand at their default are left out of the line, so that a field added in a later version changes no hash.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from functools import cache
from typing import Any

import msgspec

from app.domain.log import Entry, Event


class Covered:
    """The hash of the lines so far, SHA-256 (hex): what a signature after them is given for."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def take(self, line: bytes) -> None:
        self._hash.update(line)


def digest(entries: Iterable[Entry]) -> str:
    """SHA-256 (hex) of what a signature after these entries is given for."""
    covered = Covered()
    for entry in entries:
        covered.take(line_of(entry))
    return covered.sha256


def line_of(entry: Entry) -> bytes:
    return canonical(entry) + b"\n"


def canonical(entry: Entry) -> bytes:
    """One entry as JSON: keys sorted, the time in UTC, nothing that stands at its default."""
    entry = msgspec.structs.replace(entry, at=entry.at.astimezone(UTC))
    return msgspec.json.encode(_told(entry, msgspec.json.decode(msgspec.json.encode(entry))), order="sorted")


def _told(value: Any, as_json: Any) -> Any:
    """The JSON of a value without what stands at its default, all the way down; free-form parts stay whole."""
    if isinstance(value, msgspec.Struct):
        kept = {name: getattr(value, name) for name, default in _defaults(type(value)) if getattr(value, name) != default}
        told = {name: _told(item, as_json[name]) for name, item in kept.items()}
        return {**told, "type": as_json["type"]} if isinstance(value, Event) else told
    if isinstance(value, tuple):
        return [_told(item, its_json) for item, its_json in zip(value, as_json, strict=True)]
    return as_json


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, f.default if f.default_factory is msgspec.NODEFAULT else f.default_factory())
                 for f in msgspec.structs.fields(kind))  # fmt: skip
