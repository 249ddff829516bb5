"""What a record's own store keeps as settings: every key is written here and nowhere else, one method pair a setting.

Unlike events they are overwritten: nothing that the rules of an infusion read belongs here.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

import msgspec

from app.domain.recordtime import Watched, heartbeat

from .placements import AS_DELIVERED, PlacedHow

WATCHED = "watch"
_SIGNING_KEY = "signing key"
_PATIENT = "patient name: "
_MONITORS = "monitors"
_PLACED_HOW = "monitor lines"
_PREFERRED = "preferred monitors"
_SCANNERS = "scanners"
_BACKUPS = "backup"
_LABORATORIES = "laboratories"

PlacedMonitors = dict[str, list[tuple[str, str]]]
"""Bed → its monitors' ports and protocols, the first first."""
PreferredPorts = dict[str, dict[str, str]]
"""Bed → vital sign (or “nibp”) → the port that comes first for it."""


class SettingsReader(Protocol):
    def setting(self, key: str, default: Any = None, /) -> Any: ...


class SettingsWriter(Protocol):
    def put_setting(self, key: str, value: Any, /) -> "Future[None]": ...


class BackupPlan(msgspec.Struct, frozen=True):
    """Where backups go. Records of such a study are kept 30 years (State Council Decree 818, in force 2026-05-01)."""

    folder: str = ""
    retention_years: int = 30


def watch_mark(store: SettingsReader) -> Watched | None:
    """Also of a store that is only read. None where none was ever left, or it cannot be one."""
    return heartbeat(store.setting(WATCHED))


def laptop_key(store: SettingsReader) -> bytes | None:
    """The 32 random bytes behind a laptop's signature; also of a store that is only read."""
    found: str | None = store.setting(_SIGNING_KEY)
    return None if found is None else bytes.fromhex(found)


def backup_plan(store: SettingsReader) -> BackupPlan:
    """Also of a store that is only read."""
    return msgspec.convert(store.setting(_BACKUPS, {}), BackupPlan)


class StoreSettings:
    """Of one open store. What is put counts once its future is done."""

    def __init__(self, reader: SettingsReader, writer: SettingsWriter) -> None:
        self._reader, self._writer = reader, writer

    def watch_mark(self) -> Watched | None:
        return watch_mark(self._reader)

    def put_watch_mark(self, mark: Watched) -> "Future[None]":
        value = {"at": mark.at.isoformat(), **msgspec.to_builtins(mark.moment)}
        return self._writer.put_setting(WATCHED, value)

    def signing_key(self) -> bytes | None:
        """The 32 random bytes behind this laptop's signature."""
        return laptop_key(self._reader)

    def put_signing_key(self, key: bytes) -> "Future[None]":
        return self._writer.put_setting(_SIGNING_KEY, key.hex())

    def patient_name(self, subject: str) -> str | None:
        """None where none was ever given; "" where it was erased."""
        found: str | None = self._reader.setting(_PATIENT + subject)
        return found

    def put_patient_name(self, subject: str, name: str) -> "Future[None]":
        """For an encrypted store only (docs/adr/0003); whoever asks makes sure."""
        return self._writer.put_setting(_PATIENT + subject, name)

    def monitors(self) -> PlacedMonitors:
        found = self._reader.setting(_MONITORS, {})
        return {bed: [(url, protocol) for url, protocol in there] for bed, there in found.items()}

    def put_monitors(self, placed: Mapping[str, Sequence[tuple[str, str]]]) -> "Future[None]":
        """A bed without monitors is left out."""
        return self._writer.put_setting(_MONITORS, {bed: there for bed, there in placed.items() if there})

    def placed_how(self) -> dict[str, PlacedHow]:
        """Port → how its monitor is read; a port that is left out as it is delivered."""
        return msgspec.convert(self._reader.setting(_PLACED_HOW, {}), dict[str, PlacedHow])

    def put_placed_how(self, placed: Mapping[str, PlacedHow]) -> "Future[None]":
        said = {url: msgspec.to_builtins(how) for url, how in placed.items() if how != AS_DELIVERED}
        return self._writer.put_setting(_PLACED_HOW, said)

    def preferred_ports(self) -> PreferredPorts:
        found: PreferredPorts = self._reader.setting(_PREFERRED, {})
        return found

    def put_preferred_ports(self, preferred: PreferredPorts) -> "Future[None]":
        return self._writer.put_setting(_PREFERRED, preferred)

    def scanners(self) -> list[str]:
        """The ports of barcode scanners; they belong to no bed."""
        found: list[str] = self._reader.setting(_SCANNERS, [])
        return found

    def put_scanners(self, urls: set[str]) -> "Future[None]":
        return self._writer.put_setting(_SCANNERS, sorted(urls))

    def backup_plan(self) -> BackupPlan:
        return backup_plan(self._reader)

    def put_backup_plan(self, plan: BackupPlan) -> "Future[None]":
        return self._writer.put_setting(_BACKUPS, msgspec.to_builtins(plan))

    def laboratories(self) -> dict[str, str]:
        """How each laboratory writes its files, as it was typed; by its name."""
        found: dict[str, str] = self._reader.setting(_LABORATORIES, {})
        return found

    def put_laboratories(self, mappings: Mapping[str, str]) -> "Future[None]":
        return self._writer.put_setting(_LABORATORIES, dict(mappings))
