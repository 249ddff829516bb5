"""Writing people and settings. Runs inside a transaction of the writer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.people.roles import Person
from db.log.canonical import canonical, sha256_hex

from .schema import person, setting, store
from .statements import Driver, compiled, to_disk


def _putting(table: Table, key: str) -> Callable[[Driver, Mapping[str, Any]], None]:
    """A function that adds a row, or changes the one with this key."""
    into = insert(table)
    rest = {c.name: into.excluded[c.name] for c in table.columns if c.name != key}
    sql, turned = compiled(into.on_conflict_do_update(index_elements=[key], set_=rest)), to_disk(table)

    def put(driver: Driver, values: Mapping[str, Any]) -> None:
        driver.execute(sql, turned(values))

    return put


_put_person = _putting(person, "person_id")
_put_setting = _putting(setting, "key")
_GENESIS = compiled(select(store.c.genesis))


def put_person(driver: Driver, who: Person, pin_hash: str, disabled_at: datetime | None, password_hash: str) -> None:
    """Add a person, or change the one with this `person_id`."""
    values = {"person_id": who.person_id, "name": who.name, "role": str(who.role)}
    hashes = {"pin_hash": pin_hash, "password_hash": password_hash}
    _put_person(driver, {**values, **hashes, "disabled_at": disabled_at})


def put_setting(driver: Driver, key: str, value: Any) -> None:
    """Keep any JSON value under its key, sealed to this store."""
    (genesis,) = driver.execute(_GENESIS).fetchone()
    _put_setting(driver, {"key": key, "value": value, "seal": setting_seal(genesis, key, canonical(value).decode())})


def setting_seal(genesis: str, key: str, value: str) -> str:
    """Of a setting's value as it lies on the disk."""
    return sha256_hex("\0".join((genesis, key, value)).encode(errors="replace"))
