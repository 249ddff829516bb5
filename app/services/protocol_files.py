"""Reading a protocol file."""

import hashlib
import tomllib
from decimal import Decimal
from pathlib import Path

from app.domain.errors import Refused
from app.domain.protocol import parse
from app.domain.texts import say
from app.services.ward.ward import Trial

DEFAULT = Path(__file__).resolve().parents[2] / "resources" / "protocols" / "msc-icaht.toml"


def load(path: Path = DEFAULT) -> Trial:
    """A protocol with the hash of its file. Raises `Refused` naming the key, the value and what is allowed."""
    try:
        data = path.read_bytes()
        return Trial(parse(tomllib.loads(data.decode(), parse_float=Decimal)), hashlib.sha256(data).hexdigest())
    except OSError as error:
        raise Refused(say("The protocol file {path} cannot be read: {why}.", path=path.name, why=error.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(say("The protocol file {path} is not TOML: {why}.", path=path.name, why=str(error))) from None
