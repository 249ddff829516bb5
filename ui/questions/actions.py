"""Which question belongs to a task or a button of the dock."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.infusion.task_kinds import TaskKind
from ui.frame.desk import Desk
from ui.frame.pages import PageKey

from .bags import ask_report_broken, ask_unused_bag
from .drip import ask_measure_rate, ask_read_remaining, ask_report_empty, ask_set_rate, ask_start, ask_step_up, ask_take_down_bag
from .ending import ask_close_observation, ask_destroy_leftover, ask_end, ask_flush_line, ask_stop
from .identity import ask_check_again, ask_check_identity, ask_receive, ask_verify_bag
from .notes import ask_add_note, ask_correct, ask_hand_over
from .ordering import ask_abandon
from .pause import ask_explain_pause, ask_pause, ask_resume
from .premedication import ask_give_premedication, ask_override_lead_time
from .reaction import ask_note_reaction, ask_resolve_reaction
from .signing import ask_sign_performed, ask_sign_reviewed
from .thaw import ask_check_bag, ask_hang_bag, ask_thaw_bag
from .vital_checks import ask_record_vitals
from .watching import ask_confirm_time

Ask = Callable[[Desk, str, QWidget], None]


def _dispense(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.show_page.emit(PageKey.DISPENSE, infusion_id)


def _record(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.records.open(infusion_id)


ACTIONS: dict[str, Ask] = {
    TaskKind.RELEASE: _dispense,
    TaskKind.RECEIVE: ask_receive,
    TaskKind.VERIFY: ask_check_identity,
    TaskKind.CLEAR_MISMATCH: ask_check_again,
    TaskKind.RELEASE_BAG: _dispense,
    TaskKind.REPLACE_BAG: _dispense,
    TaskKind.VERIFY_BAG: ask_verify_bag,
    TaskKind.PREMEDICATE: ask_give_premedication,
    TaskKind.THAW: ask_thaw_bag,
    TaskKind.CHECK_BAG: ask_check_bag,
    TaskKind.HANG: ask_hang_bag,
    TaskKind.START: ask_start,
    TaskKind.VITALS: ask_record_vitals,
    TaskKind.MEASURE: ask_measure_rate,
    TaskKind.STEP_UP: ask_step_up,
    TaskKind.RESUME: ask_resume,
    TaskKind.READ_REMAINING: ask_read_remaining,
    TaskKind.STOP_DOSE_REACHED: ask_end,
    TaskKind.END: ask_end,
    TaskKind.FLUSH: ask_flush_line,
    TaskKind.DESTROY: ask_destroy_leftover,
    TaskKind.CLOSE_OBSERVATION: ask_close_observation,
    TaskKind.SIGN_PERFORMED: ask_sign_performed,
    TaskKind.SIGN_REVIEWED: ask_sign_reviewed,
    TaskKind.CONFIRM_ELAPSED: ask_confirm_time,
    "change_rate": ask_set_rate,
    "pause": ask_pause,
    "explain_pause": ask_explain_pause,
    "reaction": ask_note_reaction,
    "record": _record,
    "bag_empty": ask_report_empty,
    "take_down": ask_take_down_bag,
    "broken": ask_report_broken,
    "stop": ask_stop,
    "resolve_reaction": ask_resolve_reaction,
    "correct": ask_correct,
    "note": ask_add_note,
    "hand_over": ask_hand_over,
    "override": ask_override_lead_time,
    "unused": ask_unused_bag,
    "abandon": ask_abandon,
}
