"""The drip: started, measured, changed, stepped up, paused, resumed, ended."""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.chapters.thaw import HangBag
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from tests.domain.cast import LI
from tests.domain.play import vitals
from tests.services.test_drop_sensor_at_a_bed import Sensor
from tests.services.test_scales import drip, weighs
from tests.services.ward import PORT
from tests.ui.pages import story
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.questions.stops import texts
from ui.ask.answers import NumberAnswer, ReasonAnswer, TextAnswer
from ui.ask.form import FormQuestion
from ui.ask.leave import WHY_ALLOWED
from ui.ask.rate_answer import ANOTHER
from ui.ask.who import WhoQuestion
from ui.kit.message_strip import MessageState
from ui.questions.actions import ACTIONS
from ui.questions.drip import MeasureQuestion, StepUpQuestion
from ui.questions.rate_question import RateQuestion


def offered(form: RateQuestion) -> list[object]:
    return list(form.rate.choice.codes.values())


def another(bed: Bedside, form: RateQuestion, gtt_min: str) -> None:
    """Another rate than those offered is typed."""
    last = form.rate.choice.grid._toggles[-1]
    last.click()
    assert form.rate.choice.chosen() is ANOTHER
    form.rate.typed.number.field.clear()
    bed.type_in(form.rate.typed.number.field, gtt_min)


def test_started_with_enter(at: At) -> None:
    bed = at(stops.hung())
    form = bed.ask(TaskKind.START, RateQuestion)
    assert form.rate.rate() == 20
    assert form.rate.drop.rate_gtt_min == 20
    bed.press(form)
    assert bed.ward.state.phase is Phase.RUNNING


def test_what_the_gate_found_is_said_and_an_investigator_signs_with_a_reason(at: At) -> None:
    bed = at(stops.feverish())
    who = bed.ask(TaskKind.START, WhoQuestion)
    assert list(who.names.codes.values()) == ["i1"]
    shown = texts(who)
    assert "▪ Heart rate 131 /min: 3 points in NEWS2 by itself" in shown
    assert "▪ Temperature 39.1 °C is far too high (over 39.0)" in shown
    bed.signs(who, "i1")
    form = bed.dialog(RateQuestion)
    assert "▪ Heart rate 131 /min: 3 points in NEWS2 by itself" in texts(form)
    bed.press(form)
    assert bed.ward.state.phase is Phase.HUNG, "the reason is still to be given"
    why = form.answers_by_key[WHY_ALLOWED]
    assert isinstance(why, TextAnswer)
    bed.type_in(why.field, "fever known")
    bed.press(form)
    started = bed.ward.state.entries[-1].event
    assert isinstance(started, e.Started)
    assert (started.authorised_by, started.printed_name, started.why_allowed, len(started.found)) == (
        "i1",
        "Zhao",
        "fever known",
        2,
    )


def test_what_nobody_goes_on_with_is_told_and_nothing_opens(at: At) -> None:
    bed = at(stops.uneasy())
    told: list[MessageState] = []
    bed.desk.message.connect(told.append)
    ACTIONS[TaskKind.START](bed.desk, bed.ward.infusion_id, bed.window)
    bed.settle()
    assert not bed.open_dialogs()
    assert [str(one.happened) for one in told] == ["B-007 · Bed 12: The last check noted discomfort."]


def test_why_it_did_not_go_on_is_told_until_it_goes_on_there(at: At) -> None:
    bed = at(stops.uneasy())
    told: list[MessageState | None] = []
    bed.desk.message.connect(told.append)
    ACTIONS[TaskKind.START](bed.desk, bed.ward.infusion_id, bed.window)
    assert None not in told
    bed.desk.submit(bed.ward.infusion_id, vitals(), LI)
    assert told[-1] is None


def test_what_was_not_saved_is_told_until_a_person_closes_it(at: At) -> None:
    bed = at(stops.uneasy())
    told: list[MessageState | None] = []
    bed.desk.message.connect(told.append)
    bed.ward.store.broken = True
    bed.desk.submit(bed.ward.infusion_id, vitals(), LI)
    bed.ward.store.broken = False
    bed.desk.submit(bed.ward.infusion_id, vitals(), LI)
    assert len(told) == 1
    assert told[0] is not None


def test_stepped_up_and_resumed_by_leave(at: At) -> None:
    bed = at(stops.racing())
    bed.signs(bed.ask(TaskKind.STEP_UP, WhoQuestion), "i1")
    form = bed.dialog(StepUpQuestion)
    form.rate.choice.grid._toggles[0].click()
    why = form.answers_by_key[WHY_ALLOWED]
    assert isinstance(why, TextAnswer)
    bed.type_in(why.field, "sat up")
    bed.press(form)
    assert bed.ward.state.stage == 1
    bed.ward.do(Pause(), LI)
    bed.signs(bed.ask(TaskKind.RESUME, WhoQuestion), "i1")
    again = bed.dialog(RateQuestion)
    why = again.answers_by_key[WHY_ALLOWED]
    assert isinstance(why, TextAnswer)
    bed.type_in(why.field, "sat up")
    bed.press(again)
    assert bed.ward.state.phase is Phase.RUNNING


def test_a_weight_of_yesterday_is_asked_about(at: At) -> None:
    ward = stops.hung()
    ward.clock.move(minutes=24 * 60)
    story.checked(ward)
    bed = at(ward)
    bed.signs(bed.ask(TaskKind.START, WhoQuestion), "i1")
    form = bed.dialog(RateQuestion)
    for key, text in ((WHY_ALLOWED, "only bag"), ("weight", "no scale")):
        answer = form.answers_by_key[key]
        assert isinstance(answer, TextAnswer)
        bed.type_in(answer.field, text)
    bed.press(form)
    started = bed.ward.state.entries[-1].event
    assert isinstance(started, e.Started)
    assert started.weight_reason == "no scale"


def test_another_beds_start_just_now_is_told_and_holds_nothing_up(at: At) -> None:
    bed = at(stops.another_started())
    form = bed.ask(TaskKind.START, RateQuestion)
    told = [one.text() for one in form.findChildren(QLabel)]
    assert any(text.startswith("Bed 7 started at") and "Better start here from" in text for text in told)
    bed.press(form)
    assert bed.ward.state.phase is Phase.RUNNING


def test_rates_that_finish_in_time_stand_first_those_that_can_be_counted_before_the_others(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("change_rate", RateQuestion)
    assert offered(form)[:2] == [56, 60]
    assert form.reason.isHidden()
    form.rate.choice.grid._toggles[1].click()
    assert form.rate.drop.rate_gtt_min == 60
    bed.press(form)
    assert bed.ward.state.rate_gtt_min == 60


def test_a_rate_outside_takes_a_reason_and_stays_typed_without_one(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("change_rate", RateQuestion)
    another(bed, form, "70")
    assert not form.reason.isHidden()
    assert form.reason.label.text() == "Outside 40–60 drops/min: why?"
    form.primary.click()
    assert form.isVisible()
    assert form.reason.error.text() == "▲ Give a reason."
    assert form.rate.rate() == 70
    form.reason.choice.choose("behind")
    bed.press(form)
    assert bed.ward.state.rate_gtt_min == 70
    assert isinstance(bed.ward.state.entries[-1].event, e.RateSet)
    assert bed.ward.state.entries[-1].event.reason == "behind"


def test_slower_never_waits_for_a_reason(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("change_rate", RateQuestion)
    another(bed, form, "30")
    bed.press(form)
    assert bed.ward.state.rate_gtt_min == 30


def test_an_impossible_rate_is_refused_and_stays_typed(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("change_rate", RateQuestion)
    another(bed, form, "999")
    form.reason.choice.choose("behind")
    bed.press(form)
    assert form.isVisible()
    assert form.rate.rate() == 999
    assert not form.strip.isHidden()


def test_no_rate_chosen_is_said_in_place(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("change_rate", RateQuestion)
    bed.press(form)
    assert form.rate.error.text() == "▲ Choose a rate or type one."


def test_the_step_says_what_it_waits_for_and_opens_when_it_is_there(at: At) -> None:
    bed = at(stops.started())
    form = bed.ask(TaskKind.STEP_UP, StepUpQuestion)
    assert not form.primary.isEnabled()
    assert "The starting rate runs 15 min" in form.strip._lines[1].text()
    story.watch(bed.ward, 5)
    form.watch()
    assert form.strip._lines[1].text() == "Record the vital signs that are due first."
    story.checked(bed.ward)
    form.watch()
    assert form.primary.isEnabled()
    assert offered(form)[:2] == [56, 60]
    form.rate.choice.choose(Decimal(56))
    bed.press(form)
    assert (bed.ward.state.stage, bed.ward.state.rate_gtt_min) == (1, Decimal(56))


def test_when_no_rate_is_in_time_any_more_the_fastest_is_offered_and_it_is_said(at: At) -> None:
    ward = stops.started()
    story.watch(ward, 25)
    story.checked(ward)
    bed = at(ward)
    form = bed.ask(TaskKind.STEP_UP, StepUpQuestion)
    assert offered(form) == [60, 56, 52, 48, 44, 40]


def test_a_pause_acts_at_once_and_its_reason_comes_after(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("pause", FormQuestion)
    assert bed.ward.state.phase is Phase.PAUSED
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, ReasonAnswer)
    reason.choice.choose("line")
    bed.press(form)
    assert bed.ward.state.pause is not None
    assert bed.ward.state.pause.reason == "line"


def test_a_pause_stands_without_its_reason(at: At) -> None:
    bed = at(stops.running())
    bed.ask("pause", FormQuestion).reject()
    assert bed.ward.state.phase is Phase.PAUSED


def test_another_reason_is_written(at: At) -> None:
    bed = at(stops.paused())
    form = bed.ask("explain_pause", FormQuestion)
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, ReasonAnswer)
    reason.choice.grid._toggles[-1].click()
    bed.press(form)
    assert form.isVisible()
    bed.type_in(reason.text.field, "cannula resited")
    bed.press(form)
    assert bed.ward.state.pause is not None
    assert bed.ward.state.pause.reason == "cannula resited"


def test_resumed_at_the_rate_it_had_with_enter(at: At) -> None:
    bed = at(stops.paused())
    form = bed.ask(TaskKind.RESUME, RateQuestion)
    assert form.rate.rate() == 56
    bed.press(form)
    assert bed.ward.state.phase is Phase.RUNNING


def test_counted_in_15_seconds_with_one_touch(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask(TaskKind.MEASURE, MeasureQuestion)
    assert form.counted.codes["0"] == 9
    form.counted.grid._toggles[5].click()
    assert form.pad._state.rate == "56"
    bed.press(form)
    measured = bed.ward.state.measured
    assert measured is not None
    assert (measured.rate_gtt_min, measured.method, measured.drops) == (Decimal(56), "count", 14)


def test_tapped_with_the_space_bar_and_the_last_way_counts(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask(TaskKind.MEASURE, MeasureQuestion)
    taps = iter([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    form.pad._now_s = lambda: next(taps)
    form.counted.grid._toggles[0].click()
    form.pad.setFocus()
    for _ in range(5):
        QTest.keyClick(form.pad, Qt.Key.Key_Space)
    assert form.count() is None
    assert form.pad._state.rate == "60"
    bed.press(form)
    measured = bed.ward.state.measured
    assert measured is not None
    assert (measured.rate_gtt_min, measured.method, measured.drops) == (Decimal(60), "taps", 5)


def test_another_count_is_typed(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask(TaskKind.MEASURE, MeasureQuestion)
    bed.press(form)
    assert form.isVisible()
    bed.type_in(form.drops.number.field, "20")
    bed.press(form)
    assert bed.ward.state.measured is not None
    assert bed.ward.state.measured.rate_gtt_min == 80


def test_what_is_left_is_read_with_keys_for_gloves(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask(TaskKind.READ_REMAINING, FormQuestion)
    assert form.keys.isVisible()
    for key in "12.5":
        form.keys.keys[key].click()
    bed.press(form)
    assert isinstance(bed.ward.state.entries[-1].event, e.RemainingRead)
    assert bed.ward.state.entries[-1].event.left_ml == Decimal("12.5")


def test_more_than_the_bag_holds_is_refused_and_stays_typed(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask(TaskKind.READ_REMAINING, FormQuestion)
    left = form.answers_by_key["left"]
    assert isinstance(left, NumberAnswer)
    bed.type_in(left.number.field, "101")
    bed.press(form)
    assert form.isVisible()
    assert left.number.field.text() == "101"
    assert form.strip._lines[0].text() == "Between 0 and 100 ml can be left in the bag."


def test_the_end_never_waits_and_says_what_will_be_marked(at: At) -> None:
    ward = stops.started()
    bed = at(ward)
    form = bed.ask(TaskKind.END, FormQuestion)
    assert any("marked as a deviation" in one.text() for one in form.findChildren(type(form.title)))
    bed.press(form)
    assert bed.ward.state.phase is Phase.OBSERVATION


def test_stopped_for_good_with_its_reason(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("stop", FormQuestion)
    reason = form.answers_by_key["reason"]
    assert isinstance(reason, ReasonAnswer)
    reason.choice.choose("patient")
    bed.press(form)
    assert isinstance(bed.ward.state.end, e.InfusionStopped)
    assert bed.ward.state.end.reason == "patient"


def test_a_bag_that_leaks_before_it_hangs_is_set_aside(at: At) -> None:
    bed = at(stops.premedicated())
    form = bed.ask("broken", FormQuestion)
    form.answers_by_key["bag"].choose(stops.BAGS[1])  # type: ignore[attr-defined]
    form.answers_by_key["reason"].choice.choose("bag_fault")  # type: ignore[attr-defined]
    bed.press(form)
    assert bed.ward.state.bags[stops.BAGS[1]].broken == "bag_fault"


def test_taken_down_and_empty(at: At) -> None:
    bed = at(stops.running())
    form = bed.ask("take_down", FormQuestion)
    bed.type_in(form.answers_by_key["left"].number.field, "30")  # type: ignore[attr-defined]
    form.answers_by_key["reason"].choice.choose("bag_fault")  # type: ignore[attr-defined]
    bed.press(form)
    assert bed.ward.state.hanging is None
    bed.ward.do(HangBag(stops.BAGS[1]), LI)
    bed.press(bed.ask("bag_empty", FormQuestion))
    assert bed.ward.state.bags[stops.BAGS[1]].emptied_at is not None


def test_a_drop_sensor_s_rate_counts_once_a_person_takes_it_over(at: At) -> None:
    ward = stops.running()
    Sensor(ward).drip(121, 60)
    bed = at(ward)
    form = bed.ask(TaskKind.MEASURE, MeasureQuestion)
    assert form.sensed.text().startswith("The drop sensor: 60 drops in the last minute are 60 drops/min; 6 ml since")
    before = ward.state.measured
    assert before is None or before.method != "sensor"
    form.take_over.click()
    bed.settle()
    assert ward.state.measured is not None
    assert (ward.state.measured.method, ward.state.measured.rate_gtt_min, ward.state.measured.drops) == ("sensor", Decimal(60), 60)


def test_without_a_drop_sensor_nothing_is_said_of_one(at: At) -> None:
    form = at(stops.running()).ask(TaskKind.MEASURE, MeasureQuestion)
    assert form.sensed.isHidden()
    assert form.take_over.isHidden()


def test_the_drip_card_shows_the_sensor_s_rate_of_now(at: At) -> None:
    ward = stops.running()
    bed = at(ward)
    Sensor(ward).drip(30, 80)
    bed.page.refresh()
    shown = bed.page.sheet.drip.state
    assert shown is not None
    assert (shown.measured, str(shown.age), shown.off_target) == ("80", "drop sensor: 1.4 ml", True)


def test_a_scale_under_the_bag_is_told_beside_the_taps(at: At) -> None:
    ward = stops.running()
    ward.bedside.connect(ward.infusion_id, PORT)
    drip(ward, 10, Decimal("0.130"))
    form = at(ward).ask(TaskKind.MEASURE, MeasureQuestion)
    assert form.weighed.text() == "The scale under the bag: 20 drops/min, 10 ml since it was hung."
    weighs(ward, "0.180")
    form = at(ward).ask(TaskKind.MEASURE, MeasureQuestion)
    assert form.weighed.text().startswith("The bag on the scale was touched.")
