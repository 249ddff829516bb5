"""The Trial page: whom one waits for is the first thing read; a subject opens with its reasons; who may not act sees no button."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.people.roles import Person, Role
from app.domain.texts import Text
from app.practice.made_up_trial import MadeUpTrial
from app.services.protocol_files import load
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import RULES, SHANGHAI
from tests.fakes import BEGIN
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.conftest import Furnish
from ui.ask.answers import TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.kit.look_and_words import Kit
from ui.trial.decision_table import DecisionTable
from ui.trial.lab_file_question import LabFileQuestion
from ui.trial.page import TrialPage
from ui.trial.tables_question import TrialTables
from ui.trial.view import MORE, MOST_DUE, MadeOnce, due_table


class KeptInMemory:
    """Mappings of laboratories."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def laboratories(self) -> dict[str, str]:
        return self.kept

    def put_laboratories(self, mappings: Mapping[str, str]) -> "Future[None]":
        self.kept = dict(mappings)
        done: Future[None] = Future()
        done.set_result(None)
        return done


class NoFiles:
    """Makes no files and says so, then once it does."""

    def __init__(self) -> None:
        self.answers: list[Path | Text] = [Path("trial"), Text("no files")]

    def make(self, done: Callable[[Path | Text], None]) -> None:
        done(self.answers.pop())


@pytest.fixture(scope="module")
def made_up() -> MadeUpTrial:
    return MadeUpTrial(24, BEGIN, 1, load(), RULES, SHANGHAI, whole=False)


def opened(furnish: Furnish, made_up: MadeUpTrial | None, person: Person = ZHAO) -> tuple[TrialPage, Window, Desk]:
    ward = Ward()
    trial = desk_on(ward, made_up.entries if made_up else ())
    window, desk = furnish(ward, lambda desk: TrialPage(desk, trial, KeptInMemory(), NoFiles()))
    desk.sign_in(person)
    page = window.pages["page"]
    assert isinstance(page, TrialPage)
    page.refresh()
    return page, window, desk


def first_infused(page: TrialPage) -> str:
    assert page.look is not None
    return page.look.data.infused[0].code


def test_an_empty_trial_says_where_the_next_subject_goes(furnish: Furnish) -> None:
    page, _, _ = opened(furnish, None)
    assert page.board.answer.headline.text() == "The next subject goes into group A"
    assert not page.board.open_one.isEnabled()
    assert page.board.nothing.isVisibleTo(page)


def test_without_settings_for_a_desk_the_page_says_so(furnish: Furnish) -> None:
    window, _ = furnish(Ward(), lambda desk: TrialPage(desk, None, KeptInMemory(), NoFiles()))
    page = window.pages["page"]
    assert isinstance(page, TrialPage)
    page.refresh()
    page.open_subject("S-001")
    assert page.stack.currentWidget() is page.empty


@pytest.mark.parametrize("size", [QSize(1366, 768), QSize(1280, 720)], ids=["1366", "1280"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut(furnish: Furnish, made_up: MadeUpTrial, kit: Kit, size: QSize, language: str) -> None:
    page, window, _ = opened(furnish, made_up)
    window.resize(size)
    kit.words.set_language(language)
    QApplication.processEvents()
    assert_nothing_cut(window)
    page.open_subject(first_infused(page))
    for tab in page.subject.tabs:
        page.turn(tab)
        QApplication.processEvents()
        assert_nothing_cut(window)


def test_a_subject_opens_by_enter_and_closes_by_escape(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, _, _ = opened(furnish, made_up)
    code = first_infused(page)
    page.board.subjects.choose(code)
    page.board.open_one.click()
    assert page.subject.name.text().startswith(f"{code} · group A")
    assert page.plot is not None
    assert page.plot.isVisibleTo(page)
    assert page.tab == "response"
    page.subject.tabs["eligibility"].click()
    assert page.subject.said.text().startswith("Every row fits: eligible.")
    page.subject.tabs["course"].click()
    page.subject.table.view.selectRow(1)
    assert page.subject.said.text()
    QTest.keyClick(page.subject, Qt.Key.Key_Escape)
    page.show_board()
    assert page.stack.currentWidget() is page.board


def test_what_is_due_opens_the_calendar(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, _, _ = opened(furnish, made_up)
    page.board.due.opened.emit(f"{first_infused(page)}/visit/4")
    assert page.tab == "calendar"
    assert page.subject.table.current() == "visit/4"


@pytest.mark.parametrize(("person", "may"), [(ZHAO, True), (LI, False), (Person("m1", "Mo", Role.MONITOR), False)])
def test_only_an_investigator_has_buttons(furnish: Furnish, made_up: MadeUpTrial, person: Person, may: bool) -> None:
    page, _, _ = opened(furnish, made_up, person)
    assert page.board.screen_one.isVisibleTo(page) is may
    assert page.board.answer.sign.isVisibleTo(page) is may
    page.open_subject("S-001")
    assert any(pressed.isVisibleTo(page) for pressed in page.subject.doing.values()) is may
    page.turn("eligibility")
    page.subject.table.opened.emit(page.subject.table.current())
    assert bool(page.window().findChildren(FormQuestion)) is may


def test_a_row_is_recorded_from_the_table(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window, _ = opened(furnish, made_up)
    page.open_subject("S-001")
    page.turn("eligibility")
    page.subject.table.choose("cytopenia")
    page.subject.doing["enter"].click()
    page.subject.table.choose("alt")
    page.subject.doing["enter"].click()
    (form,) = window.findChildren(FormQuestion)
    for key, typed in (("value", "44"), ("unit", "U/L")):
        line = form.answers_by_key[key]
        assert isinstance(line, TextAnswer)
        line.field.setText(typed)
    form.primary.click()
    assert page.look is not None
    state = page.look.data.subject("S-001")
    assert state is not None
    assert state.criteria["alt"].number == 44
    assert not state.verdict_stands


def test_the_decision_table_is_the_boards_own(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window, _ = opened(furnish, made_up)
    page.board.answer.table.click()
    (table,) = window.findChildren(DecisionTable)
    assert_nothing_cut(table)
    table.primary.click()


@pytest.mark.parametrize("act", ["laboratory", "transfusion", "medication", "adverse", "dlt", "leave", "note"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_question_fits(furnish: Furnish, made_up: MadeUpTrial, kit: Kit, act: str, language: str) -> None:
    page, window, _ = opened(furnish, made_up)
    kit.words.set_language(language)
    page.open_subject(first_infused(page))
    page.subject.doing[act].click()
    (form,) = window.findChildren(FormQuestion)
    QApplication.processEvents()
    assert_nothing_cut(form)


def test_what_is_signed_asks_for_the_secret(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window, _ = opened(furnish, made_up)
    page.open_subject("S-001")
    page._verdict()
    assert len(window.findChildren(WhoQuestion)) == 1
    assert page.look is not None
    page.forms.enrol("S-001", page.look)
    page._sign()
    assert len(window.findChildren(WhoQuestion)) == 3
    page.forms.screen()
    page.forms.advice()
    assert len(window.findChildren(FormQuestion)) == 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_table_and_picture_of_the_report_can_be_looked_at(
    furnish: Furnish, made_up: MadeUpTrial, kit: Kit, language: str
) -> None:
    page, window, _ = opened(furnish, made_up)
    kit.words.set_language(language)
    page.board.report.click()
    (tables,) = window.findChildren(TrialTables)
    assert tables.choice.count() >= 15
    for at in range(tables.choice.count()):
        tables.choice.setCurrentIndex(at)
        QApplication.processEvents()
        assert tables.note.text()
        assert_nothing_cut(tables)
    told: list[str] = []
    page.desk.message.connect(lambda state: told.append(kit.words.shown(state.happened)))
    tables.primary.click()
    page._report()
    window.findChildren(TrialTables)[-1].primary.click()
    assert told[0] == "no files"
    assert told[1].endswith("trial")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_laboratory_file_is_shown_before_it_is_taken(
    furnish: Furnish, made_up: MadeUpTrial, kit: Kit, tmp_path: Path, language: str
) -> None:
    page, window, _ = opened(furnish, made_up)
    kit.words.set_language(language)
    page.board.lab_file.click()
    (question,) = window.findChildren(LabFileQuestion)
    question.primary.click()
    file = tmp_path / "labs.csv"
    file.write_text("ID,Taken,HGB,NEU,PLT\nS-001,2026-11-20 08:00,90,1.2,80\nS-099,2026-11-20 08:00,90,,\n")
    question.read(tmp_path / "nothing.csv")
    question.read(file)
    question.name.setEditText("Lab A")
    question.primary.click()
    assert [line.command is not None for line in question.found] == [True, False]
    QApplication.processEvents()
    assert_nothing_cut(question)
    question.primary.click()
    assert page.look is not None
    state = page.look.data.subject("S-001")
    assert state is not None
    assert state.labs[-1].laboratory == "Lab A"
    assert question._kept.laboratories().keys() == {"Lab A"}


def test_a_judgement_of_a_toxicity_is_signed(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, window, _ = opened(furnish, made_up)
    assert page.look is not None
    page.open_subject(next(s.code for s in page.look.data.infused if s.dlt is None))
    page.subject.doing["dlt"].click()
    (form,) = window.findChildren(FormQuestion)
    for key, typed in (("term", "Sepsis"), ("reason", "related")):
        line = form.answers_by_key[key]
        assert isinstance(line, TextAnswer)
        line.field.setText(typed)
    form.primary.click()
    assert len(window.findChildren(WhoQuestion)) == 1
    state = page._state()
    assert state.dlt is None or state.dlt.reason == "made up"


def test_of_very_much_that_is_due_the_most_urgent_is_shown_and_the_rest_counted(made_up: MadeUpTrial) -> None:
    look = desk_on(Ward(), made_up.entries).look()
    late = msgspec.structs.replace(look.due[0], status="late")
    many = [
        msgspec.structs.replace(late, week=week, window=(late.day, late.day + timedelta(days=week))) for week in range(MOST_DUE + 3)
    ]
    table = due_table(msgspec.structs.replace(look, due=tuple(reversed(many))))
    assert [row.key.rpartition("/")[2] for row in table.rows[:MOST_DUE]] == [str(week) for week in range(MOST_DUE)]
    assert (table.rows[-1].key, str(table.rows[-1].cells[1])) == (MORE, "and 3 more")
    assert len(due_table(msgspec.structs.replace(look, due=tuple(many[:MOST_DUE]))).rows) == MOST_DUE


def test_of_one_look_the_lists_are_made_once(made_up: MadeUpTrial) -> None:
    desk, made = desk_on(Ward(), made_up.entries), MadeOnce()
    first = made.of(desk.look())
    assert all(again is before for again, before in zip(made.of(desk.look()), first, strict=True))
    other = made.of(msgspec.structs.replace(desk.look(), due=()))
    assert (other[1], len(other[2].rows)) == (first[1], 0)


def test_the_line_that_counts_the_rest_opens_nobody(furnish: Furnish, made_up: MadeUpTrial) -> None:
    page, *_ = opened(furnish, made_up)
    page.board.due.opened.emit(MORE)
    assert page.code == ""
