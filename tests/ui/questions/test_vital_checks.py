"""The vital-sign check: looked at, typed, worrying, impossible, missing, late."""

import pytest
from PySide6.QtCore import Qt

from app.domain.infusion import facts as e
from app.domain.infusion.task_kinds import TaskKind
from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from ui.ask.vital_row import VitalRow
from ui.questions.vital_checks import VitalsQuestion


def opened(bed: Bedside) -> VitalsQuestion:
    return bed.ask(TaskKind.VITALS, VitalsQuestion)


def row(form: VitalsQuestion, code: str) -> VitalRow:
    return next(r for r in form.rows if code in r.codes)


def answered(form: VitalsQuestion) -> None:
    """Awake, on air, no discomfort."""
    form.consciousness.choose("A")
    form.oxygen.choose(False)
    form.discomfort.choose(False)


def last(ward: Ward) -> e.VitalsRecorded:
    event = ward.state.checks[-1].event
    assert isinstance(event, e.VitalsRecorded)
    return event


def entry(ward: Ward, code: str) -> e.VitalEntry:
    return next(v for v in last(ward).values if v.vital == code)


def test_by_keyboard_alone_in_few_keys(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    assert form.fields["temp"].hasFocus(), "the one value that the monitor does not give"
    bed.type_in(form.fields["temp"], "36.8")
    bed.press(form.fields["temp"])
    assert form.all_looked.hasFocus()
    bed.press(form.all_looked)
    for letter in (Qt.Key.Key_A, Qt.Key.Key_N, Qt.Key.Key_N):
        at_now = bed.app.focusWidget()
        assert at_now is not None
        bed.press(at_now, letter)
    assert form.primary.hasFocus()
    bed.press(form.primary)
    assert not bed.open_dialogs()
    assert [entry(bed.ward, code).source for code in ("hr", "spo2", "nibp_sys", "rr", "temp")] == ["monitor"] * 4 + ["typed"]
    assert entry(bed.ward, "nibp_sys").age_s is not None
    assert last(bed.ward).news2 == 0
    assert last(bed.ward).slot_min == 45


def test_nothing_is_recorded_that_nobody_looked_at(at: At) -> None:
    bed = at(stops.running())
    before = len(bed.ward.state.checks)
    form = opened(bed)
    answered(form)
    bed.type_in(form.fields["temp"], "36.8")
    form.primary.click()
    assert len(bed.ward.state.checks) == before
    assert row(form, "hr").note.text() == "▲ Look at it and tick it."
    assert form.isVisible()


def test_no_answer_is_filled_in_beforehand(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    bed.type_in(form.fields["temp"], "36.8")
    form.all_looked.click()
    bed.press(form)
    assert form.isVisible()
    assert [a.error.text() for a in (form.consciousness, form.oxygen, form.discomfort)] == ["▲ Answer this."] * 3


def test_a_typed_value_never_changes_under_the_fingers(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    form.fields["rr"].clear()
    bed.type_in(form.fields["rr"], "19")
    story.watch(bed.ward, 0.5)
    bed.ward.hear("hr", 91)
    form.follow()
    assert (form.fields["hr"].text(), form.fields["rr"].text()) == ("91", "19")


def test_a_ticked_value_stays_until_it_is_too_old_and_is_then_looked_at_again(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    seen = form.fields["hr"].text()
    row(form, "hr").looked.click()
    bed.ward.hear("hr", 99)
    form.follow()
    assert form.fields["hr"].text() == seen
    bed.ward.clock.move(seconds=61)
    bed.ward.hear("hr", 101)
    form.follow()
    assert not row(form, "hr").looked.isChecked()
    assert form.fields["hr"].text() == "101"


def test_a_worrying_value_is_confirmed_by_itself(at: At) -> None:
    bed = at(stops.running())
    bed.ward.hear("hr", 131)
    form = opened(bed)
    bed.type_in(form.fields["temp"], "36.8")
    answered(form)
    form.all_looked.click()
    hr = row(form, "hr")
    assert not hr.looked.isChecked()
    assert hr.looked.text() == "Yes, it is 131"
    assert "outside 50–120" in hr.note.text()
    hr.looked.click()
    bed.press(form)
    assert entry(bed.ward, "hr").value == 131


def test_an_impossible_value_is_refused_in_its_row_and_stays_typed(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    field = form.fields["temp"]
    bed.type_in(field, "95.1")
    form.all_looked.setFocus()
    answered(form)
    form.all_looked.click()
    bed.press(form)
    temp = row(form, "temp")
    assert form.isVisible()
    assert field.text() == "95.1"
    assert temp.note.text() == "▲ 95.1 °C is not possible (28–43). Measure again."
    assert not temp.looked.isChecked()


def test_pressures_that_do_not_fit_each_other_are_refused_in_place(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    for code, value in (("nibp_sys", "70"), ("nibp_dia", "120")):
        form.fields[code].clear()
        bed.type_in(form.fields[code], value)
    form.fields["nibp_map"].clear()
    form.all_looked.setFocus()
    assert "do not fit each other" in row(form, "nibp_sys").note.text()


def test_a_missing_value_takes_a_reason(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    answered(form)
    row(form, "temp").set_missing("refused")
    form.all_looked.click()
    bed.press(form)
    assert not bed.open_dialogs()
    assert entry(bed.ward, "temp").value is None
    assert entry(bed.ward, "temp").missing == "refused"
    assert last(bed.ward).news2 is None


def test_another_reason_is_written(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    answered(form)
    form.all_looked.click()
    temp = row(form, "temp")
    temp.set_missing("other")
    bed.press(form)
    assert form.isVisible()
    assert temp.note.text() == "▲ Write why it is missing."
    bed.type_in(temp.other, "probe is broken")
    bed.press(form)
    assert entry(bed.ward, "temp").missing == "probe is broken"


@pytest.mark.qt_log_ignore("does not support")
def test_the_reasons_are_offered_in_a_menu_of_large_entries(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    hr = row(form, "hr")
    hr.ask_why()
    bed.settle()
    menu = bed.app.activePopupWidget()
    assert menu is not None
    asleep = next(a for a in menu.actions() if a.objectName() == "asleep")
    assert asleep.text() == "patient asleep"
    asleep.trigger()
    menu.close()
    assert hr.missing == "asleep"
    assert form.fields["hr"].text() == ""
    assert hr.note.text() == "missing: patient asleep"
    hr.set_missing(None)
    form.follow()
    assert form.fields["hr"].text() != ""


def test_the_score_and_what_it_asks_for_stand_there_live(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    assert form.score.text() == "NEWS2 — · not all values are there"
    answered(form)
    bed.type_in(form.fields["temp"], "36.8")
    assert form.score.text() == "NEWS2 0 · lowest"
    form.fields["rr"].clear()
    bed.type_in(form.fields["rr"], "26")
    assert form.score.text() == "NEWS2 3 · one value scores 3: tell the doctor"
    form.oxygen.choose(True)
    form._show()
    assert form.score.text() == "NEWS2 5 · medium: call the doctor now"
    form.consciousness.choose("V")
    form._show()
    assert form.score.text() == "NEWS2 8 · high: call the emergency team, watch without a break"


def test_discomfort_asks_what_it_is(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    assert form.what.isHidden()
    row(form, "temp").set_missing("refused")
    form.all_looked.click()
    answered(form)
    form.discomfort.grid._toggles[0].click()
    bed.settle()
    assert not form.what.isHidden()
    bed.press(form)
    assert form.isVisible()
    bed.type_in(form.what.field, "cold hands")
    bed.press(form)
    assert last(bed.ward).discomfort_text == "cold hands"


def test_a_late_check_asks_why(at: At) -> None:
    ward = stops.running()
    story.watch(ward, 7)
    bed = at(ward)
    form = opened(bed)
    assert not form.late.isHidden()
    row(form, "temp").set_missing("refused")
    form.all_looked.click()
    answered(form)
    form.primary.click()
    assert form.isVisible()
    assert form.late.error.text() == "▲ Give a reason."
    form.late.choice.choose("busy")
    bed.press(form)
    assert last(bed.ward).late_reason == "busy"
    bed.page.act("timeline")
    bed.settle()
    assert any("busy with another patient" in bed.kit.words.shown(r.text) for r in bed.page.sheet.timeline._rows.rows)


def test_a_full_disk_loses_nothing_that_was_typed(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    bed.type_in(form.fields["temp"], "36.8")
    form.all_looked.click()
    answered(form)
    bed.ward.store.broken = True
    bed.press(form)
    assert form.isVisible()
    assert not form.strip.isHidden()
    assert form.fields["temp"].text() == "36.8"
    assert form.primary.isEnabled()
    bed.ward.store.broken = False
    bed.press(form)
    assert not bed.open_dialogs()


def test_the_language_can_be_switched_while_it_is_open(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    bed.type_in(form.fields["temp"], "36.8")
    bed.kit.words.set_language("zh_CN")
    form.follow()
    assert form.primary.text() == "记录这些生命体征"
    assert form.fields["temp"].text() == "36.8"
    bed.kit.words.set_language("en")
