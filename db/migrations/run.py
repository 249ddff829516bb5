"""Runs the packaged migrations from inside the program."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_HERE = Path(__file__).parent


@cache
def known() -> frozenset[str]:
    """The forms of a store that this program can read or upgrade."""
    return frozenset(script.revision for script in ScriptDirectory(str(_HERE)).walk_revisions())


def migrate(connection: Connection, to: str = "head") -> None:
    """Upgrade inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
