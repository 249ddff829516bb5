"""Opening a store: one connection that writes and checkpoints, readers that only query."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, cast

import msgspec
import sqlcipher3.dbapi2
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.domain.errors import Broken

from . import store_errors as errors
from .schema import APPLICATION_ID, HEAD_REVISION
from .statements import Driver

driver: Any = sqlcipher3.dbapi2
#: What the questions of the program may raise of a store that somebody wrote into.
NOT_AS_MADE = (SQLAlchemyError, driver.Error, msgspec.MsgspecError, ValueError, TypeError, LookupError)

FIXED = (3, 51, 3)
ALSO_FIXED = ((3, 50, 7), (3, 44, 6))
#: Small pages: what is written each beat for a few samples is mostly whole pages.
PAGE_SIZE = 1024
#: Each connection remembers a quarter of a megabyte of pages, not two: what is asked again and again is the tops of a few trees.
_CACHE = "PRAGMA cache_size = -250"
_WRITER = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 16777216",
    _CACHE,
)
Check: TypeAlias = Callable[[Any, Path], None]
_READER = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", _CACHE)


def sqlite_version() -> str:
    return str(driver.sqlite_version)


def refuse_old_sqlite(version: tuple[int, ...]) -> None:
    """SQLite before 3.51.3 (but for two mended ones) can corrupt a WAL database. Raises `OldSqlite`."""
    if version < FIXED and version not in ALSO_FIXED:
        raise errors.old_sqlite(".".join(map(str, version)))


def open_writer(path: Path, key: bytes | None = None) -> Connection:
    """The one connection that may write, on a store brought to this program's form. Raises `StoreError`.

    Any single thread may use it. `key`: 32 raw bytes of an encrypted store.
    """
    connection = _opened(path, key, "mode=rwc", _WRITER, _refuse_strange)
    try:
        _upgrade(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path, key: bytes | None = None, check: Check | None = None) -> Connection:
    """A connection that only queries, for the thread that opens it. Raises `StoreError`.

    A store that was closed well can be read where nothing at all may be written (a locked stick). `check`: what refuses a file,
    in place of what every program on it refuses.
    """
    check = check or _refuse_strange
    try:
        return _opened(path, key, "mode=ro", _READER, check)
    except (errors.CannotOpen, errors.ReadOnly):
        if not path.is_file() or path.with_name(path.name + "-wal").exists():
            raise
        return _opened(path, key, "mode=ro&immutable=1", _READER, check)


def refuse_no_store(raw: Any, path: Path) -> None:
    """Refuse what was never a store. One whose header or form was tampered with is let through, for whoever examines it."""
    names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    if names and not {"event", "store"} & names:
        raise errors.not_a_store(path)


def _opened(path: Path, key: bytes | None, mode: str, settings: tuple[str, ...], check: Check) -> Connection:
    refuse_old_sqlite(driver.sqlite_version_info)
    try:
        raw = _connect(path, mode, key)
    except driver.Error as error:
        raise _opening_error(path, error, key) from error
    try:
        check(raw, path)
        for setting in settings:
            raw.execute(setting)
    except driver.Error as error:
        raw.close()
        raise _opening_error(path, error, key) from error
    except errors.StoreError:
        raw.close()
        raise
    return wrapped(raw, writes=mode == "mode=rwc")


def _connect(path: Path, mode: str, key: bytes | None) -> Any:
    uri = f"{path.resolve().as_uri()}?{mode}"
    raw = driver.connect(uri, uri=True, timeout=2.0, isolation_level=None, check_same_thread=False)
    if key is not None:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
    return raw


def _refuse_strange(raw: Any, path: Path) -> None:
    """Refuse a file of something else, or of a newer program, before anything in it is touched."""
    found = revision(raw, path)
    if found in {None, HEAD_REVISION}:
        return
    from .migrations.run import known

    if found not in known():
        raise errors.newer_store(str(found))


def revision(raw: Any, path: Path) -> str | None:
    """The store's migration; None for a new, empty file. Raises `NotAStore` for a file of something else."""
    names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    if not names:
        return None
    (application,) = raw.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID or not {"alembic_version", "event"} <= names:
        raise errors.not_a_store(path)
    found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found and found[0])


def wrapped(raw: Any, writes: bool) -> Connection:
    """The driver's connection under SQLAlchemy."""
    isolation: dict[str, Any] = {} if writes else {"isolation_level": "AUTOCOMMIT"}
    engine = create_engine("sqlite://", module=driver, creator=lambda: raw, poolclass=NullPool, **isolation)
    if writes:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine.connect()


def _opening_error(path: Path, error: Any, key: bytes | None) -> Exception:
    if error.sqlite_errorcode == 26:
        return errors.not_a_store(path) if key is None else errors.wrong_key(path)
    if error.sqlite_errorcode & 0xFF == 14:
        return errors.cannot_open(path)
    return known_error(error)


def known_error(error: BaseException) -> Exception:
    """The error for people, or `Broken` where the program itself is at fault."""
    return errors.store_error(error) or Broken(str(error))


@contextmanager
def told_to_people() -> Iterator[None]:
    """Whatever is asked of the database within fails with an error that a person can read."""
    try:
        yield
    except DBAPIError as error:
        raise known_error(error) from error


def _upgrade(connection: Connection) -> None:
    """Bring the store to this program's form, in one transaction."""
    raw = driver_connection(connection)
    names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    if names and raw.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD_REVISION,):
        return
    from .migrations.run import migrate

    try:
        with connection.begin():
            migrate(connection)
    except DBAPIError as error:
        raise known_error(error) from error


def driver_connection(connection: Connection) -> Driver:
    """The driver's own connection, for what must stand outside a transaction."""
    raw: Any = connection.connection.driver_connection
    return cast(Driver, raw)


@contextmanager
def one_moment(raw: Driver) -> Iterator[None]:
    """Whatever is asked within is answered as of the same moment, whoever writes meanwhile."""
    raw.execute("BEGIN")
    try:
        yield
    finally:
        raw.rollback()  # nothing, where the database ended it itself


def checkpoint(raw: Driver) -> bool:
    """Move everything from the write-ahead log into the store, surely on the disk. False: a reader was in the way."""
    try:
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except driver.Error as error:
        raise known_error(error) from error
    return not busy
