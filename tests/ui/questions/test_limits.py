"""The alarm limits of one patient at the bedside: typed or taken from the baseline, with a reason; seen on the tile."""

from decimal import Decimal

import pytest

from app.domain.infusion import facts as e
from app.domain.vitals.own_limits import OwnLimits
from tests.services.ward import Ward
from tests.ui.questions import stops
from tests.ui.questions.conftest import At, Bedside
from ui.ask.form import FormQuestion
from ui.ask.who import WhoQuestion
from ui.infusion.tile_states import tiles
from ui.questions.limits.limits_question import LimitsQuestion


def opened(bed: Bedside) -> LimitsQuestion:
    return bed.ask("limits", LimitsQuestion)


def shown(form: LimitsQuestion, code: str) -> tuple[str, str]:
    return form.rows.fields[code, "low"].text(), form.rows.fields[code, "high"].text()


def last(ward: Ward) -> e.LimitsChanged:
    event = ward.state.entries[-1].event
    assert isinstance(event, e.LimitsChanged)
    return event


def limits_on_tile(ward: Ward, bed: Bedside, at: int) -> tuple[str, bool]:
    words = bed.kit.words.catalogue
    tile = tiles(ward.state, ward.bedside.watched(ward.infusion_id), ward.bedside.now(), words)[at]
    return tile.limits, tile.own


def test_a_limit_is_typed_with_its_reason_and_stands_on_the_tile(at: At) -> None:
    bed = at(stops.running())
    assert limits_on_tile(bed.ward, bed, 1) == ("≥ 90", False)
    form = opened(bed)
    assert shown(form, "spo2") == ("90", "")
    assert form.rows.notes["spo2"].text() == "%, as in the protocol\npossible 86–100"
    form.rows.fields["spo2", "low"].clear()
    bed.type_in(form.rows.fields["spo2", "low"], "88")
    assert form.rows.notes["spo2"].text() == "◆ protocol: ≥ 90 %\npossible 86–100"
    bed.press(form)
    assert form.isVisible()
    assert form.strip.isVisibleTo(form)
    form.reason.choice.choose("usual_for_patient")
    bed.press(form)
    assert not bed.open_dialogs()
    assert last(bed.ward) == e.LimitsChanged(
        (OwnLimits("spo2", Decimal(88)),), (OwnLimits("spo2", Decimal(90)),), "usual_for_patient"
    )
    assert limits_on_tile(bed.ward, bed, 1) == ("≥ 88", True)


def test_the_baseline_fills_them_in_and_a_person_confirms(at: At) -> None:
    bed = at(stops.running())
    form = opened(bed)
    form.offer.click()
    assert (shown(form, "hr"), shown(form, "rr"), shown(form, "spo2")) == (("62", "98"), ("8", "24"), ("90", ""))
    assert not isinstance(bed.ward.state.entries[-1].event, e.LimitsChanged)
    form.reason.choice.choose("by_baseline")
    form.primary.click()
    bed.settle()
    assert last(bed.ward).from_baseline
    assert {own.vital for own in last(bed.ward).limits} == {"hr", "pr", "nibp_sys", "nibp_dia", "rr"}
    again = opened(bed)
    again.usual.click()
    assert shown(again, "hr") == ("50", "120")


@pytest.mark.parametrize(("typed", "said"), [("8o", "Heart rate: type a number."), ("20", "limits from 41 to 149"), ("", "never")])
def test_what_cannot_be_is_refused_in_the_question(at: At, typed: str, said: str) -> None:
    bed = at(stops.running())
    form = opened(bed)
    field = form.rows.fields["hr", "low"]
    field.clear()
    bed.type_in(field, typed)
    form.reason.choice.choose("doctor")
    form.primary.click()
    bed.settle()
    assert said in stops.texts(form.strip)
    assert form.isVisible()


def test_an_investigator_orders_the_scale_and_the_check_counts_by_it(at: At) -> None:
    bed = at(stops.running())
    bed.signs(bed.ask("scale", WhoQuestion), "i1")
    form = bed.dialog(FormQuestion)
    bed.type_in(form.answers_by_key["reason"].field, "chronic lung failure")  # type: ignore[attr-defined]
    form.primary.click()
    bed.settle()
    assert bed.ward.state.scale == 2
    assert bed.ward.state.entries[-1].by == "i1"
