"""Statements written with SQLAlchemy, compiled once, and run on the driver's own connection: the writer's fast path."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

_DIALECT = sqlite.dialect(paramstyle="named")

Values = dict[str, Any]
"""Column values as they lie on the disk: text, whole numbers, floats, None."""


class Driver(Protocol):
    """The driver's own connection, as far as it is needed here."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...
    def executemany(self, sql: str, parameters: Any, /) -> Any: ...
    def rollback(self) -> None: ...
    def set_progress_handler(self, look: Callable[[], bool], steps: int, /) -> None: ...


def compiled(statement: ClauseElement) -> str:
    """SQL with `:name` places."""
    return str(statement.compile(dialect=_DIALECT))


def to_disk(table: Table) -> Callable[[Mapping[str, Any]], Values]:
    """A function that turns values by column name into what lies on the disk, each by its column's type."""
    found = {c.name: c.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for c in table.columns}
    processors = {name: processor for name, processor in found.items() if processor}

    def turned(values: Mapping[str, Any]) -> Values:
        turn = processors.get
        return {name: f(value) if (f := turn(name)) else value for name, value in values.items()}

    return turned
