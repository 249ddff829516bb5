"""From the investigator's subject page to the ward's order: codes shown, scanned, taken in, and the order names the next dose."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.people import accounts as a
from app.domain.people.roles import Person
from tests.domain.cast import LI, ZHAO
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.test_other_laptop import Laptop, all_seen
from tests.ui.pages.test_trial import KeptInMemory, NoFiles
from tests.ui.scanner import send
from tests.whole.test_bench_to_bed import knows
from tests.whole.test_enrolled_elsewhere import enrol, enrolled_in_b, exchange, infused
from ui.ask.answers import ChoiceAnswer, NumberAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.show_codes import CodesQuestion
from ui.kit.look_and_words import Kit
from ui.questions.ordering import OrderQuestion, ask_order
from ui.trial.enrolment_question import TakeInEnrolment
from ui.trial.page import TrialPage


def laptop(path: Path, kit: Kit, person: Person) -> Iterator[Laptop]:
    made = Laptop(path, kit, person)
    made.desk.enrolments = exchange(made.life)
    made.window.resize(QSize(1280, 720))
    yield made
    made.close()


@pytest.fixture
def clinic(tmp_path: Path, kit: Kit) -> Iterator[Laptop]:
    yield from laptop(tmp_path / "clinic" / "bedside.db", kit, ZHAO)


@pytest.fixture
def ward(tmp_path: Path, kit: Kit) -> Iterator[Laptop]:
    yield from laptop(tmp_path / "ward" / "bedside.db", kit, LI)


def look_at(widget: QWidget, name: str) -> None:
    """Nothing is cut; a picture where a folder is named."""
    QApplication.processEvents()
    assert_nothing_cut(widget)
    if out := os.environ.get("PICTURES"):
        widget.window().grab().save(f"{out}/{name}.png")


def trial_page(one: Laptop) -> TrialPage:
    page = TrialPage(one.desk, one.life.record.trial_desk(), KeptInMemory(), NoFiles())
    one.show("trial", page)
    page.refresh()
    return page


def test_where_no_other_laptop_is_known_nothing_of_it_is_offered(clinic: Laptop) -> None:
    enrol(clinic.life)
    page = trial_page(clinic)
    assert not page.board.take_in.isVisible()
    page.open_subject("S-001")
    assert not page.subject.doing["send"].isVisible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_scanned_from_the_investigators_screen_is_ordered_on_the_ward(
    clinic: Laptop, ward: Laptop, kit: Kit, language: str
) -> None:
    kit.words.set_language(language)
    enrolled_in_b(clinic.life)
    infused(clinic.life, 1, days_ago=7, group="B")
    ward.life.record.people.happened(a.PersonAdded(ZHAO.person_id, ZHAO.name, ZHAO.role), None)
    knows(clinic.life, ward.life)
    knows(ward.life, clinic.life)
    page = trial_page(clinic)
    look_at(page, f"enrolment_clinic_{language}")
    page.open_subject("S-001")
    page.turn("eligibility")
    look_at(page, f"enrolment_page_{language}")
    page.subject.doing["send"].click()
    form = clinic.open(FormQuestion)
    look_at(form, f"enrolment_to_{language}")
    form.primary.click()
    clinic.until(lambda: any(q.isVisible() for q in clinic.window.findChildren(CodesQuestion)))
    look_at(clinic.open(CodesQuestion), f"enrolment_codes_{language}")
    codes = all_seen(clinic.open(CodesQuestion))

    ask_order(ward.desk, ward.window)
    ward.window.show()
    order = ward.open(OrderQuestion)
    subject, group, dose = (order.answers_by_key[key] for key in ("subject", "group", "dose"))
    assert isinstance(subject, TextAnswer)
    assert isinstance(group, ChoiceAnswer)
    assert isinstance(dose, NumberAnswer)
    assert not order.take_in.isVisible()
    send(subject.field, "S-001")
    assert order.take_in.isVisible()
    look_at(order, f"enrolment_order_{language}")
    order.take_in.click()
    question = ward.open(TakeInEnrolment)
    for code in codes:
        send(question.scan, code + "\r")
    look_at(question, f"enrolment_read_{language}")
    question.primary.click()
    ward.until(lambda: group.chosen() == "B")
    assert dose.value() == 2
    assert not order.take_in.isVisible()
    board = trial_page(ward)
    look_at(board, f"enrolment_board_{language}")
    board.open_subject("S-001")
    board.turn("eligibility")
    look_at(board, f"enrolment_taken_{language}")
    assert not board.subject.doing["send"].isVisible()
