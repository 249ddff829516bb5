"""What is recorded and corrected on a subject's page: results made sure of, other medicine, one part of an earlier entry."""

import os

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.infusion.facts import Corrected
from app.domain.trial.subject.subject_commands import NoteAdverseEvent
from app.domain.trial.subject.subject_facts import AdverseEventNoted, LabRecorded
from app.domain.trial.subject.subject_state import SubjectState
from app.practice.made_up_trial import MadeUpTrial
from app.services.protocol_files import load
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import BEGIN
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.test_trial import first_infused, opened
from ui.ask.answers import ChoiceAnswer, SeveralAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.trial.correct_question import EntryCorrection, ValuesAnswer
from ui.trial.lab_question import LabQuestion
from ui.trial.page import TrialPage


@pytest.fixture(scope="module")
def made_up() -> MadeUpTrial:
    return MadeUpTrial(3, BEGIN, 1, load(), RULES, SHANGHAI, whole=False)


def state_of(page: TrialPage) -> SubjectState:
    page.refresh()
    return page._state()


def type_into(form: FormQuestion, key: str, text: str) -> None:
    answer = form.answers_by_key[key]
    assert isinstance(answer, TextAnswer)
    answer.field.setText(text)


def choose(form: FormQuestion, key: str, code: object) -> None:
    answer = form.answers_by_key[key]
    assert isinstance(answer, ChoiceAnswer)
    answer.choose(code)
    answer.changed.emit()


def look_at(form: FormQuestion, name: str) -> None:
    """Nothing is cut; a picture where a folder is named."""
    QApplication.processEvents()
    assert_nothing_cut(form)
    if out := os.environ.get("PICTURES"):
        form.window().grab().save(f"{out}/{name}.png")


def with_form(furnish: Furnish, made_up: MadeUpTrial, act: str) -> tuple[TrialPage, Window]:
    page, window, _ = opened(furnish, made_up)
    page.open_subject(first_infused(page))
    page.subject.doing[act].click()
    return page, window


# --- the laboratory


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_value_is_typed_twice(furnish: Furnish, made_up: MadeUpTrial, kit: Kit, language: str) -> None:
    kit.words.set_language(language)
    page, window = with_form(furnish, made_up, "laboratory")
    before = len(state_of(page).labs)
    (form,) = window.findChildren(LabQuestion)
    for panel in form.panels:
        choose(form, "panel", panel)
        look_at(form, f"lab_{panel}_{language}")
    choose(form, "panel", "chemistry")
    value, again, _, uln = form.panels["chemistry"].lines["alt"]
    value.setText("121")
    uln.setText("40")
    form.primary.click()
    assert form.isVisible()
    again.setText("121")
    form.primary.click()
    labs = state_of(page).labs
    assert len(labs) == before + 1
    assert (labs[-1].how, str(labs[-1].values[0].uln), labs[-1].values[0].lln) == ("twice", "40", None)


def test_or_a_second_person_looks_at_them(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window = with_form(furnish, made_up, "laboratory")
    (form,) = window.findChildren(LabQuestion)
    choose(form, "how", "second")
    form.primary.click()
    assert not window.findChildren(WhoQuestion)
    form.panels["counts"].lines["wbc"][0].setText("2.4")
    form.primary.click()
    (who,) = window.findChildren(WhoQuestion)
    assert ZHAO.person_id not in who.names.codes.values()
    look_at(form, "lab_second")
    who.accept()
    who._then(LI)
    last = state_of(page).entries[-1]
    assert isinstance(last.event, LabRecorded)
    assert (last.event.how, last.by, last.co) == ("second", ZHAO.person_id, LI.person_id)


# --- medicine


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_growth_factor_is_recorded(furnish: Furnish, made_up: MadeUpTrial, kit: Kit, language: str) -> None:
    kit.words.set_language(language)
    page, window = with_form(furnish, made_up, "medication")
    (form,) = window.findChildren(FormQuestion)
    look_at(form, f"medicine_{language}")
    choose(form, "kind", "growth_factor")
    type_into(form, "what", "G-CSF 300 µg")
    form.primary.click()
    given = state_of(page).medication[-1]
    assert (given.kind, given.what, given.until_on) == ("growth_factor", "G-CSF 300 µg", None)


# --- corrections


def correcting(furnish: Furnish, made_up: MadeUpTrial, kind: type) -> tuple[TrialPage, EntryCorrection]:
    page, window, _ = opened(furnish, made_up)
    page.open_subject(first_infused(page))
    assert page.trial is not None
    event = AdverseEventNoted("Fever", 2, page.trial.today, True, True, criteria=("hospital",), relatedness="possible")
    page.trial.submit(page.code, NoteAdverseEvent(event), ZHAO)
    page.turn("course")
    entry = next(x for x in reversed(page._state().entries) if isinstance(x.event, kind))
    page.subject.table.choose(entry.event_id)
    page.subject.doing["correct"].click()
    QApplication.processEvents()
    (form,) = window.findChildren(EntryCorrection)
    return page, form


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_one_part_of_an_adverse_event_is_corrected(furnish: Furnish, made_up: MadeUpTrial, kit: Kit, language: str) -> None:
    kit.words.set_language(language)
    page, form = correcting(furnish, made_up, AdverseEventNoted)
    for field in form.what.codes.values():
        choose(form, "what", field)
        look_at(form, f"correct_{field}_{language}")
    choose(form, "what", "criteria")
    none = form.answers_by_key["to criteria"]
    assert isinstance(none, SeveralAnswer)
    none.grid.choose(frozenset())
    form.primary.click()
    assert form.isVisible()
    type_into(form, "reason", "it was a day ward")
    form.primary.click()
    state = state_of(page)
    assert (state.adverse[-1].is_serious, state.adverse[-1].criteria) == (False, ())
    told = [x.event.field for x in state.entries if isinstance(x.event, Corrected)]
    assert told == ["is_serious", "criteria"]
    rows = page.subject.table.view.model()
    shown = [kit.words.shown(rows.index(n, 1).data()) for n in range(rows.rowCount())]
    assert any("as corrected" in text or "已更正" in text for text in shown)


def test_a_laboratory_value_is_corrected(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, form = correcting(furnish, made_up, LabRecorded)
    choose(form, "what", "values")
    look_at(form, "correct_values")
    answer = form.answers_by_key["to values"]
    assert isinstance(answer, ValuesAnswer)
    line, again = answer.lines[0]
    line.setText("x")
    type_into(form, "reason", "misread")
    form.primary.click()
    assert form.isVisible()
    line.setText("101")
    form.primary.click()
    assert form.isVisible(), "it is typed twice"
    again.setText("101")
    form.primary.click()
    assert any(lab.values[0].value == 101 for lab in state_of(page).labs)


def test_or_a_second_person_looks_at_what_is_corrected(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, form = correcting(furnish, made_up, LabRecorded)
    choose(form, "what", "values")
    choose(form, "how", "second")
    look_at(form, "correct_values_second")
    answer = form.answers_by_key["to values"]
    assert isinstance(answer, ValuesAnswer)
    answer.lines[0][0].setText("102")
    type_into(form, "reason", "misread")
    form.primary.click()
    (who,) = form.window().findChildren(WhoQuestion)
    who.accept()
    who._then(LI)
    last = state_of(page).entries[-1]
    assert isinstance(last.event, Corrected)
    assert (last.event.field, last.co) == ("values", LI.person_id)
    assert any(lab.values[0].value == 102 and lab.how == "second" for lab in state_of(page).labs)


def test_what_is_signed_or_of_the_bedside_is_not_corrected_here(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window, _ = opened(furnish, made_up)
    told: list[str] = []
    page.desk.message.connect(lambda state: told.append(str(state.happened)))
    page.open_subject(first_infused(page))
    page.forms.correct(page.code, "an-infusion")
    assert not window.findChildren(EntryCorrection)
    assert "not corrected here" in told[0]
