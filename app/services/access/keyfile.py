"""The store's random key, wrapped once for each person's password and once for the printed recovery key.

Argon2id stretches a password (RFC 9106), AES-256-GCM wraps the key; the slot's name and the store's id are bound in.
Whoever may open the store holds one slot; the key itself is never written.
"""

import hashlib
import secrets
from pathlib import Path
from typing import Literal

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import Refused
from app.domain.texts import Text, say
from db import surely

KEY_BYTES = 32
RECOVERY = "recovery"
_MOST_PASSES, _MOST_MEMORY_KIB, _MOST_LANES = 20, 1 << 20, 16
_LEAST_SALT, _NONCE = 8, 12
_WRONG = say("Name and password do not fit. Nothing was opened.")
_WRONG_RECOVERY = say("This recovery key does not belong to this store. Nothing was opened.")


class Stretching(msgspec.Struct, frozen=True):
    """Argon2id's cost: passes, KiB of memory, lanes."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


STRONG = Stretching()


class Slot(msgspec.Struct, frozen=True):
    """One wrapping of the store's key. `who`: a person's id, or “recovery”."""

    who: str
    salt: bytes
    nonce: bytes
    wrapped: bytes
    stretching: Stretching = STRONG


class KeyFile(msgspec.Struct, frozen=True):
    """What lies beside the store and travels with every backup. `tries`: wrong passwords by person since it was last open."""

    store_id: str
    slots: tuple[Slot, ...] = ()
    version: Literal[1] = 1
    tries: dict[str, int] = {}

    def with_password(self, person_id: str, password: str, key: bytes, stretching: Stretching = STRONG) -> "KeyFile":
        """The same with this person's password as a way in, in place of an older one."""
        salt = secrets.token_bytes(16)
        return self._with(person_id, salt, stretched(password, salt, stretching), key, stretching)

    def with_recovery(self, secret: bytes, key: bytes) -> "KeyFile":
        """The same with this recovery key, in place of an older one."""
        salt = secrets.token_bytes(16)
        return self._with(RECOVERY, salt, _from_secret(secret, salt), key, STRONG)

    def without(self, person_id: str) -> "KeyFile":
        """A person who was disabled has no way in any more."""
        return msgspec.structs.replace(self, slots=tuple(s for s in self.slots if s.who != person_id))

    def open_with_password(self, person_id: str, password: str) -> bytes:
        """The store's key. Raises `Refused`; an unknown person costs the same time as a wrong password."""
        slot = self._slot(person_id)
        cost = slot or next(iter(self.slots), None)
        key = stretched(password, cost.salt if cost else b"\0" * 16, cost.stretching if cost else STRONG)
        return self._unwrapped(slot, key, _WRONG)

    def open_with_recovery(self, secret: bytes) -> bytes:
        """The store's key. Raises `Refused`."""
        slot = self._slot(RECOVERY)
        return self._unwrapped(slot, _from_secret(secret, slot.salt if slot else b""), _WRONG_RECOVERY)

    def _slot(self, who: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.who == who), None)

    def _with(self, who: str, salt: bytes, wrapping: bytes, key: bytes, stretching: Stretching) -> "KeyFile":
        nonce = secrets.token_bytes(_NONCE)
        slot = Slot(who, salt, nonce, AESGCM(wrapping).encrypt(nonce, key, self._bound(who)), stretching)
        return msgspec.structs.replace(self.without(who), slots=(*self.without(who).slots, slot))

    def _unwrapped(self, slot: Slot | None, wrapping: bytes, wrong: Text) -> bytes:
        if slot is None:
            raise Refused(wrong)
        try:
            return AESGCM(wrapping).decrypt(slot.nonce, slot.wrapped, self._bound(slot.who))
        except InvalidTag:
            raise Refused(wrong) from None

    def _bound(self, who: str) -> bytes:
        return f"{self.store_id} {who}".encode()


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def stretched(password: str, salt: bytes, cost: Stretching) -> bytes:
    """A password as a wrapping key."""
    return hash_secret_raw(password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _from_secret(secret: bytes, salt: bytes) -> bytes:
    """160 random bits need no stretching."""
    return hashlib.sha256(b"bedside recovery" + salt + secret).digest()


def beside(store: Path) -> Path:
    """Where the key file of a store lies."""
    return store.with_name(store.name + ".keys")


def load(path: Path) -> KeyFile:
    """Raises `Refused` for a file that is none, `OSError`."""
    try:
        found = surely.read(path, KeyFile)
    except surely.NotWhole:
        raise Refused(_no_key_file(path)) from None
    if not all(is_possible(slot.stretching, slot.salt, slot.nonce) for slot in found.slots):
        raise Refused(_no_key_file(path))
    return found


def _no_key_file(path: Path) -> Text:
    return say("{file} is not a key file of this program, or it was damaged. Without it the record stays closed; nothing was "
               "changed. Put back the key file of the newest backup.", file=path.name)  # fmt: skip


def is_possible(cost: Stretching, salt: bytes, nonce: bytes) -> bool:
    """What Argon2 and AES-GCM can do at all on such a laptop: an absurd cost would hold it up for hours."""
    lanes_fit = 1 <= cost.lanes <= _MOST_LANES and 8 * cost.lanes <= cost.memory_kib <= _MOST_MEMORY_KIB
    return lanes_fit and 1 <= cost.passes <= _MOST_PASSES and len(salt) >= _LEAST_SALT and len(nonce) == _NONCE


def save(path: Path, keys: KeyFile) -> None:
    """Whole or not at all: written beside, made durable, put in place. Raises `OSError`."""
    surely.put(path, msgspec.json.format(msgspec.json.encode(keys)))
