"""An adverse event is asked for in the table's words; a serious one shows its clock until its report is out."""

import os
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from app.domain.log import Entry
from app.domain.safety.sae_clock import SaeClock
from app.domain.trial.subject.subject_commands import NoteAdverseEvent
from app.domain.trial.subject.subject_facts import AdverseEventNoted
from app.practice.made_up_trial import MadeUpTrial
from app.services.protocol_files import load
from app.services.safety.sae_watch import SaeWatch
from app.services.trial.trial_desk import TrialDesk
from app.services.words.words import Words
from tests.domain.cast import ZHAO
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import BEGIN
from tests.services.safety.test_acute_checks import Log
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.test_trial import first_infused, opened
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.frame.bar.sae_bar import SaeBar, sae_words
from ui.frame.desk import Desk
from ui.kit.look_and_words import Kit
from ui.safety.adverse_question import TermAnswer
from ui.safety.sae_question import SaeQuestion, ask_sae
from ui.trial.page import TrialPage

ENGLISH = Words("en")


@pytest.fixture(scope="module")
def made_up() -> MadeUpTrial:
    return MadeUpTrial(24, BEGIN, 1, load(), RULES, SHANGHAI, whole=False)


def picture(widget: FormQuestion | SaeBar, name: str) -> None:
    """To be looked at, where a folder is named."""
    if out := os.environ.get("PICTURES"):
        widget.grab().save(f"{out}/{name}.png")


def choose(form: FormQuestion, key: str, code: object) -> None:
    answer = form.answers_by_key[key]
    assert isinstance(answer, ChoiceAnswer)
    answer.choose(code)


def visible(page: TrialPage) -> FormQuestion:
    QApplication.processEvents()
    return next(x for x in page.window().findChildren(FormQuestion) if x.isVisible())


def with_term(page: TrialPage, typed: str) -> FormQuestion:
    page.open_subject(first_infused(page))
    page.subject.doing["adverse"].click()
    first = visible(page)
    term = first.answers_by_key["term"]
    assert isinstance(term, TermAnswer)
    term.field.setCurrentText(typed)
    first.primary.click()
    return visible(page)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_only_grades_that_exist_are_offered_in_the_table_s_words(
    furnish: Furnish, made_up: MadeUpTrial, kit: Kit, language: str
) -> None:
    page, _, _ = opened(furnish, made_up)
    kit.words.set_language(language)
    form = with_term(page, "anaphylaxis")
    grade = form.answers_by_key["grade"]
    assert isinstance(grade, ChoiceAnswer)
    assert list(grade.codes.values()) == [3, 4, 5]
    assert grade.chosen() is None
    assert_nothing_cut(form)
    picture(form, f"adverse_{language}")


def test_a_serious_event_is_kept_with_all_that_was_answered(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, _, _ = opened(furnish, made_up)
    form = with_term(page, "Sepsis")
    form.primary.click()
    assert form.isVisible()
    criteria = form.answers_by_key["criteria"]
    assert isinstance(criteria, ChoiceAnswer)
    criteria.grid.choose(frozenset({"1", "2"}))
    for key, code in (("grade", 4), ("relatedness", "unlikely"), ("action", "none"), ("outcome", "recovering")):
        choose(form, key, code)
    form.primary.click()
    assert page.look is not None
    page.refresh()
    state = page.look.data.subject(page.code)
    assert state is not None
    event = state.adverse[-1]
    assert (event.term, event.grade, event.is_serious, event.is_related) == ("Sepsis", 4, True, False)
    assert (event.criteria, event.outcome, event.ctcae_version) == (("life_threatening", "hospital"), "recovering", "5.0")
    assert event.aware_at is not None


def test_the_laboratory_s_numbers_stand_beside_the_grades(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, _, _ = opened(furnish, made_up)
    form = with_term(page, "Platelet count decreased")
    notes = [label.text() for label in form.findChildren(type(form.title))]
    assert any("Laboratory: baseline" in text for text in notes)


# --- the clock


def serious(ward: Ward, trial: TrialDesk, code: str) -> None:
    event = AdverseEventNoted("Sepsis", 4, trial.today, True, True, criteria=("hospital",), aware_at=ward.bedside.now())
    trial.submit(code, NoteAdverseEvent(event), ZHAO)


def test_the_clock_runs_over_a_restart_until_the_report_is_out(furnish: Furnish, made_up: MadeUpTrial, kit: Kit) -> None:
    ward = Ward()
    trial = desk_on(ward, made_up.entries)
    window, desk = furnish(ward, SaeBarPage)
    desk.sign_in(ZHAO)
    code = trial.look().data.infused[0].code
    watch = SaeWatch(Log(ward.store), lambda: 24, ward.bedside.now)
    trial.when_changed(watch.read)
    before = len(watch.running)
    serious(ward, trial, code)
    assert len(watch.running) == before + 1
    again = SaeWatch(Log(ward.store), lambda: 24, ward.bedside.now)
    assert again.running == watch.running
    clock = next(x for x in watch.running if x.subject == code and x.aware_at == ward.bedside.now())
    ask_sae(desk, trial, clock, window)
    QApplication.processEvents()
    (form,) = window.findChildren(SaeQuestion)
    for language in ("zh_CN", "en"):
        kit.words.set_language(language)
        QApplication.processEvents()
        assert_nothing_cut(form)
        picture(form, f"sae_{language}")
    to = form.answers_by_key["to"]
    assert isinstance(to, TextAnswer)
    to.field.setText("sponsor")
    form.primary.click()
    QApplication.processEvents()
    (who,) = window.findChildren(WhoQuestion)
    who.accept()
    who._then(ZHAO)
    assert len(watch.running) == before


def test_not_serious_after_all_takes_a_reason(furnish: Furnish, made_up: MadeUpTrial) -> None:
    ward = Ward()
    trial = desk_on(ward, made_up.entries)
    window, desk = furnish(ward, SaeBarPage)
    desk.sign_in(ZHAO)
    code = trial.look().data.infused[0].code
    serious(ward, trial, code)
    watch = SaeWatch(Log(ward.store), lambda: 24, ward.bedside.now)
    before = len(watch.running)
    clock = next(x for x in watch.running if x.aware_at == ward.bedside.now())
    ask_sae(desk, trial, clock, window)
    (form,) = window.findChildren(SaeQuestion)
    form.what.grid._toggles[1].click()
    form.primary.click()
    assert form.isVisible()
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, TextAnswer)
    reason.field.setText("no criterion was met")
    form.primary.click()
    QApplication.processEvents()
    (who,) = window.findChildren(WhoQuestion)
    who.accept()
    who._then(ZHAO)
    watch.read()
    assert len(watch.running) == before - 1


class SaeBarPage(SaeBar):
    """The bar alone, where a page would stand."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.kit)


CLOCK = SaeClock("e", "B-001", "Sepsis", 4, BEGIN, BEGIN + timedelta(hours=24))


@pytest.mark.parametrize(
    ("after_h", "others", "wanted"),
    [
        (20, 0, "SAE B-001 · Sepsis, grade 4 · report within 4:00:00"),
        (24, 0, "SAE B-001 · Sepsis, grade 4 · report within 00:00"),
        (25, 0, "▲ SAE B-001 · Sepsis, grade 4 · report overdue by 1:00:00"),
        (20, 2, "SAE B-001 · Sepsis, grade 4 · report within 4:00:00 · 2 more"),
        (25, 1, "▲ SAE B-001 · Sepsis, grade 4 · report overdue by 1:00:00 · 1 more"),
    ],
)
def test_how_long_is_left(after_h: int, others: int, wanted: str) -> None:
    assert ENGLISH.tr(sae_words(CLOCK, others, BEGIN + timedelta(hours=after_h), ENGLISH)) == wanted


def test_the_bar_is_there_only_while_a_clock_runs(furnish: Furnish, kit: Kit) -> None:
    window, _ = furnish(Ward(), SaeBarPage)
    bar = window.sae
    assert not bar.isVisible()
    bar.show_text(sae_words(CLOCK, 0, BEGIN, ENGLISH), may_report=True)
    assert bar.isVisible()
    assert bar.report.isVisible()
    QApplication.processEvents()
    assert_nothing_cut(window)
    bar.show_text(sae_words(CLOCK, 0, BEGIN, ENGLISH))
    assert not bar.report.isVisible()
    bar.show_text(None)
    assert not bar.isVisible()
    assert kit.words.catalogue.language == "en"


def test_what_is_overdue_stands_in_front() -> None:
    late = msgspec.structs.replace(CLOCK, until=BEGIN - timedelta(hours=1))
    event = AdverseEventNoted("Sepsis", 4, BEGIN.date(), True, True, aware_at=late.until - timedelta(hours=24))
    soon = msgspec.structs.replace(event, aware_at=BEGIN)
    entries = (Entry("s", "subject:B-001", BEGIN, None, soon), Entry("l", "subject:B-002", BEGIN, None, event))

    class Two:
        def subject_entries(self, _kind: str) -> list[Entry]:
            return list(entries)

    watch = SaeWatch(Two(), lambda: 24, lambda: BEGIN)
    assert [x.subject for x in watch.running] == ["B-002", "B-001"]
    assert [x.subject for x in watch.overdue()] == ["B-002"]
