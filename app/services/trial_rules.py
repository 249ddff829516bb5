"""Reading the trial desk's settings, the file beside the protocol."""

import tomllib
from decimal import Decimal
from pathlib import Path

from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.domain.texts import say
from app.domain.trial.rules import TrialRules, parse_rules

from .protocols import DEFAULT as PROTOCOL


def beside(path: Path = PROTOCOL) -> Path:
    """msc-icaht.toml → msc-icaht-trial.toml"""
    return path.with_name(f"{path.stem}-trial.toml")


def load_rules(protocol: Protocol, path: Path | None = None) -> TrialRules:
    """Raises `Refused` naming the key, the value and what is allowed."""
    path = path or beside()
    try:
        return parse_rules(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal), protocol)
    except OSError as error:
        raise Refused(say("The protocol file {path} cannot be read: {why}.", path=path.name, why=error.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(say("The protocol file {path} is not TOML: {why}.", path=path.name, why=str(error))) from None
