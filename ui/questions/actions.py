"""Which question belongs to a task or a button of the dock."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.infusion.task_kinds import TaskKind
from ui.frame.desk import Desk

from . import (
    abandon,
    bag_empty,
    broken,
    check_bag,
    close_observation,
    correct,
    destroy,
    end,
    flush,
    hand_over,
    hang,
    measure,
    note,
    override,
    pause,
    premedicate,
    reaction,
    read_remaining,
    receive,
    replacement,
    resolve_reaction,
    resume,
    set_rate,
    sign_performed,
    sign_reviewed,
    start,
    step_up,
    stop,
    take_down,
    thaw,
    time,
    unused,
    verify,
    vitals,
)

Ask = Callable[[Desk, str, QWidget], None]


def _dispense(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.show_page.emit("dispense", infusion_id)


def _record(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.record_wanted.emit(infusion_id)


ACTIONS: dict[str, Ask] = {
    TaskKind.RELEASE: _dispense,
    TaskKind.RECEIVE: receive.ask,
    TaskKind.VERIFY: verify.ask,
    TaskKind.CLEAR_MISMATCH: replacement.check_again,
    TaskKind.RELEASE_BAG: _dispense,
    TaskKind.REPLACE_BAG: _dispense,
    TaskKind.VERIFY_BAG: replacement.verify_bag,
    TaskKind.PREMEDICATE: premedicate.ask,
    TaskKind.THAW: thaw.ask,
    TaskKind.CHECK_BAG: check_bag.ask,
    TaskKind.HANG: hang.ask,
    TaskKind.START: start.ask,
    TaskKind.VITALS: vitals.ask,
    TaskKind.MEASURE: measure.ask,
    TaskKind.STEP_UP: step_up.ask,
    TaskKind.RESUME: resume.ask,
    TaskKind.READ_REMAINING: read_remaining.ask,
    TaskKind.STOP_DOSE_REACHED: end.ask,
    TaskKind.END: end.ask,
    TaskKind.FLUSH: flush.ask,
    TaskKind.DESTROY: destroy.ask,
    TaskKind.CLOSE_OBSERVATION: close_observation.ask,
    TaskKind.SIGN_PERFORMED: sign_performed.ask,
    TaskKind.SIGN_REVIEWED: sign_reviewed.ask,
    TaskKind.CONFIRM_ELAPSED: time.ask,
    "change_rate": set_rate.ask,
    "pause": pause.ask,
    "explain_pause": pause.explain,
    "reaction": reaction.ask,
    "record": _record,
    "bag_empty": bag_empty.ask,
    "take_down": take_down.ask,
    "broken": broken.ask,
    "stop": stop.ask,
    "resolve_reaction": resolve_reaction.ask,
    "correct": correct.ask,
    "note": note.ask,
    "hand_over": hand_over.ask,
    "override": override.ask,
    "unused": unused.ask,
    "abandon": abandon.ask,
}
