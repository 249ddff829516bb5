"""Writing people and settings. Runs inside a transaction of the writer."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert

from app.domain.people import Person

from .schema import person, setting


def put_person(connection: Connection, who: Person, pin_hash: str, disabled_at: datetime | None) -> None:
    """Add a person, or change the one of this `person_id`."""
    values = {
        "person_id": who.person_id,
        "name": who.name,
        "role": str(who.role),
        "pin_hash": pin_hash,
        "disabled_at": disabled_at,
    }
    _put(connection, person, "person_id", values)


def put_setting(connection: Connection, key: str, value: Any) -> None:
    """Keep any JSON value under its key."""
    _put(connection, setting, "key", {"key": key, "value": value})


def _put(connection: Connection, table: Table, key: str, values: dict[str, Any]) -> None:
    rest = {name: value for name, value in values.items() if name != key}
    connection.execute(insert(table).values(values).on_conflict_do_update(index_elements=[key], set_=rest))
