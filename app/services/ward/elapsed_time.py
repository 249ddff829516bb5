"""How late it really is after an unknown gap, as a person says it: for all beds at once, or for none."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.infusion.chapters.watching import ConfirmElapsed
from app.domain.infusion.decide import decide
from app.domain.infusion.state import Infusion
from app.domain.people.roles import Person


def elapsed(real_time: datetime, infusions: Iterable[Infusion], by: Person, now: datetime) -> tuple[timedelta, list[Infusion]]:
    """The gap, and whom it is said to. Raises `Refused` where one of them refuses it: then no clock has moved."""
    gap = real_time - now
    unknown = [state for state in infusions if state.elapsed_unknown]
    for state in unknown:
        decide(state, ConfirmElapsed(int(gap.total_seconds() // 1)), by, now)
    return gap, unknown
