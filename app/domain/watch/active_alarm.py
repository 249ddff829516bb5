"""One alarm of one infusion, as it is shown."""

from datetime import datetime

import msgspec

from app.domain.texts import Text

from .alarm_words import to_do, what
from .latch import Alarm
from .priority import Priority


class ActiveAlarm(msgspec.Struct, frozen=True):
    """An alarm that is not inactive, and whose it is: of an infusion, or of a subject's own stream. `key` stays while it lasts."""

    infusion_id: str
    alarm: Alarm

    @property
    def key(self) -> str:
        return self.alarm.key

    @property
    def priority(self) -> Priority:
        return self.alarm.priority

    @property
    def since(self) -> datetime:
        """Of its present priority."""
        return self.alarm.since

    @property
    def is_acknowledged(self) -> bool:
        return self.alarm.is_silenced

    @property
    def text(self) -> Text:
        return alarm_text(self.alarm)

    @property
    def to_do(self) -> Text:
        return to_do(self.alarm.key)


def alarm_text(alarm: Alarm) -> Text:
    """What it is, in words."""
    found = alarm.finding
    return found.text or what(found.key, found.priority, found.value, found.limit, found.before)
