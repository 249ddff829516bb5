"""A new store's tables: made by the migrations once, and by the statements that those sent in every store after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from db.migrations import run

_ASKS = ("SELECT", "PRAGMA main.table_info", "PRAGMA temp.table_info")


class _Remembered:
    """In place of `db.migrations.run.migrate`; a store that has tables already is migrated."""

    def __init__(self) -> None:
        self._sent: list[tuple[str, Any]] = []
        self._migrate = run.migrate

    def migrate(self, connection: Connection, to: str = "head") -> None:
        is_new = to == "head" and connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first() is None
        if is_new and self._sent:
            for statement, values in self._sent:
                connection.exec_driver_sql(statement, values)
        elif is_new:
            event.listen(connection, "before_cursor_execute", self._send)
            self._migrate(connection)
            event.remove(connection, "before_cursor_execute", self._send)
        else:
            self._migrate(connection, to)

    def _send(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.lstrip().startswith(_ASKS):
            self._sent.append((statement, values or None))


@contextmanager
def remembered() -> Iterator[None]:
    """For tests that need stores and do not ask how one is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "migrate", _Remembered().migrate)
        yield
