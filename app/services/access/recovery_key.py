"""The printed recovery key: 160 random bits as eight groups of four letters, and a ninth that finds a slip."""

import hashlib
import secrets

from app.domain.errors import Refused
from app.domain.texts import say

#: Crockford's alphabet: no I, L, O, U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BYTES, _GROUPS = 20, 9


def new_secret() -> bytes:
    return secrets.token_bytes(_BYTES)


def written(secret: bytes) -> str:
    """As it is printed: `ABCD-…`, nine groups of four."""
    letters = _letters(secret) + _letters(_check(secret))
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read(text: str) -> bytes:
    """What a person typed, whatever its dashes and case. Raises `Refused` for a slip."""
    letters = "".join(text.split()).replace("-", "").upper().translate(_READ_AS)
    if len(letters) != 4 * _GROUPS or not set(letters) <= set(_ALPHABET):
        raise Refused(say("A recovery key has nine groups of four letters and digits. Type it again."))
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    secret = (number >> 20).to_bytes(_BYTES, "big")
    if _letters(secret) + _letters(_check(secret)) != letters:
        raise Refused(say("There is a slip in the recovery key. Compare it with the printed one."))
    return secret


def _check(secret: bytes) -> bytes:
    """Twenty bits, four letters."""
    return (int.from_bytes(hashlib.sha256(secret).digest()[:3], "big") >> 4).to_bytes(3, "big")


def _letters(data: bytes) -> str:
    count = len(data) * 8 // 5
    number = int.from_bytes(data, "big")
    return "".join(_ALPHABET[number >> 5 * (count - 1 - at) & 31] for at in range(count))
