"""Which question belongs to a task or a button of the dock."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.infusion.tasks import Kind
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
    desk.records.open(infusion_id)


ACTIONS: dict[str, Ask] = {
    Kind.RELEASE: _dispense,
    Kind.RECEIVE: receive.ask,
    Kind.VERIFY: verify.ask,
    Kind.CLEAR_MISMATCH: replacement.check_again,
    Kind.RELEASE_BAG: _dispense,
    Kind.REPLACE_BAG: _dispense,
    Kind.VERIFY_BAG: replacement.verify_bag,
    Kind.PREMEDICATE: premedicate.ask,
    Kind.THAW: thaw.ask,
    Kind.CHECK_BAG: check_bag.ask,
    Kind.HANG: hang.ask,
    Kind.START: start.ask,
    Kind.VITALS: vitals.ask,
    Kind.MEASURE: measure.ask,
    Kind.STEP_UP: step_up.ask,
    Kind.RESUME: resume.ask,
    Kind.READ_REMAINING: read_remaining.ask,
    Kind.STOP_DOSE_REACHED: end.ask,
    Kind.END: end.ask,
    Kind.FLUSH: flush.ask,
    Kind.DESTROY: destroy.ask,
    Kind.CLOSE_OBSERVATION: close_observation.ask,
    Kind.SIGN_PERFORMED: sign_performed.ask,
    Kind.SIGN_REVIEWED: sign_reviewed.ask,
    Kind.CONFIRM_ELAPSED: time.ask,
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
