"""Plain SQL for the driver's own connection: made once of a table's columns, and how values lie on the disk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from .log.canonical import utc_text

Values = dict[str, Any]
"""Column values as they lie on the disk: text, whole numbers, floats, None."""

#: Whether a column holds what is `sought`, anywhere; case does not count.
LIKE = "lower({}) LIKE '%' || lower(?) || '%' ESCAPE '/'"
_ESCAPED = str.maketrans({"/": "//", "%": "/%", "_": "/_"})


def sought(text: str) -> str:
    """What stands for other letters in LIKE stands for itself."""
    return text.translate(_ESCAPED)


class Driver(Protocol):
    """The driver's own connection, as far as it is needed here."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...
    def executemany(self, sql: str, parameters: Any, /) -> Any: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...
    def set_progress_handler(self, look: Callable[[], bool], steps: int, /) -> None: ...


def names(columns: Iterable[str]) -> str:
    """As SQL takes them; some are words of its own."""
    return ", ".join(f'"{name}"' for name in columns)


def inserting(table: str, columns: Sequence[str]) -> str:
    """A whole row, by `:name` places."""
    return f"INSERT INTO {table} ({names(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


def putting(table: str, columns: Sequence[str], key: str) -> str:
    """A row, or the one with this key changed."""
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != key)
    return f'{inserting(table, columns)} ON CONFLICT ("{key}") DO UPDATE SET {rest}'


def setting_to(columns: Iterable[str]) -> str:
    """What stands behind SET."""
    return ", ".join(f'"{name}" = :{name}' for name in columns)


def on_disk(values: Mapping[str, Any]) -> Values:
    """Values by column, as they lie in it: UTC times as text, decimals by their digits. Refuses a time without its zone."""
    return {name: _on_disk(value) for name, value in values.items()}


def _on_disk(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return int(value) if isinstance(value, bool) else value
