"""A new store's tables: made by the migrations once, and by the statements that those sent in every store after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from db.migrations import run

_MIGRATE = run.migrate
_ASKS = ("SELECT", "PRAGMA main.table_info", "PRAGMA temp.table_info")


class _Remembered:
    """In place of `db.migrations.run.migrate`; a store that has tables already is migrated."""

    def __init__(self) -> None:
        self._sent: list[tuple[str, Any]] = []

    def migrate(self, connection: Connection, to: str = "head") -> None:
        is_new = to == "head" and connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is None
        if is_new and self._sent:
            for statement, values in self._sent:
                connection.exec_driver_sql(statement, values)
        elif is_new:
            self._sent = _heard(connection)
        else:
            _MIGRATE(connection, to)


def _heard(connection: Connection) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.lstrip().startswith(_ASKS):
            sent.append((statement, values or None))

    event.listen(connection, "before_cursor_execute", hear)
    _MIGRATE(connection)
    event.remove(connection, "before_cursor_execute", hear)
    return sent


_ONCE = _Remembered()


@contextmanager
def remembered() -> Iterator[None]:
    """For tests that need stores and do not ask how one is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "migrate", _ONCE.migrate)
        yield


@contextmanager
def migrated() -> Iterator[None]:
    """For tests that ask it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "migrate", _MIGRATE)
        yield
