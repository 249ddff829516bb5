"""Which question belongs to a task or a button of the dock, and what stands behind “More”."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import unused
from app.domain.infusion.chapters.signing import unsigned_report
from app.domain.infusion.chapters.thaw import others_to_hang
from app.domain.infusion.phases import TABLE, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import is_unsigned, observation_due_at, start_from
from app.domain.log import Event
from app.domain.products.leftovers import leftovers
from app.domain.texts import Text, say
from app.services.record.sheets.sheet_names import SHEET_NAMES, sheets_of
from ui.ask.bed import at_bed
from ui.frame.desk import Desk
from ui.frame.pages import PageKey
from ui.infusion.dock_actions import CHECKED
from ui.safety.sign_report import ask_free_bag, ask_sign_reaction

from .bags import ask_report_broken, ask_unused_bag
from .drip import ask_measure_rate, ask_read_remaining, ask_set_rate, ask_start, ask_step_up
from .ending import ask_destroy_leftover, ask_end, ask_flush_line, ask_stop
from .identity import ask_check_again, ask_check_identity, ask_receive, ask_verify_bag
from .limits.limits_question import ask_limits, ask_scale
from .notes import ask_add_note, ask_correct, ask_hand_over
from .ordering import ask_abandon, ask_sign_order
from .pause import ask_explain_pause, ask_pause, ask_resume
from .premedication import ask_give_premedication, ask_override_lead_time
from .reaction import ask_note_reaction, ask_resolve_reaction
from .signing import ask_close_observation, ask_sign_performed, ask_sign_reviewed
from .thaw import ask_check_bag, ask_choose_next_bag, ask_hang_bag, ask_report_empty, ask_take_down_bag, ask_thaw_bag
from .vital_checks import ask_record_vitals
from .watching import ask_confirm_time

Ask = Callable[[Desk, str, QWidget], None]
_SHEET = "sheet_"


def _dispense(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.show_page.emit(PageKey.DISPENSE, infusion_id)


def _sheet(sheet: str) -> Ask:
    return lambda desk, infusion_id, _parent: desk.records.open_sheet(infusion_id, sheet)


def _record(desk: Desk, infusion_id: str, _parent: QWidget) -> None:
    desk.records.open(infusion_id)


def _old_bag(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    hangs = desk.infusion(infusion_id).hanging is not None
    (ask_take_down_bag if hangs else ask_report_broken)(desk, infusion_id, parent)


class MoreRow(NamedTuple):
    """An action behind “More”: there where the phase allows its event, and `is_offered` says that it can still be done."""

    key: str
    words: Text
    event: type[Event]
    ask: Ask
    is_offered: Callable[[Infusion, datetime], bool] = lambda _state, _now: True


def _hangs(state: Infusion, _now: datetime) -> bool:
    return state.hanging is not None


def _waits_for_the_start(state: Infusion, now: datetime) -> bool:
    return now < start_from(state)


def _has_entries(state: Infusion, _now: datetime) -> bool:
    return any(entry.event.correctable for entry in state.entries)


def _left_after_signing(state: Infusion, _now: datetime) -> bool:
    """Before the signatures it is a task; a bag that was kept may go later."""
    return state.phase is Phase.SIGNED and bool(leftovers(state))


MORE: tuple[MoreRow, ...] = (
    MoreRow(TaskKind.VITALS, say("Extra vital signs"), e.VitalsRecorded, ask_record_vitals, lambda s, _: s.phase not in CHECKED),
    MoreRow(
        "resolve_reaction", say("The reaction is over"), e.ReactionResolved, ask_resolve_reaction, lambda s, _: s.reaction_open
    ),
    MoreRow(
        "sign_reaction",
        say("Sign the reaction report"),
        e.ReactionSigned,
        ask_sign_reaction,
        lambda s, _: unsigned_report(s) is not None,
    ),
    MoreRow("free_bag", say("A kept bag may go"), e.BagFreed, ask_free_bag, lambda s, _: any(b.kept for b in s.bags.values())),
    MoreRow("destroy_kept", say("Destroy the rest of a bag"), e.LeftoverDestroyed, ask_destroy_leftover, _left_after_signing),
    MoreRow(TaskKind.READ_REMAINING, say("Read what is left in the bag"), e.RemainingRead, ask_read_remaining, _hangs),
    MoreRow("bag_empty", say("The bag is empty"), e.BagEmptied, ask_report_empty, _hangs),
    MoreRow("take_down", say("Take the bag down"), e.BagTakenDown, ask_take_down_bag, _hangs),
    MoreRow("broken", say("A bag is unusable"), e.BagBroken, ask_report_broken, lambda s, _: s.next_bag is not None),
    MoreRow("next_bag", say("Another bag comes next"), e.NextBagChosen, ask_choose_next_bag, lambda s, _: bool(others_to_hang(s))),
    MoreRow(
        "override", say("Start before the waiting time is over"), e.LeadTimeOverridden, ask_override_lead_time, _waits_for_the_start
    ),
    MoreRow(TaskKind.END, say("End infusion"), e.InfusionEnded, ask_end),
    MoreRow("stop", say("Stop for good"), e.InfusionStopped, ask_stop),
    MoreRow(TaskKind.SIGN_ORDER, say("The prescriber signs the order"), e.OrderSigned, ask_sign_order, lambda s, _: is_unsigned(s)),
    MoreRow(
        TaskKind.CLOSE_OBSERVATION,
        say("Close the observation early"),
        e.ObservationClosed,
        ask_close_observation,
        lambda s, now: now < observation_due_at(s),
    ),
    MoreRow(
        "limits", say("Alarm limits of this patient"), e.LimitsChanged, ask_limits, lambda s, _: bool(s.protocol.vitals.limits)
    ),
    MoreRow("scale", say("SpO₂ scale of NEWS2"), e.ScaleOrdered, ask_scale, lambda s, _: s.protocol.news2 is not None),
    MoreRow("hand_over", say("Hand over to another nurse"), e.HandedOver, ask_hand_over),
    MoreRow("note", say("Note"), e.NoteAdded, ask_add_note),
    MoreRow("correct", say("Correct an entry"), e.Corrected, ask_correct, _has_entries),
    MoreRow("unused", say("A bag was not used"), e.LeftoverDestroyed, ask_unused_bag, lambda s, _: bool(unused(s))),
    MoreRow("abandon", say("Give up before the start"), e.Abandoned, ask_abandon),
)


#: what somebody who came by emergency access finds behind “More”
_GUEST_MORE = (TaskKind.VITALS, "stop", "note")


def more_actions(state: Infusion, now: datetime, is_guest: bool = False) -> tuple[tuple[str, Text], ...]:
    """Key and words of what stands behind “More” now; the sheets to be printed last."""
    possible = [row for row in MORE if (state.phase, row.event) in TABLE and row.is_offered(state, now)]
    rows = tuple((row.key, row.words) for row in possible if not is_guest or row.key in _GUEST_MORE)
    if is_guest:
        return rows
    return (*rows, *((_SHEET + name, words) for name, words in sheets_of(state).items()))


_ASKED: dict[str, Ask] = {
    **{row.key: row.ask for row in MORE},
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
    TaskKind.MEASURE: ask_measure_rate,
    TaskKind.RATE_OFF: ask_set_rate,
    TaskKind.TAKE_DOWN: ask_take_down_bag,
    TaskKind.THAW_AGE: _old_bag,
    TaskKind.PREMEDICATION_AGE: ask_add_note,
    TaskKind.STEP_UP: ask_step_up,
    TaskKind.RESUME: ask_resume,
    TaskKind.STOP_DOSE_REACHED: ask_end,
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
    **{_SHEET + name: _sheet(name) for name in SHEET_NAMES},
}


def _at_its_bed(ask: Ask) -> Ask:
    """Whatever follows from it keeps the bed, and says it."""
    return lambda desk, infusion_id, parent: ask(desk, infusion_id, at_bed(infusion_id, parent))


ACTIONS: dict[str, Ask] = {key: _at_its_bed(ask) for key, ask in _ASKED.items()}
