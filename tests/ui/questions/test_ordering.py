"""A new order: on whose order, signed now or later, and what speaks against a dose."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion import facts as e
from app.domain.infusion.task_kinds import TaskKind
from tests.domain.cast import CHEN, LI, WANG, ZHAO
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from tests.ui.questions.stops import texts
from ui.ask.answers import ChoiceAnswer, NumberAnswer, TextAnswer
from ui.ask.who import WhoQuestion
from ui.questions.ordering import OrderQuestion, ask_order


def asked(bed: Bedside, subject: str, dose: int = 1, signs: str = "now") -> OrderQuestion:
    ask_order(bed.desk, bed.window)
    form = bed.dialog(OrderQuestion)
    for key, text in (("subject", subject), ("bed", "31")):
        line(form, key).field.clear()
        bed.type_in(line(form, key).field, text)
    number = form.answers_by_key["dose"]
    assert isinstance(number, NumberAnswer)
    number.number.field.clear()
    bed.type_in(number.number.field, str(dose))
    choice(form, "group").choose("B")
    choice(form, "prescriber").choose("i1")
    choice(form, "signs").choose(signs)
    return form


def line(form: OrderQuestion, key: str) -> TextAnswer:
    answer = form.answers_by_key[key]
    assert isinstance(answer, TextAnswer)
    return answer


def choice(form: OrderQuestion, key: str) -> ChoiceAnswer:
    answer = form.answers_by_key[key]
    assert isinstance(answer, ChoiceAnswer)
    return answer


def newest(bed: Bedside) -> list[object]:
    return [entry.event for entry in bed.ward.bedside.infusions[-1].entries]


def test_a_nurse_orders_and_the_prescriber_signs_at_once(at: At) -> None:
    bed = at(stops.released())
    form = asked(bed, "B-031")
    bed.is_fit_for_gloves(form)
    assert form.signature.names.chosen() == "i1"
    form.primary.click()
    assert form.isVisible(), "the prescriber has not signed"
    bed.signs(form, "i1")
    order, signature = newest(bed)
    assert isinstance(order, e.Ordered)
    assert isinstance(signature, e.OrderSigned)
    assert (order.prescriber, signature.printed_name, bool(signature.signed_sha256)) == ("i1", "Zhao", True)
    assert [entry.by for entry in bed.ward.bedside.infusions[-1].entries] == [LI.person_id, ZHAO.person_id]


def test_written_down_now_and_signed_later(at: At) -> None:
    bed = at(stops.released())
    asked(bed, "B-031", signs="later").primary.click()
    assert len(newest(bed)) == 1
    bed.ward.infusion_id = bed.ward.bedside.infusions[-1].infusion_id
    who = bed.ask(TaskKind.SIGN_ORDER, WhoQuestion)
    bed.signs(who, "i1")
    assert bed.ward.state.order_signed_at is not None


def test_a_second_order_of_the_dose_takes_the_prescriber_and_a_reason(at: At) -> None:
    bed = at(stops.released())
    form = asked(bed, "B-007", signs="later")
    assert line(form, "reason").isHidden()
    form.primary.click()
    said = "This dose of this subject was ordered before. Only with the prescriber's signature and reason."
    assert said in texts(form)
    assert not line(form, "reason").isHidden()
    bed.is_fit_for_gloves(form)
    bed.type_in(line(form, "reason").field, "stopped after 10 ml")
    form.primary.click()
    assert said in texts(form), "later is too late"
    choice(form, "signs").choose("now")
    form._show()
    bed.signs(form, "i1")
    order = newest(bed)[0]
    assert isinstance(order, e.Ordered)
    assert (order.irregular, order.reason) == (("second",), "stopped after 10 ml")


def test_a_pharmacist_at_the_screen_orders_nothing_but_the_prescriber_may(at: At) -> None:
    bed = at(stops.released())
    bed.desk.sign_in(CHEN)
    bed.signs(asked(bed, "B-031"), "i1")
    assert bed.ward.bedside.infusions[-1].ordered_by == ZHAO.person_id


def test_a_bed_that_is_taken_is_refused_in_the_dialog(at: At) -> None:
    bed = at(stops.released())
    form = asked(bed, "B-031", signs="later")
    line(form, "bed").field.setText("12")
    form.primary.click()
    assert "Bed 12 has an infusion open" in texts(form)
    assert WANG.person_id != bed.ward.bedside.infusions[-1].ordered_by
    assert isinstance(form, QWidget)
