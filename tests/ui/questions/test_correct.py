"""A mistake is mended from the timeline: the old value struck through, the reason beside it."""

from decimal import Decimal

from PySide6.QtWidgets import QLabel, QWidget

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import DestroyLeftover
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.log import Event
from tests.domain.cast import LI, WANG, ZHAO
from tests.services.ward import Ward
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from ui.ask.answers import ChoiceAnswer, NumberAnswer, SeveralAnswer, TextAnswer
from ui.ask.time_answer import TimeAnswer
from ui.ask.who import WhoQuestion
from ui.questions.notes import CorrectQuestion, EntryQuestion


def newest(ward: Ward, kind: type[Event]) -> str:
    return next(x.event_id for x in reversed(ward.state.entries) if isinstance(x.event, kind))


def chosen_in_the_drawer(bed: Bedside, kind: type[Event]) -> CorrectQuestion:
    """The drawer is open, the entry is chosen, the button below it is pressed."""
    timeline = bed.page.sheet.timeline
    bed.page.act("timeline")
    bed.settle()
    wanted = newest(bed.ward, kind)
    at = next(n for n, row in enumerate(timeline._rows.rows) if row.key == wanted)
    timeline.list.setCurrentIndex(timeline._rows.index(at))
    assert timeline.correct.isEnabled()
    timeline.correct.click()
    return bed.dialog(CorrectQuestion)


def choose_field(form: CorrectQuestion, name: str, vital: str = "") -> None:
    at = list(form.field.codes.values()).index((name, vital))
    form.field.grid._toggles[at].click()


def test_a_heart_rate_typed_wrongly(at: At) -> None:
    bed = at(stops.running())
    form = chosen_in_the_drawer(bed, e.VitalsRecorded)
    choose_field(form, "values", "hr")
    assert form.old.text() == "It says: HR 78"
    assert isinstance(form.new, NumberAnswer)
    bed.is_fit_for_gloves(form)
    bed.type_in(form.new.number.field, "87")
    form.reason.choice.choose("mistyped")
    bed.press(form)
    assert not bed.open_dialogs()
    row = next(r for r in bed.page.sheet.timeline._rows.rows if r.old and r.key)
    assert "HR 78" in bed.kit.words.shown(row.old)
    assert "HR 87" in bed.kit.words.shown(row.text)
    assert bed.kit.words.shown(row.reason) == "typed wrongly"


def test_without_a_reason_nothing_is_mended_and_all_stays_typed(at: At) -> None:
    bed = at(stops.running())
    form = chosen_in_the_drawer(bed, e.RateMeasured)
    assert isinstance(form.new, NumberAnswer)
    bed.type_in(form.new.number.field, "52")
    bed.press(form)
    assert form.isVisible()
    assert form.reason.error.text() == "▲ Give a reason."
    assert form.new.value() == 52
    form.reason.choice.choose("misread")
    bed.press(form)
    assert bed.ward.state.measured is not None
    assert bed.ward.state.measured.rate_gtt_min == 52


def test_an_impossible_value_is_refused_and_stays(at: At) -> None:
    bed = at(stops.running())
    form = chosen_in_the_drawer(bed, e.VitalsRecorded)
    choose_field(form, "values", "temp")
    assert isinstance(form.new, NumberAnswer)
    bed.type_in(form.new.number.field, "95")
    form.reason.choice.choose("mistyped")
    bed.press(form)
    assert form.isVisible()
    assert form.new.value() == Decimal(95)


def test_every_kind_of_field_has_its_answer(at: At) -> None:
    bed = at(stops.running())
    form = chosen_in_the_drawer(bed, e.PremedicationGiven)
    for name, kind in (
        ("dose_mg", NumberAnswer), ("given_at", TimeAnswer), ("allergies", TextAnswer), ("baseline_blood", ChoiceAnswer),
    ):  # fmt: skip
        choose_field(form, name)
        assert isinstance(form.new, kind)
    form.reject()
    form = chosen_again(bed, e.VitalsRecorded)
    choose_field(form, "discomfort")
    assert isinstance(form.new, ChoiceAnswer)
    form.new.choose(True)
    form.reason.choice.choose("asked_again")
    bed.press(form)
    corrected = bed.ward.state.entries[-1].event
    assert isinstance(corrected, e.Corrected)
    assert (corrected.old, corrected.new) == ("false", "true")


def chosen_again(bed: Bedside, kind: type[Event]) -> CorrectQuestion:
    bed.page.sheet.timeline.correct_wanted.emit(newest(bed.ward, kind))
    return bed.dialog(CorrectQuestion)


def test_symptoms_and_grade_of_a_reaction(at: At) -> None:
    bed = at(stops.reacted())
    form = chosen_again(bed, e.ReactionNoted)
    choose_field(form, "symptoms")
    assert isinstance(form.new, SeveralAnswer)
    assert form.new.value() == ("chills",)
    choose_field(form, "grade")
    assert isinstance(form.new, ChoiceAnswer)
    form.new.choose(2)
    form.reason.choice.choose("asked_again")
    bed.press(form)
    assert bed.ward.state.reaction is not None
    assert bed.ward.state.reaction.grade == 2


def test_from_more_the_entry_is_chosen_first(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("correct", EntryQuestion)
    assert all(row.key for row in form.timeline._rows.rows)
    form.timeline.list.setCurrentIndex(form.timeline._rows.index(0))
    bed.press(form)
    assert isinstance(bed.dialog(CorrectQuestion).target, e.RateMeasured)


def test_what_the_program_saw_itself_cannot_be_chosen(at: At) -> None:
    bed = at(stops.running())
    timeline = bed.page.sheet.timeline
    at_link = next(n for n, row in enumerate(timeline._rows.rows) if "connected" in bed.kit.words.shown(row.text))
    timeline.list.setCurrentIndex(timeline._rows.index(at_link))
    assert not timeline.correct.isEnabled()


def texts(part: QWidget) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel))


def signed(ward: Ward) -> Ward:
    ward.do(DestroyLeftover(stops.BAGS[1], Decimal(58), WANG), LI)
    ward.do(Sign("performed"), LI)
    ward.do(Sign("reviewed"), ZHAO)
    return ward


def test_a_correction_after_signing_asks_for_both_signatures_again(at: At) -> None:
    bed = at(signed(stops.closed()))
    sheet = bed.page.sheet
    assert sheet.notice.isHidden()
    form = chosen_in_the_drawer(bed, e.LineFlushed)
    assert isinstance(form.new, NumberAnswer)
    bed.type_in(form.new.number.field, "25")
    form.reason.choice.choose("misread")
    bed.press(form)
    assert sheet.dock.primary.text() == "Sign as the nurse"
    assert sheet.strip.state is not None
    assert sheet.strip.state[-1].status == "current"
    assert "An entry was corrected after it was signed for. Void: performed, reviewed." in texts(sheet.notice)
    struck = [bed.kit.words.shown(row.old) for row in sheet.timeline._rows.rows if "VOID since" in bed.kit.words.shown(row.text)]
    assert struck == ["Signed: reviewed", "Signed: performed"]
    bed.signs(bed.ask(TaskKind.SIGN_PERFORMED, WhoQuestion), "n2")
    bed.settle()
    assert sheet.dock.primary.text() == "Sign as the investigator"
    bed.signs(bed.ask(TaskKind.SIGN_REVIEWED, WhoQuestion), "i1")
    bed.settle()
    assert bed.ward.state.phase is Phase.SIGNED
    assert sheet.notice.isHidden()
