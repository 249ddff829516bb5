"""The hash chain of events: each row's hash covers the row before. Pure: rows in, hashes and findings out."""

from typing import TypeAlias

from .codec import canonical, sha256_hex
from .schema import event

Row: TypeAlias = dict[str, str | int | None]
"""An event as it lies in the table, by column name."""

COLUMNS = tuple(column.name for column in event.columns)


def row_hash(row: Row) -> str:
    """SHA-256 (hex) over `prev_hash` and the canonical JSON of all other columns but `hash`."""
    rest = {name: value for name, value in row.items() if name not in {"prev_hash", "hash"}}
    return sha256_hex(str(row["prev_hash"]).encode() + canonical(rest))
