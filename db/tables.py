"""Writing people, settings and protocol files. Runs inside a transaction of the writer."""

import hashlib
from datetime import datetime
from typing import Any

from app.domain.people.roles import Person
from db.log.canonical import canonical, sha256_hex

from .statements import Driver, on_disk, putting
from .store_form import PERSON, SETTING

_PUT_PERSON, _PUT_SETTING = putting("person", PERSON, "person_id"), putting("setting", SETTING, "key")
_GENESIS = "SELECT genesis FROM store"


def put_person(driver: Driver, who: Person, pin_hash: str, disabled_at: datetime | None, password_hash: str) -> None:
    """Add a person, or change the one with this `person_id`."""
    values = {"person_id": who.person_id, "name": who.name, "role": str(who.role)}
    hashes = {"pin_hash": pin_hash, "password_hash": password_hash}
    driver.execute(_PUT_PERSON, on_disk({**values, **hashes, "disabled_at": disabled_at}))


def put_setting(driver: Driver, key: str, value: Any) -> None:
    """Keep any JSON value under its key, sealed to this store."""
    (genesis,) = driver.execute(_GENESIS).fetchone()
    written = canonical(value).decode()
    driver.execute(_PUT_SETTING, {"key": key, "value": written, "seal": setting_seal(genesis, key, written)})


def setting_seal(genesis: str, key: str, value: str) -> str:
    """Of a setting's value as it lies on the disk."""
    return sha256_hex("\0".join((genesis, key, value)).encode(errors="replace"))


_KEPT = "SELECT sha256 FROM protocol_file WHERE sha256 = :sha256"
_KEEP = "INSERT INTO protocol_file (sha256, data) VALUES (:sha256, :data)"


def keep_protocol_file(driver: Driver, data: bytes) -> None:
    """Keep a protocol file by its hash; one that is kept already stays as it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    if driver.execute(_KEPT, {"sha256": sha256}).fetchone() is None:
        driver.execute(_KEEP, {"sha256": sha256, "data": data})
