"""Every question opens where its task stands, fits both tight screens, and is usable with gloves and without a mouse."""

import pytest

from app.domain.infusion.tasks import Kind
from tests.ui.questions import stops
from tests.ui.questions.conftest import At
from ui.ask.question import Question
from ui.ask.who import WhoQuestion
from ui.infusion.dock_actions import more
from ui.questions.actions import ACTIONS

ASKED: tuple[tuple[str, stops.Stop, str], ...] = (
    (Kind.RECEIVE, stops.released, "n1"),
    (Kind.VERIFY, stops.received, "n1"),
    (Kind.PREMEDICATE, stops.verified, ""),
    (Kind.THAW, stops.premedicated, ""),
    (Kind.CHECK_BAG, stops.thawed, "n1"),
    (Kind.HANG, stops.checked, ""),
    (Kind.START, stops.hung, ""),
    (Kind.VITALS, stops.running, ""),
    (Kind.MEASURE, stops.running, ""),
    (Kind.STEP_UP, stops.started, ""),
    (Kind.STEP_UP, stops.ready_to_step, ""),
    (Kind.RESUME, stops.paused, ""),
    (Kind.RESUME, stops.reacted, "i1"),
    (Kind.READ_REMAINING, stops.running, ""),
    (Kind.END, stops.running, ""),
    (Kind.FLUSH, stops.ended, ""),
    (Kind.DESTROY, stops.ended, "n2"),
    (Kind.CLOSE_OBSERVATION, stops.observed, ""),
    (Kind.SIGN_PERFORMED, stops.closed, "n1"),
    (Kind.CONFIRM_ELAPSED, stops.unwatched, ""),
    ("change_rate", stops.running, ""),
    ("explain_pause", stops.paused, ""),
    ("reaction", stops.running, ""),
    ("reaction", stops.reacted, ""),
    ("bag_empty", stops.running, ""),
    ("take_down", stops.running, ""),
    ("broken", stops.premedicated, ""),
    ("stop", stops.running, ""),
    ("resolve_reaction", stops.reacted, ""),
    ("correct", stops.running, ""),
    ("note", stops.running, ""),
    ("hand_over", stops.running, ""),
    ("override", stops.premedicated, "i1"),
    ("abandon", stops.received, ""),
)


@pytest.mark.parametrize(("key", "stop", "signs"), ASKED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_gloved_nurse_can_answer_it(at: At, key: str, stop: stops.Stop, signs: str) -> None:
    bed = at(stop())
    dialog = bed.ask(key, Question)
    assert dialog.windowTitle()
    bed.is_fit_for_gloves(dialog)
    if signs and key not in (Kind.RECEIVE, Kind.SIGN_PERFORMED, "hand_over"):
        assert isinstance(dialog, WhoQuestion)
        bed.signs(dialog, signs)
        bed.is_fit_for_gloves(bed.dialog(Question))


@pytest.mark.parametrize("stop", [stops.released, stops.premedicated, stops.running, stops.reacted, stops.ended, stops.closed])
def test_everything_behind_more_has_its_question(stop: stops.Stop) -> None:
    ward = stop()
    offered = [key for key, _ in more(ward.state)]
    assert offered
    assert not [key for key in offered if key not in ACTIONS]
