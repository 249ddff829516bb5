"""Writing people, settings and protocol files. Runs inside a transaction of the writer."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy import insert as core_insert
from sqlalchemy.dialects.sqlite import insert

from app.domain.people.roles import Person
from db.log.canonical import canonical, sha256_hex

from .schema import person, protocol_file, setting, store
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


_KEPT = compiled(select(protocol_file.c.sha256).where(protocol_file.c.sha256 == bindparam("sha256")))
_KEEP = compiled(core_insert(protocol_file))


def keep_protocol_file(driver: Driver, data: bytes) -> None:
    """Keep a protocol file by its hash; one that is kept already stays as it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    if driver.execute(_KEPT, {"sha256": sha256}).fetchone() is None:
        driver.execute(_KEEP, {"sha256": sha256, "data": data})
