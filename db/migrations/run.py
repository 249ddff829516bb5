"""Runs the packaged migrations from inside the program, by SQLAlchemy on the driver's own connection."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from db.engine import driver
from db.statements import Driver

_HERE = Path(__file__).parent


def known() -> set[str]:
    """The forms of a store that this program can read or upgrade."""
    return {script.revision for script in ScriptDirectory(str(_HERE)).walk_revisions()}


def migrate(raw: Driver, to: str = "head") -> None:
    """Upgrade in one transaction; the connection stays open. Raises the driver's own error."""
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("sqlite://", module=driver, creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as config.attributes["connection"]:
            command.upgrade(config, to)
    except DBAPIError as error:
        raise error.orig or error from error
