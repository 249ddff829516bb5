"""Which question belongs to a task or a button of the dock."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.due import Kind
from app.domain.texts import Text, say
from ui.desk import Desk

from . import before, closing, measure, replacement, running, vitals

Ask = Callable[[Desk, str, QWidget], None]


def _dispense(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.show_page.emit("dispense", infusion_id)


def _record(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.record_wanted.emit(infusion_id)


ACTIONS: dict[str, Ask] = {
    Kind.RELEASE: _dispense,
    Kind.RECEIVE: before.receive,
    Kind.VERIFY: before.verify,
    Kind.CLEAR_MISMATCH: replacement.check_again,
    Kind.RELEASE_BAG: _dispense,
    Kind.REPLACE_BAG: _dispense,
    Kind.VERIFY_BAG: replacement.verify_bag,
    Kind.PREMEDICATE: before.premedicate,
    Kind.THAW: before.thaw,
    Kind.CHECK_BAG: before.check_bag,
    Kind.HANG: before.hang,
    Kind.START: before.start,
    Kind.VITALS: vitals.ask,
    Kind.MEASURE: measure.ask,
    Kind.STEP_UP: running.step_up,
    Kind.RESUME: running.resume,
    Kind.READ_REMAINING: running.read_remaining,
    Kind.STOP_DOSE_REACHED: running.end,
    Kind.END: running.end,
    Kind.FLUSH: closing.flush,
    Kind.DESTROY: closing.destroy,
    Kind.CLOSE_OBSERVATION: closing.close_observation,
    Kind.SIGN_PERFORMED: closing.sign_performed,
    Kind.SIGN_REVIEWED: closing.sign_reviewed,
    Kind.CONFIRM_ELAPSED: closing.confirm_time,
    "change_rate": running.change_rate,
    "pause": running.pause,
    "reaction": running.reaction,
    "record": _record,
    "bag_empty": running.bag_empty,
    "take_down": running.take_down,
    "stop": running.stop,
    "resolve_reaction": running.resolve_reaction,
    "note": closing.note,
    "hand_over": closing.hand_over,
    "override": before.override,
    "abandon": before.abandon,
}

#: What stands behind “More”.
MORE: tuple[tuple[str, Text], ...] = (
    (Kind.READ_REMAINING, say("Read what is left in the bag")),
    ("bag_empty", say("The bag is empty")),
    ("take_down", say("Take the bag down")),
    (Kind.END, say("End infusion")),
    ("stop", say("Stop for good")),
    ("resolve_reaction", say("The reaction is over")),
    ("override", say("Start before the waiting time is over")),
    ("hand_over", say("Hand over to another nurse")),
    ("note", say("Note")),
    ("abandon", say("Give up before the start")),
)
