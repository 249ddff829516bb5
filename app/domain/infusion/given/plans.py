"""The plans that stood before the one that stands: as it was released, and before and after two people changed the next bag."""

from datetime import datetime

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.log import Entry
from app.domain.products.dose import BagPlan


class PlanChange(msgspec.Struct, frozen=True):
    """Two people changed which bag comes next: `event` says which and why, `by` and its witness are the two."""

    at: datetime
    by: str | None
    event: e.NextBagChosen
    before: BagPlan
    after: BagPlan


def plan_before(state: Infusion, event_id: str) -> BagPlan | None:
    """The plan as it stood, and was believed, before the event of that id; None without a weight."""
    return _plan_after(state, [x.event_id for x in state.entries].index(event_id))


def plan_as_released(state: Infusion) -> BagPlan | None:
    """The plan that the pharmacist signed; None before the release."""
    return next((_plan_after(state, n + 1) for n, x in enumerate(state.entries) if isinstance(x.event, e.Released)), None)


def plan_changes(state: Infusion) -> tuple[PlanChange, ...]:
    """Every change of the next bag in order, with the plan before and after it."""
    return tuple(_change(state, n, x, x.event) for n, x in enumerate(state.entries) if isinstance(x.event, e.NextBagChosen))


def _change(state: Infusion, n: int, entry: Entry, event: e.NextBagChosen) -> PlanChange:
    before, after = _plan_after(state, n), _plan_after(state, n + 1)
    assert before is not None
    assert after is not None
    return PlanChange(entry.at, entry.by, event, before, after)


def _plan_after(state: Infusion, entries: int) -> BagPlan | None:
    return replay(state.infusion_id, state.entries[:entries], state.protocol).plan if entries else None
