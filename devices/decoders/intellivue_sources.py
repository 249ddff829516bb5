"""Which of several sources of one vital sign speaks for it: the best that has a number, not all in turn."""

from typing import NamedTuple

from .intellivue_clock import ticks_between
from .intellivue_session import TICKS_PER_S
from .intellivue_values import NUMBERED, Meaning, Value

_FORGOTTEN_TICKS = 30 * TICKS_PER_S


class _Speaking(NamedTuple):
    rank: int
    ticks: int


class Sources:
    """One connection's choice a vital sign: held until its number fails, or has not come for 30 s."""

    def __init__(self) -> None:
        self._speaking: dict[str, _Speaking] = {}

    def takes(self, meaning: Meaning, value: Value, ticks: int) -> bool:
        """Whether this value speaks for its vital sign now."""
        now = self._speaking.get(meaning.vital)
        is_free = now is None or ticks_between(now.ticks, ticks) > _FORGOTTEN_TICKS
        has_number = value.quality in NUMBERED
        rank = meaning.rank if now is None or is_free else now.rank
        if meaning.rank > rank or (meaning.rank < rank and not has_number):
            return False
        if has_number:
            self._speaking[meaning.vital] = _Speaking(meaning.rank, ticks)
        else:
            self._speaking.pop(meaning.vital, None)
        return True
