"""The beginning of a chain: it names the store that it is the beginning of, so that the store's own row cannot be changed."""

import secrets
from typing import NamedTuple

from app.domain.infusion.summary import FORM

from .canonical import canonical, sha256_hex

#: No hexadecimal digit is an s: a beginning of before this rule was 64 of those. A digit before it: the form of the rows for
#: people's tools that the store began with.
_MARK = "s"
_HALF = 31


class OwnRow(NamedTuple):
    """The store's own row as it lies on the disk, but for its genesis."""

    store_id: str
    created_at: str
    app_version: str
    practice: int


def new_genesis(row: OwnRow) -> str:
    """64 letters: form and mark, 31 random digits, and 31 of the hash over all that and the row."""
    drawn = f"{FORM}{_MARK}{secrets.token_hex(16)[:_HALF]}"
    return drawn + _bound(drawn, row)


def names_its_store(genesis: str) -> bool:
    """Whether it was made by this rule. Those of before are random, and of a record that goes on elsewhere its last hash."""
    return len(genesis) == 2 + 2 * _HALF and genesis[0].isdigit() and genesis[1] == _MARK


def fits(genesis: str, row: OwnRow) -> bool:
    drawn = genesis[: 2 + _HALF]
    return genesis == drawn + _bound(drawn, row)


def first_form(genesis: str) -> int:
    """The form of the rows for people's tools that the store began with; 0: of before it was noted."""
    return int(genesis[0]) if names_its_store(genesis) else 0


def _bound(drawn: str, row: OwnRow) -> str:
    return sha256_hex(canonical([drawn, *row]))[:_HALF]
