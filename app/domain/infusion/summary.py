"""Rows that a statistician reads: one an infusion, one a check, one an observation. Times UTC."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from app.domain.infusion.phases import Phase
from app.domain.vitals.vital_signs import VITALS

from . import facts as e
from .checks import Check, checks, count, observation_checks
from .drip_volume import counted_from, delivered, minutes
from .state import BagState, Infusion
from .tasks import observation_due_at

#: Raised by one with each change of what these rows say of the same events: then the program makes all of them anew.
FORM = 1


class InfusionRow(msgspec.Struct, frozen=True):
    infusion_id: str
    subject: str
    bed: str
    grp: str
    dose_number: int
    phase: str
    weight_kg: Decimal | None
    dose_cells: int | None
    volume_ml: Decimal | None
    drop_factor: int | None
    bags: int
    started_at: datetime | None
    stepped_up_at: datetime | None
    ended_at: datetime | None
    infusion_min: Decimal | None
    given_least_ml: Decimal | None
    given_most_ml: Decimal | None
    outcome: str | None
    signed_at: datetime | None
    practice: bool


class CheckRow(msgspec.Struct, frozen=True):
    period: str
    slot_min: int | None
    due_at: datetime
    recorded_at: datetime | None
    status: str
    late_s: int
    hr: Decimal | None
    pr: Decimal | None
    spo2: Decimal | None
    nibp_sys: Decimal | None
    nibp_dia: Decimal | None
    nibp_map: Decimal | None
    rr: Decimal | None
    temp: Decimal | None
    oxygen: bool | None
    consciousness: str | None
    news2: int | None
    discomfort: bool | None
    recorded_by: str | None


class ObservationRow(msgspec.Struct, frozen=True):
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    outcome: str | None
    flags: str
    checks_due: int
    on_time: int
    late: int
    missed: int


class Rows(msgspec.Struct, frozen=True):
    """All rows of one infusion as they stand at one moment."""

    infusion: InfusionRow
    checks: tuple[CheckRow, ...]
    observation: ObservationRow | None


_TENTH = Decimal("0.1")


class _RowAsked(NamedTuple):
    bags: dict[str, BagState]
    changes: int
    row: InfusionRow


#: The newest row, as long as events change nothing of what it says.
_told: list[_RowAsked] = []
#: The newest row at each place, with its check: from event to event most stay as they are.
_newest: dict[int, tuple[Check, CheckRow]] = {}


def summary(state: Infusion, now: datetime) -> Rows:
    return Rows(_infusion(state), _checks(checks(state, now)), _observation(state, now))


def _checks(found: tuple[Check, ...]) -> tuple[CheckRow, ...]:
    return tuple(_row(place, check) for place, check in enumerate(found))


def _row(place: int, check: Check) -> CheckRow:
    known = _newest.get(place)
    if known is None or known[0] != check:
        known = _newest[place] = check, _check(check)
    return known[1]


def infusion_minutes(state: Infusion) -> Decimal | None:
    """How long the infusion lasted, as the protocol counts it; None before its end."""
    from_at = counted_from(state)
    return None if from_at is None or state.ended_at is None else minutes(state.ended_at - from_at)


def _infusion(s: Infusion) -> InfusionRow:
    for told in _told:
        if told.bags is s.bags and told.changes == s.changes:
            return told.row
    row = _infusion_row(s)
    _told[:] = [_RowAsked(s.bags, s.changes, row)]
    return row


def _infusion_row(s: Infusion) -> InfusionRow:
    plan, order = s.plan, s.order
    given = delivered(s, s.ended_at) if s.ended_at else None
    took = infusion_minutes(s)
    return InfusionRow(
        infusion_id=s.infusion_id,
        subject=order.subject,
        bed=order.bed,
        grp=order.group,
        dose_number=order.dose_number,
        phase=s.phase.value,
        weight_kg=s.weight.weight_kg if s.weight else None,
        dose_cells=plan.dose_cells if plan else None,
        volume_ml=_tenths(plan.needed_ml(s.protocol.product) if plan else None),
        drop_factor=s.drop_factor,
        bags=len(plan.draws) if plan else 0,
        started_at=s.started_at,
        stepped_up_at=s.reached.get("stage1"),
        ended_at=s.ended_at,
        infusion_min=_tenths(took),
        given_least_ml=_tenths(given.least_ml) if given else None,
        given_most_ml=_tenths(given.most_ml) if given else None,
        outcome=s.observation.outcome if s.observation else None,
        signed_at=s.reached.get(Phase.SIGNED),
        practice=order.practice,
    )


def _tenths(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_TENTH)


def _check(check: Check) -> CheckRow:
    taken = check.entry.event if check.entry else None
    assert taken is None or isinstance(taken, e.VitalsRecorded)
    values = {v.vital: v.value for v in taken.values} if taken else {}
    return CheckRow(
        period=check.period,
        slot_min=check.slot_min,
        due_at=check.due_at,
        recorded_at=check.entry.at if check.entry else None,
        status=check.status.value,
        late_s=check.late_s,
        **{code: values.get(code) for code in VITALS},
        oxygen=taken.oxygen if taken else None,
        consciousness=taken.consciousness if taken else None,
        news2=taken.news2 if taken else None,
        discomfort=taken.discomfort if taken else None,
        recorded_by=check.entry.by if check.entry else None,
    )


def _observation(s: Infusion, now: datetime) -> ObservationRow | None:
    if s.ended_at is None:
        return None
    counts = count(observation_checks(s, now), now)
    return ObservationRow(
        opened_at=s.ended_at,
        due_at=observation_due_at(s),
        closed_at=s.observation_closed_at,
        outcome=s.observation.outcome if s.observation else None,
        flags=", ".join(s.observation.flags) if s.observation else "",
        checks_due=counts.due,
        on_time=counts.on_time,
        late=counts.late,
        missed=counts.missed,
    )
