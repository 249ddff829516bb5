"""What is in force for new orders: the stream `trial` from its first event on."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from app.domain.log import Entry
from app.domain.protocol import SiteSetting

from .site_facts import ProtocolCame, ProtocolTaken, SettingChanged


class InForce(msgspec.Struct, frozen=True):
    """A protocol file by its hash, since when and by whom (None: by the program), and what the site set otherwise since."""

    protocol_sha256: str
    protocol_id: str
    protocol_version: str
    since: datetime
    by: str | None
    settings: tuple[SiteSetting, ...] = ()


def in_force(entries: Iterable[Entry]) -> InForce | None:
    """None where no file was ever taken: a store of before files were events."""
    now: InForce | None = None
    for entry in entries:
        event = entry.event
        if isinstance(event, ProtocolCame | ProtocolTaken):
            now = InForce(event.protocol_sha256, event.protocol_id, event.protocol_version, entry.at, entry.by)
        elif isinstance(event, SettingChanged) and now is not None:
            now = replace(now, settings=_changed(now.settings, event))
    return now


def _changed(settings: tuple[SiteSetting, ...], event: SettingChanged) -> tuple[SiteSetting, ...]:
    others = [setting for setting in settings if setting.key != event.setting]
    return tuple(sorted((*others, SiteSetting(event.setting, event.value_now)), key=lambda setting: setting.key))
