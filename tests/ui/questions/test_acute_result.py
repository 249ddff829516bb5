"""The Ward page asks how the patient is a day after the infusion; whoever saw them answers and signs."""

import os

import pytest

from app.services.safety.acute_checks import AcuteChecks
from tests.domain.cast import LI
from tests.fakes import at_once
from tests.services.safety.signed_ward import signed_ward
from tests.services.safety.test_acute_checks import Log
from tests.services.ward import Ward
from ui.ask.answers import ChoiceAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.kit.look.tokens import SPACE_8
from ui.ward.page import WardPage
from ui.ward.view import ACUTE

from .conftest import At, Bedside


@pytest.fixture
def bed(at: At) -> Bedside:
    return at(signed_ward())


def page_of(bed: Bedside, ward: Ward) -> tuple[WardPage, AcuteChecks]:
    checks = AcuteChecks(Log(ward.store), ward.store, at_once, ward.bedside, Log(ward.store).standing(ward.infusion_id))
    page = WardPage(bed.desk, checks)
    bed.window.resize(1366, 768)
    bed.window.add_page("ward", page)
    bed.window.show_page("ward")
    page.refresh()
    bed.settle()
    return page, checks


def rows(page: WardPage) -> list[tuple[str, ...]]:
    page.refresh()
    return [tuple(map(page.kit.words.shown, row.cells[1:])) for row in page.tasks._model.state.rows]


def test_the_day_it_is_due_is_whole_beside_what_was_closed_today(bed: Bedside) -> None:
    page, _ = page_of(bed, bed.ward)
    bed.window.resize(1280, 720)
    bed.settle()
    day = page.tasks._model.state.rows[0].cells[0]
    assert isinstance(day, str)
    assert len(day) == len("2026-01-31")
    assert page.kit.look.width("body", day) <= page.tasks.view.columnWidth(0) - 2 * SPACE_8


def choose(form: FormQuestion, key: str, code: str) -> None:
    answer = form.answers_by_key[key]
    assert isinstance(answer, ChoiceAnswer)
    answer.choose(code)


def test_it_stands_under_the_next_tasks_until_it_is_signed(bed: Bedside) -> None:
    ward = bed.ward
    page, checks = page_of(bed, ward)
    bed.desk.sign_in(LI)
    assert rows(page)[-1][:2] == ("B-001 · 12", "Result after 24 h: how is the patient?")
    assert rows(page)[-1][2].startswith("in ")
    ward.clock.move(seconds=23 * 3600)
    assert rows(page)[-1][2].endswith(" late")
    page._opened(f"{ACUTE}{ward.infusion_id}")
    form = bed.dialog(FormQuestion)
    bed.is_fit_for_gloves(form)
    if out := os.environ.get("PICTURES"):
        for language in ("zh_CN", "en"):
            bed.kit.words.set_language(language)
            bed.settle()
            form.grab().save(f"{out}/acute_{language}.png")
            bed.window.grab().save(f"{out}/ward_{language}.png")
    form.enter()
    assert bed.open_dialogs() == [form]
    choose(form, "outcome", "reaction")
    choose(form, "contact", "phone")
    text = form.answers_by_key["text"]
    assert isinstance(text, TextAnswer)
    text.field.setText("chills at 03:00, paracetamol")
    form.enter()
    who = bed.dialog(WhoQuestion)
    bed.is_fit_for_gloves(who)
    bed.signs(who, LI.person_id)
    assert checks.waiting() == []
    assert rows(page) == []


def test_a_refusal_stands_in_the_frame_and_it_still_waits(bed: Bedside) -> None:
    page, checks = page_of(bed, bed.ward)
    bed.desk.sign_in(LI)
    told: list[object] = []
    bed.desk.message.connect(told.append)
    page._opened(f"{ACUTE}{bed.ward.infusion_id}")
    form = bed.dialog(FormQuestion)
    choose(form, "outcome", "no_reaction")
    choose(form, "contact", "bedside")
    form.enter()
    bed.signs(bed.dialog(WhoQuestion), LI.person_id)
    assert told
    assert checks.waiting()
