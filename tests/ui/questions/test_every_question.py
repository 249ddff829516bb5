"""Every question opens where its task stands, fits both tight screens, and is usable with gloves and without a mouse."""

import pytest

from app.domain.infusion.task_kinds import TaskKind
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from ui.ask.form import FormQuestion
from ui.ask.question import Question
from ui.ask.who import WhoQuestion
from ui.questions.actions import ACTIONS, more_actions

ASKED: tuple[tuple[str, stops.Stop, str], ...] = (
    (TaskKind.RECEIVE, stops.released, "n1"),
    (TaskKind.VERIFY, stops.received, ""),
    (TaskKind.PREMEDICATE, stops.verified, ""),
    (TaskKind.THAW, stops.premedicated, ""),
    (TaskKind.CHECK_BAG, stops.thawed, ""),
    (TaskKind.HANG, stops.checked, ""),
    (TaskKind.START, stops.hung, ""),
    (TaskKind.START, stops.another_started, ""),
    (TaskKind.VITALS, stops.running, ""),
    (TaskKind.MEASURE, stops.running, ""),
    (TaskKind.STEP_UP, stops.started, ""),
    (TaskKind.STEP_UP, stops.ready_to_step, ""),
    (TaskKind.RESUME, stops.paused, ""),
    (TaskKind.RESUME, stops.calmed, "i1"),
    (TaskKind.START, stops.feverish, "i1"),
    (TaskKind.STEP_UP, stops.racing, "i1"),
    (TaskKind.RESUME, stops.racing_paused, "i1"),
    (TaskKind.SIGN_ORDER, stops.written_down, ""),
    (TaskKind.RATE_OFF, stops.running, ""),
    (TaskKind.TAKE_DOWN, stops.running, ""),
    (TaskKind.THAW_AGE, stops.running, ""),
    (TaskKind.THAW_AGE, stops.thawed, ""),
    (TaskKind.PREMEDICATION_AGE, stops.hung, ""),
    (TaskKind.READ_REMAINING, stops.running, ""),
    (TaskKind.END, stops.running, ""),
    (TaskKind.FLUSH, stops.ended, ""),
    (TaskKind.DESTROY, stops.ended, ""),
    (TaskKind.CLOSE_OBSERVATION, stops.ended, ""),
    (TaskKind.CLOSE_OBSERVATION, stops.observed, ""),
    (TaskKind.SIGN_PERFORMED, stops.closed, "n1"),
    (TaskKind.CONFIRM_ELAPSED, stops.unwatched, ""),
    ("change_rate", stops.running, ""),
    ("explain_pause", stops.paused, ""),
    ("reaction", stops.running, ""),
    ("reaction", stops.reacted, ""),
    ("bag_empty", stops.running, ""),
    ("take_down", stops.running, ""),
    ("broken", stops.premedicated, ""),
    ("next_bag", stops.thawed, ""),
    ("stop", stops.running, ""),
    ("resolve_reaction", stops.reacted, ""),
    ("correct", stops.running, ""),
    ("note", stops.running, ""),
    ("hand_over", stops.running, ""),
    ("override", stops.premedicated, ""),
    ("abandon", stops.received, ""),
    ("limits", stops.running, ""),
    ("scale", stops.running, "i1"),
)


@pytest.mark.parametrize(("key", "stop", "signs"), ASKED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_gloved_nurse_can_answer_it(at: At, key: str, stop: stops.Stop, signs: str) -> None:
    bed = at(stop())
    dialog = bed.ask(key, Question)
    assert dialog.windowTitle()
    _names_its_bed(bed, dialog)
    _begins_with_what_is_asked(bed, dialog)
    bed.is_fit_for_gloves(dialog)
    if signs and key not in (TaskKind.RECEIVE, TaskKind.SIGN_PERFORMED, "hand_over"):
        assert isinstance(dialog, WhoQuestion)
        bed.signs(dialog, signs)
        _names_its_bed(bed, bed.dialog(Question))
        bed.is_fit_for_gloves(bed.dialog(Question))


def _begins_with_what_is_asked(bed: Bedside, dialog: Question) -> None:
    """The focus is on the first thing to answer, in sight; where nothing is asked, on the primary button."""
    at, inner = bed.app.focusWidget(), dialog.area.widget()
    assert at is not None
    assert inner is not None
    assert at is dialog.primary or inner.isAncestorOf(at), at.accessibleName()
    if at is not dialog.primary:
        assert not at.visibleRegion().isEmpty()


def _names_its_bed(bed: Bedside, dialog: Question) -> None:
    """Subject, bed with its mark, and dose: on a question as on the witness and the signature that follow."""
    state, head = bed.ward.state, dialog.head
    assert dialog.about == state.infusion_id
    assert head is not None
    assert head.isVisibleTo(dialog)
    asks_wristband = isinstance(dialog, FormQuestion) and "subject" in dialog.answers_by_key
    subject = "" if asks_wristband else state.order.subject  # which is to be read off the wristband
    assert (head.subject.text(), head.bed.text()) == (subject, f"Bed {state.order.bed}")
    assert head.dose.text().startswith(f"{state.order.group} · 1 of 2")
    assert head.mark.bed == state.order.bed


@pytest.mark.parametrize("stop", [stops.released, stops.premedicated, stops.running, stops.reacted, stops.ended, stops.closed])
def test_everything_behind_more_has_its_question(stop: stops.Stop) -> None:
    ward = stop()
    offered = [key for key, _ in more_actions(ward.state, ward.bedside.now())]
    assert offered
    assert not [key for key in offered if key not in ACTIONS]


def test_every_task_at_the_bed_has_its_question() -> None:
    """Those of the bench are asked on its own page."""
    assert not [kind for kind in TaskKind if kind.row.step is None and kind not in ACTIONS]
