"""How pressing an alarm is."""

from enum import IntEnum


class Priority(IntEnum):
    """As in IEC 60601-1-8: high is red, medium yellow, low cyan."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
