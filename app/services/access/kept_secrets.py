"""What is kept of passwords and PINs of before people had keys: Argon2id's hashes."""

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError


class Hashes(msgspec.Struct, frozen=True):
    """What is kept of a person's password and PIN; empty: none set. Of whom a key stands in the record: their wrapped key, and the
    PIN sealed with it (`own_key.py`).
    """

    password: str = ""
    pin: str = ""


def hashed(secret: str) -> str:
    """A password or PIN as it is kept."""
    return PasswordHasher().hash(secret)


def matches(secret_hash: str, secret: str) -> bool:
    try:
        return PasswordHasher().verify(secret_hash, secret)
    except VerificationError:
        return False


#: The hash of a random password: an unknown person costs the same time.
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$rQo9yyUMzyBTr4k0bnTVxr1bXBm2dHYX7Z1ZpRZfKXQ"
