"""A person's own signing key (Ed25519, RFC 8032), wrapped by their password (Argon2id, AES-256-GCM); the PIN, sealed with it."""

import hashlib
import secrets

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.people.own_keys import RECOVERY

from .keyfile import STRONG, Stretching, is_possible, stretched

_MARK = "own-key-1 "
_SEED, _NONCE, _SALT = 32, 12, 16


class _Kept(msgspec.Struct, frozen=True):
    public_key: bytes
    salt: bytes
    nonce: bytes
    wrapped: bytes
    stretching: Stretching


class OwnKey:
    """The private half, in memory while the person is signed in."""

    def __init__(self, who: str, seed: bytes) -> None:
        self.who, self._seed = who, seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def wrapped(self, password: str, cost: Stretching = STRONG) -> str:
        """As it is kept in place of a password's hash."""
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        sealed = AESGCM(stretched(password, salt, cost)).encrypt(nonce, self._seed, _bound(self.who, self.public_key))
        return _MARK + msgspec.json.encode(_Kept(self.public_key, salt, nonce, sealed, cost)).decode()

    def sealed_pin(self, pin: str, cost: Stretching = STRONG) -> str:
        """What a PIN is checked by, readable with this key alone."""
        nonce = secrets.token_bytes(_NONCE)
        verifier = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes).hash(pin)
        return _MARK + (nonce + AESGCM(self._pin_key()).encrypt(nonce, verifier.encode(), b"pin")).hex()

    def fits_pin(self, kept: str, pin: str) -> bool:
        try:
            data = bytes.fromhex(kept.removeprefix(_MARK))
            verifier = AESGCM(self._pin_key()).decrypt(data[:_NONCE], data[_NONCE:], b"pin").decode()
            return PasswordHasher().verify(verifier, pin)
        except (ValueError, InvalidTag, VerificationError):
            return False

    def _pin_key(self) -> bytes:
        return hashlib.sha256(b"bedside pin" + self._seed).digest()


def new_own_key(who: str) -> OwnKey:
    return OwnKey(who, secrets.token_bytes(_SEED))


def practice_key(who: str, store_id: str) -> OwnKey:
    """Of somebody of a practice record, whose secrets stand on the screen anyway."""
    return OwnKey(who, hashlib.sha256(f"bedside practice {store_id} {who}".encode()).digest())


def recovery_signer(secret: bytes) -> OwnKey:
    """What the printed recovery key signs with."""
    return OwnKey(RECOVERY, hashlib.sha256(b"bedside recovery signature" + secret).digest())


def is_wrapped(kept: str) -> bool:
    return kept.startswith(_MARK)


def unwrapped(kept: str, who: str, password: str) -> OwnKey | None:
    """None for a wrong password, or for what was not kept for this person."""
    try:
        found = msgspec.json.decode(kept.removeprefix(_MARK), type=_Kept)
    except msgspec.MsgspecError:
        return None
    if not is_possible(found.stretching, found.salt, found.nonce):
        return None
    try:
        seed = AESGCM(stretched(password, found.salt, found.stretching)).decrypt(
            found.nonce, found.wrapped, _bound(who, found.public_key)
        )
    except InvalidTag:
        return None
    key = OwnKey(who, seed)
    return key if key.public_key == found.public_key else None


def _bound(who: str, public_key: bytes) -> bytes:
    return b"bedside own key " + public_key + who.encode()
