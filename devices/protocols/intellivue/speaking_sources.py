"""Which of several sources of one vital sign speaks for it: the best that has a number, not all in turn."""

from typing import NamedTuple

from .association import TICKS_PER_S
from .observed_values import NUMBERED, IntelliVueValue, NumericMeaning
from .tick_clock import ticks_between

_FORGOTTEN_TICKS = 30 * TICKS_PER_S


class _SpeakingSource(NamedTuple):
    rank: int
    ticks: int
    has_number: bool


class SpeakingSources:
    """One connection's choice a vital sign: held until its number fails, or has not come for 30 s."""

    def __init__(self) -> None:
        self._speaking: dict[str, _SpeakingSource] = {}

    def takes(self, meaning: NumericMeaning, value: IntelliVueValue, ticks: int) -> bool:
        """Whether this value speaks for its vital sign now."""
        new = _SpeakingSource(meaning.rank, ticks, value.quality in NUMBERED)
        old = self._speaking.get(meaning.vital)
        if old is not None and not _follows(old, new):
            return False
        self._speaking[meaning.vital] = new
        return True


def _follows(old: _SpeakingSource, new: _SpeakingSource) -> bool:
    """The same source goes on; a better one comes in, and any with a number for one that has none."""
    if old.rank == new.rank or ticks_between(old.ticks, new.ticks) > _FORGOTTEN_TICKS:
        return True
    return new.has_number >= old.has_number and (new.rank < old.rank or new.has_number > old.has_number)
