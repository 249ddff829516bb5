"""A reaction: the drip first, everything else after; restarted only with an investigator's signature."""

import os
from datetime import timedelta

from PySide6.QtCore import Qt

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from tests.domain.cast import CHEN, LI, ZHAO
from tests.ui.pages import story
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from ui.ask.answers import TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.question import Question
from ui.ask.who import WhoQuestion
from ui.questions.actions import ACTIONS, more_actions
from ui.questions.rate_question import RateQuestion
from ui.questions.reaction import ReactionQuestion


def opened(bed: Bedside) -> ReactionQuestion:
    return bed.ask("reaction", ReactionQuestion)


def test_stopped_with_enter_before_anything_is_filled_in(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    assert form.acts["stop"].hasFocus()
    bed.press(form)
    assert bed.ward.state.phase is Phase.PAUSED
    assert bed.ward.state.reaction_open
    assert form.isVisible()
    assert "infusion stopped" in form.status.text()


def test_stopped_though_the_disk_is_full(at: At) -> None:
    bed = at(stops.running())
    bed.ward.store.broken = True
    form = opened(bed)
    form.acts["stop"].click()
    assert bed.ward.state.phase is Phase.PAUSED
    bed.ward.store.broken = False
    story.watch(bed.ward, 0.2)
    assert bed.ward.store.events.count("ReactionNoted") == 1


def test_slowed_to_half_at_once_to_a_rate_that_can_be_counted(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    assert form.acts["slow"].text() == "Slow down to 28 drops/min"
    form.acts["slow"].click()
    assert bed.ward.state.rate_gtt_min == 28
    assert bed.ward.state.phase is Phase.RUNNING
    assert "It runs at 28 drops/min" in form.status.text()


def test_slowed_first_and_then_stopped_it_is_one_reaction(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    form.symptoms.grid.choose(frozenset({"0"}))
    form.acts["slow"].click()
    form.symptoms.grid.choose(frozenset({"2"}))
    form.acts["stop"].click()
    assert bed.ward.state.phase is Phase.PAUSED
    assert bed.ward.state.reaction is not None
    assert bed.ward.state.reaction.symptoms == ("chills", "rash")


def test_nothing_is_saved_before_the_drip_is_dealt_with(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    form.primary.click()
    assert not bed.ward.state.reactions
    assert form.strip._state is not None
    assert form.isVisible()


def test_symptoms_steps_with_times_grade_and_call_page_by_page(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    bed.press(form)
    stopped_at = bed.ward.bedside.now()
    form.symptoms.grid.choose(frozenset({"0", "1"}))
    bed.press(form)
    assert form.pages.currentIndex() == 1
    story.watch(bed.ward, 2)
    bed.press(form.steps.steps["stay"].tick, Qt.Key.Key_Space)
    bed.press(form.steps.steps["doctor"].tick, Qt.Key.Key_Space)
    form.steps.steps["doctor"].time.setTime(form.steps.steps["doctor"].time.time().addSecs(-60))
    bed.type_in(form.called.field, "Dr Zhao")
    bed.press(form)
    assert form.pages.currentIndex() == 2
    form.grade.choose(2)
    bed.type_in(form.text.field, "rigors")
    bed.press(form)
    assert not bed.open_dialogs()
    known = bed.ward.state.reaction
    assert known is not None
    assert (known.symptoms, known.grade, known.called, known.text) == (("chills", "fever"), 2, "Dr Zhao", "rigors")
    assert [step.code for step in known.steps] == ["stay", "doctor"]
    stay, doctor = (step.done_at for step in known.steps)
    assert stay == stopped_at + timedelta(minutes=2)
    assert timedelta(0) < stay - doctor < timedelta(minutes=2)


def test_the_grades_are_worded_and_none_is_chosen_for_the_person(at: At) -> None:
    bed = at(stops.reacted())
    form = opened(bed)
    form._turn(2)
    bed.settle()
    assert form.grade.chosen() is None
    texts = [toggle.text() for toggle in form.grade.grid._toggles]
    assert texts[3] == "4 · Life-threatening; urgent treatment needed"
    assert len(texts) == 5
    bed.is_fit_for_gloves(form)


def test_a_ticked_step_can_be_taken_back(at: At) -> None:
    bed = at(stops.reacted())
    form = opened(bed)
    tick = form.steps.steps["bag"].tick
    tick.click()
    assert [step.code for step in form.steps.done()] == ["bag"]
    tick.click()
    assert form.steps.done() == ()


def test_opened_again_it_goes_on_where_it_was(at: At) -> None:
    ward = stops.reacted()
    ward.do(UpdateReaction(ward.bedside.now(), ("chills", "cough"), (e.StepDone("stay", ward.bedside.now()),), 1, "Dr Zhao"), LI)
    bed = at(ward)
    form = opened(bed)
    assert form.pages.currentIndex() == 1
    assert not form.acts
    assert form.symptoms.value() == ("chills", "cough")
    assert form.steps.steps["stay"].tick.isChecked()
    assert form.called.value() == "Dr Zhao"
    assert form.grade.chosen() == 1


def test_a_pharmacist_stops_it_and_a_nurse_tells_the_rest(at: At) -> None:
    bed = at(stops.running())
    bed.desk.sign_in(CHEN)
    form = opened(bed)
    bed.press(form)
    assert bed.ward.state.phase is Phase.PAUSED
    bed.press(form)
    bed.signs(bed.dialog(WhoQuestion), "n1")
    assert isinstance(bed.ward.state.entries[-1].event, e.ReactionUpdated)
    assert bed.ward.state.entries[-1].by == "n1"


def test_during_the_observation_it_is_noted(at: At) -> None:
    bed = at(stops.ended())
    form = opened(bed)
    assert [button.text() for button in form.acts.values()] == ["Note the reaction"]
    bed.press(form)
    assert bed.ward.state.reaction_open
    assert bed.ward.state.phase is Phase.OBSERVATION


def test_paused_first_the_reaction_is_noted_after(at: At) -> None:
    bed = at(stops.paused())
    form = bed.ask("explain_pause", Question)
    reason = form.answers_by_key["reason"]  # type: ignore[attr-defined]
    reason.choice.grid._toggles[0].click()
    form = bed.dialog(ReactionQuestion)
    bed.press(form)
    assert bed.ward.state.pause is not None
    assert bed.ward.state.pause.cause == "reaction"


def test_only_an_investigator_lets_it_go_on(at: At) -> None:
    bed = at(stops.calmed())
    who = bed.ask(TaskKind.RESUME, WhoQuestion)
    assert list(who.names.codes.values()) == ["i1"]
    bed.signs(who, ZHAO.person_id)
    form = bed.dialog(RateQuestion)
    assert form.rate.rate() == 28
    assert form.rate.choice.grid._toggles[0].text() == "28 drops/min"
    form.reason.choice.choose("doctor")
    bed.press(form)
    assert bed.ward.state.phase is Phase.RUNNING
    resumed = bed.ward.state.entries[-1].event
    assert isinstance(resumed, e.Resumed)
    assert (resumed.authorised_by, str(resumed.rate_gtt_min), resumed.reason) == ("i1", "28", "doctor")


def test_it_does_not_go_on_before_vital_signs_are_taken(at: At) -> None:
    ward = stops.reacted()
    ward.do(ResolveReaction(ward.bedside.now()), LI)
    bed = at(ward)
    told: list[object] = []
    bed.desk.message.connect(told.append)
    ACTIONS[TaskKind.RESUME](bed.desk, ward.infusion_id, bed.window)
    assert told
    assert not bed.open_dialogs()


def test_drugs_with_their_doses_and_the_call_with_its_time(at: At) -> None:
    bed = at(stops.reacted())
    form = opened(bed)
    form._turn(1)
    bed.settle()
    bed.is_fit_for_gloves(form)
    _pictures(bed, form, "reaction_done")
    bed.type_in(form.drugs.lines[0].fields[0], "chlorphenamine")
    form.primary.click()
    assert form.strip._state is not None
    bed.type_in(form.drugs.lines[0].fields[1], "10 mg")
    form.drugs.another.click()
    bed.type_in(form.called.field, "Dr Zhao")
    form.called.line.time.setTime(form.called.line.time.time().addSecs(-120))
    form.steps.steps["keep"].tick.click()
    form.primary.click()
    known = bed.ward.state.reaction
    assert known is not None
    assert [(d.drug, d.dose) for d in known.drugs] == [("chlorphenamine", "10 mg")]
    assert known.called_at is not None
    assert known.called_at < bed.ward.bedside.now()
    assert any(bag.kept for bag in bed.ward.state.bags.values())
    form.reject()
    again = opened(bed)
    assert [line.texts for line in again.drugs.lines] == [("chlorphenamine", "10 mg"), ("", "")]
    assert again.called.when() == known.called_at


def test_vital_signs_are_taken_from_the_reaction_itself(at: At) -> None:
    bed = at(stops.reacted())
    form = opened(bed)
    form._turn(1)
    form.measure.click()
    assert bed.dialog(Question) is not form


def test_the_report_is_signed_by_both(at: At) -> None:
    ward = stops.calmed()
    ward.do(NoteReaction(ward.bedside.now(), ("chills",), "continue", 2), LI)
    bed = at(ward)
    form = bed.ask("resolve_reaction", FormQuestion)
    bed.is_fit_for_gloves(form)
    bed.press(form)
    nurse = bed.ask("sign_reaction", WhoQuestion)
    bed.is_fit_for_gloves(nurse)
    bed.signs(nurse, LI.person_id)
    bed.signs(bed.ask("sign_reaction", WhoQuestion), ZHAO.person_id)
    assert set(ward.state.report_signed) == {"performed", "reviewed"}
    assert "sheet_reaction" in dict(more_actions(ward.state, ward.bedside.now()))
    assert "sign_reaction" not in dict(more_actions(ward.state, ward.bedside.now()))
    ACTIONS["sign_reaction"](bed.desk, ward.infusion_id, bed.window)
    assert not bed.open_dialogs()


def test_a_kept_bag_is_let_go_by_an_investigator(at: At) -> None:
    ward = stops.reacted()
    ward.do(UpdateReaction(ward.bedside.now(), ("chills",), (e.StepDone("keep", ward.bedside.now()),), 2), LI)
    bed = at(ward)
    assert "free_bag" in dict(more_actions(ward.state, ward.bedside.now()))
    bed.signs(bed.ask("free_bag", WhoQuestion), ZHAO.person_id)
    form = bed.dialog(FormQuestion)
    bed.is_fit_for_gloves(form)
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, TextAnswer)
    reason.field.setText("cultures taken")
    bed.press(form)
    assert not any(bag.kept for bag in ward.state.bags.values())
    ACTIONS["free_bag"](bed.desk, ward.infusion_id, bed.window)
    assert not bed.open_dialogs()


def _pictures(bed: Bedside, form: Question, name: str) -> None:
    """To be looked at, where a folder is named."""
    if out := os.environ.get("PICTURES"):
        for language in ("zh_CN", "en"):
            bed.kit.words.set_language(language)
            bed.settle()
            form.grab().save(f"{out}/{name}_{language}.png")


def test_it_is_over(at: At) -> None:
    bed = at(stops.reacted())
    form = bed.ask("resolve_reaction", Question)
    bed.press(form)
    assert not bed.ward.state.reaction_open


def test_what_the_timeline_says_of_it_in_both_languages(at: At) -> None:
    bed = at(stops.reacted())
    now = bed.ward.bedside.now()
    bed.ward.do(UpdateReaction(now, ("chills",), (e.StepDone("doctor", now),), 1, "Dr Zhao"), LI)
    newest = bed.page.sheet.timeline._rows.rows[0]
    assert "grade 1" in bed.kit.words.shown(newest.text)
    assert "Call the doctor" in bed.kit.words.shown(newest.text)
    bed.kit.words.set_language("zh_CN")
    assert "呼叫医生" in bed.kit.words.shown(newest.text)
    bed.kit.words.set_language("en")
