"""Where on the strip a task stands, and how one that is left undone is reminded of."""

from enum import IntEnum

import msgspec

from app.domain.texts import Text
from app.domain.watch.priority import Priority


class BenchStep(IntEnum):
    """Of an order at the bench, in the order in which they are done; the value is the place on the strip."""

    WEIGHT = 0
    SET = 1
    BAGS = 2
    CERTIFICATE = 3
    RELEASE = 4
    RECEIPT = 5
    DONE = 6


class Reminder(msgspec.Struct, frozen=True):
    """The alarm of a task that is left undone so long after its time. `can_pause`: a pause of the sound silences it.

    `after_s` None: as long as the protocol says (`VitalsRules.told_after_min`).
    Checks and a mismatch have conditions of their own (`app/domain/watch/conditions.py`).
    """

    priority: Priority
    text: Text
    after_s: int | None = None
    can_pause: bool = True
