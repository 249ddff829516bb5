"""What the laptop itself must be told of while somebody relies on it: disk, clock, power, sound. All of low priority."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from .bed_seen import MONITOR_MATTERS, BedSeen
from .laptop_seen import LOW_CHARGE_PCT, LOW_DISK_BYTES, SOUND_FAULTS
from .latch import Finding, Inside, Verdict
from .priority import Priority

#: The same at every bed: shown once, and acknowledged for all beds at once.
OF_THE_LAPTOP = ("low_disk", "clock_stepped", "battery", "mains", "sound")
#: A clock that was moved is told for so long.
STEP_TOLD_FOR = timedelta(minutes=15)
_MB = 1_000_000


def low_disk(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    laptop = bed.laptop
    if bed.phase in MONITOR_MATTERS and laptop.is_disk_low and laptop.free_bytes is not None:
        yield Finding(
            key="low_disk", priority=Priority.LOW, since=laptop.at or now,
            value=Decimal(laptop.free_bytes // _MB), limit=Decimal(LOW_DISK_BYTES // _MB),
        )  # fmt: skip


def clock_stepped(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """From the record: each step is written there."""
    stepped = bed.clock_stepped
    if stepped is None or bed.phase not in MONITOR_MATTERS:
        return
    at, step_s = stepped
    if now < at + STEP_TOLD_FOR:
        yield Finding(key="clock_stepped", priority=Priority.LOW, since=at, value=step_s)
    else:
        yield Inside("clock_stepped", at + STEP_TOLD_FOR)


def battery(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    laptop = bed.laptop
    if bed.phase in MONITOR_MATTERS and laptop.is_charge_low and laptop.charge_pct is not None:
        yield Finding(
            key="battery", priority=Priority.LOW, since=laptop.at or now,
            value=Decimal(laptop.charge_pct), limit=Decimal(LOW_CHARGE_PCT),
        )  # fmt: skip


def mains(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """Until the battery is low, which is told anew."""
    laptop = bed.laptop
    if bed.phase in MONITOR_MATTERS and laptop.on_mains is False and not laptop.is_charge_low:
        yield Finding(key="mains", priority=Priority.LOW, since=laptop.at or now)


def sound(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    fault = bed.laptop.sound
    if bed.phase in MONITOR_MATTERS and fault is not None:
        yield Finding(key="sound", priority=Priority.LOW, since=bed.laptop.at or now, text=SOUND_FAULTS[fault])
