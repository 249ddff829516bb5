"""Reading the protocol's files: the protocol itself, and beside it the trial desk's settings."""

import hashlib
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.domain.protocol_check import completed, parse
from app.domain.texts import say
from app.domain.trial.rules import TrialRules, parse_rules
from app.services.ward.ward import Trial

DEFAULT = Path(__file__).resolve().parents[2] / "resources" / "protocols" / "msc-icaht.toml"
FORMER = DEFAULT.parent / "former"


def load(path: Path = DEFAULT) -> Trial:
    """A protocol with the hash of its file. Raises `Refused` naming the key, the value and what is allowed."""
    data, table = _read(path)
    return Trial(parse(completed(table, unstated())), hashlib.sha256(data).hexdigest())


def unstated() -> dict[str, Any]:
    """What the program held before files stated it."""
    return _read(FORMER / "unstated.toml")[1]


def load_rules(protocol: Protocol, path: Path | None = None) -> TrialRules:
    """The trial desk's settings. Raises `Refused` naming the key, the value and what is allowed."""
    return parse_rules(_read(path or beside())[1], protocol)


def beside(path: Path = DEFAULT) -> Path:
    """msc-icaht.toml → msc-icaht-trial.toml"""
    return path.with_name(f"{path.stem}-trial.toml")


def _read(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        data = path.read_bytes()
        return data, tomllib.loads(data.decode(), parse_float=Decimal)
    except OSError as error:
        raise Refused(say("The protocol file {path} cannot be read: {why}.", path=path.name, why=error.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(say("The protocol file {path} is not TOML: {why}.", path=path.name, why=str(error))) from None
