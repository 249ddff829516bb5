"""Who is on the ward in the tests, what day it is, and the protocols they work by."""

import pickle
import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.people.roles import Person, Role
from app.domain.protocol import Protocol
from app.domain.protocol_check import completed, parse

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = {
    "msc-icaht": ROOT / "resources" / "protocols" / "msc-icaht.toml",
    "former": ROOT / "resources" / "protocols" / "former" / "msc-icaht-1.toml",
    "three-stage": ROOT / "tests" / "protocols" / "three-stage.toml",
}

#: Of the files, by the protocol's id.
SHA256 = {name: sha256(path.read_bytes()).hexdigest() for name, path in PROTOCOLS.items()}

DAY = datetime(2026, 3, 2, tzinfo=UTC)

LI = Person("n1", "Li", Role.NURSE)
WANG = Person("n2", "Wang", Role.NURSE)
GAO = Person("n3", "Gao", Role.NURSE)
CHEN = Person("p1", "Chen", Role.PHARMACIST)
SUN = Person("p2", "Sun", Role.PHARMACIST)
ZHAO = Person("i1", "Zhao", Role.INVESTIGATOR)
EVERYBODY = (LI, WANG, CHEN, SUN, ZHAO)
BY_NAME = {f"{p.role.value} {p.name}": p for p in (*EVERYBODY, GAO)}


def clock(text: str) -> datetime:
    """14:05 or 14:05:30 on the day of the tests; 38:00 is 14:00 on the day after."""
    hours, minutes, seconds = (*map(int, text.split(":")), 0)[:3]
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def span(value: object) -> timedelta:
    """Minutes, or minutes:seconds."""
    minutes, _, seconds = str(value).partition(":")
    return timedelta(minutes=float(minutes), seconds=float(seconds or 0))


def read_toml(path: Path) -> dict[str, Any]:
    """Tables that are the caller's own."""
    tables: dict[str, Any] = pickle.loads(_read(path.read_text(encoding="utf-8")))
    return tables


@cache
def _read(text: str) -> bytes:
    return pickle.dumps(tomllib.loads(text, parse_float=Decimal))


UNSTATED = read_toml(ROOT / "resources" / "protocols" / "former" / "unstated.toml")


def protocol_data(name: str = "msc-icaht", settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """A protocol's tables with some keys set otherwise: `{"dose.tolerance_pct": 5}`."""
    data = read_toml(PROTOCOLS[name])
    for key, value in (settings or {}).items():
        set_key(data, key, value)
    return data


def set_key(data: dict[str, Any], key: str, value: Any) -> None:
    """Set `a.b[1].c`; the value `...` removes the key."""
    part: Any = data
    *path, last = [int(k) if k.isdigit() else k for k in key.replace("[", ".").replace("]", "").split(".")]
    for name in path:
        part = part[name]
    if value is ...:
        del part[last]
    else:
        part[last] = value


def protocol(name: str = "msc-icaht", settings: dict[str, Any] | None = None) -> Protocol:
    return parse(completed(protocol_data(name, settings), UNSTATED))


TRIAL = protocol()
