"""The protocol's files: the protocol itself, beside it the trial desk's settings, and those that infusions were ordered by.

A new file is held to every rule (`load`, `read_new`). One that was taken once is read as it is (`ProtocolFiles`): a rule that came
later must not take a signed record's meaning away.
"""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.facts import Ordered
from app.domain.infusion.state import Infusion, no_file
from app.domain.infusion.story import as_recorded, replay
from app.domain.log import Entry
from app.domain.protocol import Protocol, SiteSetting
from app.domain.protocol_check import completed, parse
from app.domain.site.site_settings import with_settings
from app.domain.texts import Text, say
from app.domain.trial.rules import TrialRules, parse_rules

DEFAULT = Path(__file__).resolve().parents[2] / "resources" / "protocols" / "msc-icaht.toml"
FORMER = DEFAULT.parent / "former"
_UNSTATED = "unstated.toml"
#: A protocol is some kilobytes; what is larger is something else.
_MOST_BYTES = 1_000_000
#: So many are remembered as they were read: the same bytes are the same protocol.
_AT_HAND = 16


class Trial(msgspec.Struct, frozen=True):
    """What a new order is made by: the protocol in force, the SHA-256 of its file and the file itself.

    `settings`: what the site sets otherwise than the file; it is in `protocol` already. `missing`: why nothing can be ordered.
    """

    protocol: Protocol
    sha256: str
    data: bytes = b""
    settings: tuple[SiteSetting, ...] = ()
    missing: Text | None = None


def load(path: Path = DEFAULT) -> Trial:
    """A new file, checked. Raises `Refused` naming the key, the value and what is allowed."""
    return read_new(_bytes(path), path.name)


@lru_cache(_AT_HAND)
def read_new(data: bytes, name: str, settings: tuple[SiteSetting, ...] = ()) -> Trial:
    """The bytes of a file, checked, with what a site sets otherwise in it. Raises `Refused`."""
    table = completed(_table(data, name), unstated())
    return Trial(parse(with_settings(table, settings)), hashlib.sha256(data).hexdigest(), data, settings)


def load_rules(protocol: Protocol, path: Path | None = None) -> TrialRules:
    """The trial desk's settings. Raises `Refused` naming the key, the value and what is allowed."""
    path = path or beside()
    return parse_rules(_table(_bytes(path), path.name), protocol)


def put_together(kept: Callable[[str], bytes | None]) -> Callable[[str, list[Entry]], Infusion]:
    """How an infusion is put together of its events, by the protocol file that it was ordered by; raises `Refused` without it."""
    files = ProtocolFiles(kept)

    def infusion(infusion_id: str, entries: list[Entry]) -> Infusion:
        state = files.infusion(infusion_id, entries)
        if state.known_protocol is None:
            raise Refused(no_file(state.order))
        return state

    return infusion


def beside(path: Path = DEFAULT) -> Path:
    """msc-icaht.toml → msc-icaht-trial.toml"""
    return path.with_name(f"{path.stem}-trial.toml")


@cache
def unstated() -> Mapping[str, Any]:
    """What the program held before files stated it."""
    return _table(_bytes(FORMER / _UNSTATED), _UNSTATED)


def shipped() -> dict[str, bytes]:
    """The protocol files that come with the program, today's and former ones, by their hash."""
    former = (path for path in sorted(FORMER.glob("*.toml")) if path.name != _UNSTATED)
    found = (path.read_bytes() for path in (DEFAULT, *former))
    return {hashlib.sha256(data).hexdigest(): data for data in found}


def _nothing_kept(_sha256: str) -> bytes | None:
    return None


class ProtocolFiles:
    """What infusions were ordered by, by the hash of the file: from the store, else from the program."""

    def __init__(self, kept: Callable[[str], bytes | None] = _nothing_kept) -> None:
        self._kept = kept
        self._read: dict[tuple[str, tuple[SiteSetting, ...]], Protocol | None] = {}

    def data(self, sha256: str) -> bytes | None:
        """The file of exactly this hash; None where there is none."""
        kept = self._kept(sha256)
        if kept is not None and hashlib.sha256(kept).hexdigest() == sha256:
            return kept
        return shipped().get(sha256)

    def know(self, trial: Trial) -> None:
        """What is in force need not be read again."""
        self._read[trial.sha256, trial.settings] = trial.protocol

    def of(self, order: Ordered) -> Protocol | None:
        """What an infusion was ordered by; None where its file is not at hand."""
        return self.protocol(order.protocol_sha256, order.site_settings)

    def protocol(self, sha256: str, settings: tuple[SiteSetting, ...] = ()) -> Protocol | None:
        """None where the file is not at hand, or cannot be read by this version of the program."""
        key = sha256, settings
        if key not in self._read:
            data = self.data(sha256)
            self._read[key] = None if data is None else _as_it_is(data, key[1])
        return self._read[key]

    def infusion(self, infusion_id: str, entries: list[Entry]) -> Infusion:
        """As it was ordered, or only as recorded where its file is not at hand."""
        order = entries[0].event
        known = self.of(order) if isinstance(order, Ordered) else None
        return as_recorded(infusion_id, entries) if known is None else replay(infusion_id, entries, known)


@lru_cache(_AT_HAND)
def _as_it_is(data: bytes, settings: tuple[SiteSetting, ...]) -> Protocol | None:
    try:
        return msgspec.convert(with_settings(completed(_table(data, ""), unstated()), settings), Protocol)
    except (Refused, msgspec.ValidationError):
        return None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Refused(say("The protocol file {path} cannot be read: {why}.", path=path.name, why=error.strerror)) from None
    if len(data) > _MOST_BYTES:
        raise Refused(say("The protocol file {path} is too large to be one.", path=path.name))
    return data


def _table(data: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ArithmeticError, ValueError, RecursionError) as error:
        raise Refused(say("The protocol file {path} is not TOML: {why}.", path=name, why=str(error))) from None
