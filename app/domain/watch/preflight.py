"""The list before a start: the laptop, its clock, monitor, sound and backup. Green or amber; amber never blocks."""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta

import msgspec

from app.domain.infusion.facts import PreflightDone, PreflightItem, PreflightKey
from app.domain.texts import Dated, Text, say

from .laptop_seen import LOW_CHARGE_PCT, SOUND_FAULTS, LaptopSeen, SoundFault

#: What a person said of the laptop, and that the sound was heard, holds for a shift.
SHIFT = timedelta(hours=8)
#: A backup is made daily; a missed one is told.
BACKUP_WITHIN = timedelta(days=2)
#: The ward clock is read to the minute.
CLOCK_WITHIN_MIN = 2
_DAY_MIN = 24 * 60

PREFLIGHT_NAMES: dict[PreflightKey, Text] = {
    "power": say("Power"), "sleep": say("Sleep"), "updates": say("Updates"), "disk": say("Disk"), "clock": say("Clock"),
    "monitor": say("Monitor"), "sound": say("Sound"), "backup": say("Backup"),
}  # fmt: skip
#: What a person is asked where the program cannot read it.
PREFLIGHT_ASKED: dict[PreflightKey, Text] = {
    "power": say("On mains power"),
    "sleep": say("Does not go to sleep"),
    "updates": say("No update is due"),
}


class Looked(msgspec.Struct, frozen=True):
    """What one look found. `is_well` None: it could not be read."""

    is_well: bool | None
    said: Text


class Before(msgspec.Struct, frozen=True):
    """What is known before a start. `heard_at`: when somebody heard the sound test; `backup_at`: the newest backup, None for none.

    `practice`: it is not backed up, and its clock runs as fast as one likes.
    """

    laptop: LaptopSeen
    sleep: Looked
    updates: Looked
    monitor: Looked
    clock_off_min: int | None = None
    heard_at: datetime | None = None
    backup_at: datetime | None = None
    practice: bool = False


def looked_over(before: Before, answered: Container[str], now: datetime, reason: str = "") -> PreflightDone:
    """The whole list. `answered`: what a person says is well that could not be read."""
    found = dict(_lines(before, now))
    items = tuple(_item(key, found[key], key in answered and key in PREFLIGHT_ASKED) for key in PREFLIGHT_NAMES)
    return PreflightDone(items, before.clock_off_min, reason if any(x.is_amber for x in items) else "")


def _item(key: PreflightKey, found: Looked, is_said: bool) -> PreflightItem:
    asked = found.is_well is None and is_said
    return PreflightItem(key, not (found.is_well or asked), found.said, asked)


def unread(before: Before, now: datetime) -> tuple[PreflightKey, ...]:
    """What a person must be asked."""
    return tuple(key for key, found in _lines(before, now) if found.is_well is None and key in PREFLIGHT_ASKED)


def _lines(before: Before, now: datetime) -> Iterator[tuple[PreflightKey, Looked]]:
    yield "power", _power(before.laptop)
    yield "sleep", before.sleep
    yield "updates", before.updates
    yield "disk", _disk(before.laptop)
    yield "clock", _clock(before)
    yield "monitor", before.monitor
    yield "sound", sound_known(before.laptop.sound, before.heard_at, now)
    yield "backup", _backup(before, now)


def _power(laptop: LaptopSeen) -> Looked:
    if laptop.on_mains is None:
        return Looked(None, say("Cannot be read"))
    if not laptop.on_mains:
        return Looked(False, say("On battery: plug it in") if laptop.charge_pct is None
                      else say("On battery, {pct} %: plug it in", pct=laptop.charge_pct))  # fmt: skip
    if laptop.charge_pct is None:
        return Looked(True, say("On mains power"))
    charge = say("On mains power, battery {pct} %", pct=laptop.charge_pct)
    return Looked(laptop.charge_pct >= LOW_CHARGE_PCT, charge)


def _disk(laptop: LaptopSeen) -> Looked:
    if laptop.free_bytes is None:
        return Looked(False, say("Cannot be read"))
    return Looked(not laptop.is_disk_low, say("{gb} GB free", gb=f"{laptop.free_bytes / 1e9:.1f}"))


def _clock(before: Before) -> Looked:
    off_min = before.clock_off_min
    if before.practice:
        return Looked(True, say("Practice has its own clock"))
    if off_min is None:
        return Looked(False, say("Not compared yet"))
    if off_min == 0:
        return Looked(True, say("As the ward clock"))
    said = say("{n} min ahead of the ward clock", n=off_min) if off_min > 0 else say("{n} min behind the ward clock", n=-off_min)
    return Looked(abs(off_min) <= CLOCK_WITHIN_MIN, said)


def sound_known(fault: SoundFault | None, heard_at: datetime | None, now: datetime) -> Looked:
    """A fault, or that somebody heard the test in this shift; that it could be played is no proof."""
    if fault is not None:
        return Looked(False, SOUND_FAULTS[fault])
    if heard_at is None or now - heard_at > SHIFT:
        return Looked(False, say("Not tested in this shift"))
    return Looked(True, say("Heard at {at}", at=heard_at))


def _backup(before: Before, now: datetime) -> Looked:
    if before.practice:
        return Looked(True, say("Practice is not backed up"))
    if before.backup_at is None:
        return Looked(False, say("Never backed up"))
    return Looked(now - before.backup_at <= BACKUP_WITHIN, say("Of {at}", at=Dated(before.backup_at)))


def minutes_off(laptop_min: int, ward_min: int) -> int:
    """By how many minutes the laptop is ahead of the ward clock, both as minutes of a day, around midnight too."""
    return (laptop_min - ward_min + _DAY_MIN // 2) % _DAY_MIN - _DAY_MIN // 2


def typed_minutes(text: str) -> int | None:
    """“7:12”, “0712” or “07.12” as a minute of the day; None for what is no time."""
    digits = "".join(c for c in text if c.isdigit())
    if not 3 <= len(digits) <= 4 or len(text.strip()) > 5:
        return None
    hours, minutes = int(digits[:-2]), int(digits[-2:])
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None
