"""What the laptop says of itself: power, disk, sound."""

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.texts import Text, say

#: Fewer bytes free than these are told.
LOW_DISK_BYTES = 500_000_000
#: A battery below this charge is told of its own.
LOW_CHARGE_PCT = 20


class SoundFault(StrEnum):
    """Why nobody hears an alarm."""

    NO_DEVICE = "no_device"
    MUTED = "muted"
    VOLUME_0 = "volume_0"
    FAILED = "failed"
    NOT_HEARD = "not_heard"


SOUND_FAULTS: dict[SoundFault, Text] = {
    SoundFault.NO_DEVICE: say("No sound device"),
    SoundFault.MUTED: say("The sound is muted"),
    SoundFault.VOLUME_0: say("The volume is 0"),
    SoundFault.FAILED: say("The sound could not be played"),
    SoundFault.NOT_HEARD: say("The sound test was not heard"),
}


class LaptopSeen(msgspec.Struct, frozen=True):
    """As it was read at `at`. None: it cannot be read, or was not yet; what is not known alarms nobody.

    `sound`: what is wrong with it; `heard_at`: when somebody heard its test last.
    """

    at: datetime | None = None
    on_mains: bool | None = None
    charge_pct: int | None = None
    free_bytes: int | None = None
    sound: SoundFault | None = None
    heard_at: datetime | None = None

    @property
    def is_disk_low(self) -> bool:
        return self.free_bytes is not None and self.free_bytes < LOW_DISK_BYTES

    @property
    def is_charge_low(self) -> bool:
        return self.on_mains is False and self.charge_pct is not None and self.charge_pct < LOW_CHARGE_PCT


NOTHING_READ = LaptopSeen()
