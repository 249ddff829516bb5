"""The dock of the bench: one primary button, the next step, and what else may be done there."""

from datetime import datetime

from app.domain.infusion.bench_steps import next_at_bench, sets_that_fit, unreleased
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.texts import Text, say
from app.services.record.sheets.sheet_names import SHEET_NAMES, sheets_of
from ui.dispense.view import expired, unfit
from ui.kit.dock import DockAction, DockState


def dock(s: Infusion, now: datetime, stopped: bool, others_wait: bool, can_send: bool = False) -> DockState:
    """`stopped`: a full stop for a bag of somebody else; `others_wait`: there is another order to turn to.

    `can_send`: another laptop is known, to which a release can go.
    """
    key, text = ("dismiss", say("Go on without this bag")) if stopped else _primary(s, now)
    halted = stopped or s.mismatch is not None or unfit(s, now) is not None
    others = _way_back(s, now, stopped) if halted else tuple(_others(s, key, others_wait, can_send))
    return DockState(DockAction(key, text, "Enter"), others, reaction=False)


def _way_back(s: Infusion, now: datetime, stopped: bool) -> tuple[DockAction, ...]:
    """A certificate that was entered wrongly costs no bag: two people read it again."""
    wrong = None if stopped or s.mismatch is not None else unfit(s, now)
    if wrong is None or expired(wrong, now):
        return ()
    return (DockAction("again", say("Read it again: two people")),)


def _primary(s: Infusion, now: datetime) -> tuple[str, Text]:
    if s.mismatch is not None:
        return "go", say("Go to the infusion")
    wrong = unfit(s, now)
    if wrong is not None:
        return "reject", say("Set bag {bag} aside", bag=wrong.bag.bag_id)
    return _next_step(s, now)


def _next_step(s: Infusion, now: datetime) -> tuple[str, Text]:
    if s.phase is Phase.SENT:
        return "codes", say("Show the codes again")
    task = next_at_bench(s, now)
    if task is None:
        return "go", say("Go to the infusion")
    if task.kind is TaskKind.CHOOSE_SET and not sets_that_fit(s):
        return TaskKind.WEIGH.value, say("Weigh again: no set is possible")
    kind = TaskKind.RELEASE if task.kind is TaskKind.RELEASE_BAG else task.kind
    return kind.value, task.bench_words(s)


def _others(s: Infusion, primary: str, others_wait: bool, can_send: bool) -> list[DockAction]:
    ordered = s.phase is Phase.ORDERED
    surplus = s.protocol.dose.surplus_drawn_at_bench and s.plan is not None and s.plan.complete and s.plan.leftover_ml > 0
    offered = (
        ("weight", say("Weigh again"), ordered and s.weight is not None),
        ("set", say("Other set"), ordered and s.drop_factor is not None),
        ("send", say("Send to the ward's laptop"), can_send and s.phase is Phase.RELEASED),
        ("downtime", SHEET_NAMES["downtime"], "downtime" in sheets_of(s) and s.phase is not Phase.SENT),
        ("surplus", say("Draw off the surplus"), ordered and surplus),
        ("reject", say("Reject a bag"), bool(rejectable(s))),
        ("abandon", say("Cancel the order"), ordered),
        ("next", say("Next order"), others_wait),
    )
    return [DockAction(key, text) for key, text, wanted in offered if wanted and key != primary]


def rejectable(s: Infusion) -> list[str]:
    """Bags that nobody has thawed yet, while they can be set aside at the bench."""
    if s.phase not in (Phase.ORDERED, Phase.RELEASED) and not unreleased(s):
        return []
    return [b.bag.bag_id for b in s.bags.values() if b.usable and b.thawed_at is None]
