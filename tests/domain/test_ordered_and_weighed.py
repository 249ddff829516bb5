"""Ordered, weighed, pre-medicated: each refusal word for word, each fact whole."""

from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ordering import Abandon, OrderedBy, SignOrder, Wanted, against_words, ordered, prescribed
from app.domain.infusion.chapters.premedication import GivePremedication, OverrideLeadTime
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.infusion.phases import Phase
from app.domain.people.roles import Person, Role
from app.domain.protocol import SiteSetting

from .cast import CHEN, LI, TRIAL, WANG, ZHAO, clock
from .play import Play, prepared
from .seeing import plain
from .whole_answers import facts, refusal

BEDSIDE_ONLY = "This needs another role: Nurse or Investigator."
INVESTIGATOR_ONLY = "This needs another role: Investigator."
QIAN = Person("i2", "Qian", Role.INVESTIGATOR)


# --- ordered


SETTINGS = (SiteSetting("dose.tolerance_pct", "5"),)
RULES = OrderedBy(TRIAL, "0" * 64, True, SETTINGS)
WANTED = Wanted(" Ｓ-001 ", " １２ ", "B", 2, reason=" stopped at 10 ml ")
ORDER = e.Ordered("S-001", "12", "B", 2, "msc-icaht", "2", "0" * 64, True, "i1", (), "", SETTINGS)


def why_not(wanted: Wanted, by: Person = ZHAO, rules: OrderedBy = RULES, against: Any = ()) -> str:
    with pytest.raises(Refused) as refused:
        prescribed(wanted, by, against, rules)
    return plain(refused.value.text)


def test_an_order_is_kept_whole_with_what_the_site_has_set() -> None:
    assert prescribed(WANTED, ZHAO, (), RULES) == [ORDER, e.OrderSigned(printed_name="Zhao")]
    assert prescribed(replace(WANTED, prescriber=ZHAO), LI, (), RULES) == [ORDER]
    signed = [ORDER, e.OrderSigned(printed_name="Zhao")]
    assert prescribed(replace(WANTED, prescriber=ZHAO, is_signed=True), LI, (), RULES) == signed
    assert prescribed(replace(WANTED, prescriber=ZHAO), ZHAO, (), RULES) == signed
    irregular = replace(ORDER, irregular=("second", "window"), reason="stopped at 10 ml")
    assert prescribed(WANTED, ZHAO, ("second", "window"), RULES) == [irregular, signed[1]]
    assert prescribed(replace(WANTED, subject="受试者 1", is_known=True), ZHAO, (), RULES)[0] == replace(ORDER, subject="受试者 1")


def test_who_orders_what_for_whom() -> None:
    assert why_not(WANTED, CHEN) == BEDSIDE_ONLY
    assert why_not(WANTED, LI) == "Name the investigator who orders it."
    assert why_not(replace(WANTED, prescriber=WANG), LI) == "Name the investigator who orders it."
    for blank in ({"subject": " "}, {"bed": " "}):
        assert why_not(replace(WANTED, **blank)) == "An order needs a subject code and a bed."
    assert why_not(replace(WANTED, subject="受试者 1")).startswith("“受试者 1” is no subject code here")
    assert why_not(replace(WANTED, bed="?")).startswith("“?” is no bed here")
    for dose in (0, 3):
        assert why_not(replace(WANTED, dose_number=dose)) == "Group B has 2 doses."
    for dose in (1, 2):
        assert isinstance(prescribed(replace(WANTED, dose_number=dose), ZHAO, (), RULES)[0], e.Ordered)


def test_a_dose_against_the_rule_takes_both_signature_and_reason() -> None:
    second = "This dose of this subject was ordered before. Only with the prescriber's signature and reason."
    by_nurse = replace(WANTED, prescriber=ZHAO)
    for wanted in (by_nurse, replace(by_nurse, is_signed=True, reason=" ")):
        assert why_not(wanted, LI, against=("second",)) == second
    assert plain(against_words(("window", "left"), TRIAL)) == (
        "The order is outside the window of 7 ± 1 days after the dose before. This subject has left the trial."
    )
    assert plain(against_words(("left",), replace(TRIAL, dosing=None))) == "This subject has left the trial."


def test_an_order_by_itself_is_held_to_its_group() -> None:
    made = ordered(" S-001 ", " 12 ", "B", 1, TRIAL, "0" * 64, False, SETTINGS)
    assert made == e.Ordered("S-001", "12", "B", 1, "msc-icaht", "2", "0" * 64, False, site_settings=SETTINGS)
    assert ordered("S-001", "12", "B", 1, TRIAL, "0" * 64, False).site_settings == ()
    for blank in ((" ", "12"), ("S-001", " ")):
        with pytest.raises(Refused, match=r"^An order needs a subject code and a bed\.$"):
            ordered(*blank, "B", 1, TRIAL, "0" * 64, False)
    alone = replace(TRIAL, groups=())
    assert ordered("S-001", "12", "", 1, alone, "0" * 64, False).dose_number == 1
    with pytest.raises(Refused, match=r"^The protocol has no dose groups: every order is one dose\.$"):
        ordered("S-001", "12", "", 2, alone, "0" * 64, False)


def test_an_order_is_signed_by_who_it_names() -> None:
    play = Play(order=replace(ORDER, group="A", dose_number=1))
    assert refusal(play, SignOrder(), LI) == INVESTIGATOR_ONLY
    assert refusal(play, SignOrder(), QIAN) == "The prescriber who is named signs this order."
    assert facts(play, SignOrder(), ZHAO, clock("13:07")) == [e.OrderSigned(printed_name="Zhao")]
    assert play.state.order_signed_at == clock("13:07")
    assert refusal(play, SignOrder(), ZHAO) == "This order does not wait for a signature."


def test_an_order_is_given_up_before_the_start_alone() -> None:
    play = prepared("hung")
    assert refusal(play, Abandon(" ")) == "Give a reason."
    assert facts(play, Abandon(" unfit "), CHEN) == [e.Abandoned("unfit")]
    assert play.state.phase is Phase.ABANDONED
    assert refusal(prepared("running"), Abandon("unfit")) == "It has started: stop it instead."


# --- weighed


def weighed(kg: str, before: str | None = None, again: str | None = None) -> RecordWeight:
    return RecordWeight(D(kg), D(before) if before else None, D(again) if again else None)


@pytest.mark.parametrize("kg", ["30", "150", "70.5"])
def test_a_usual_weight_is_typed_once(kg: str) -> None:
    play = Play()
    assert facts(play, weighed(kg, "69.0"), CHEN) == [e.WeightRecorded(D(kg), D("69.0"), False)]
    assert (play.state.weight_by, play.state.weight_at, play.state.weight_confirmed_by) == ("p1", play.now, None)


@pytest.mark.parametrize("kg", ["29.9", "150.1"])
def test_an_unusual_weight_is_typed_a_second_time(kg: str) -> None:
    play = Play()
    unusual = f"{kg} kg is unusual (outside 30–150 kg). Look at the scale and type it a second time."
    assert refusal(play, weighed(kg)) == unusual
    assert refusal(play, weighed(kg, again="92.9")) == f"92.9 kg is not {kg} kg. Weigh again."
    assert facts(play, weighed(kg, again=kg)) == [e.WeightRecorded(D(kg), None, True)]


def test_what_no_scale_shows_is_not_a_weight_neither_of_today_nor_of_before() -> None:
    outside = "{} kg is outside 20–250 kg and is not accepted. Weigh again."
    for kg, why in (("19.9", outside), ("250.1", outside), ("NaN", outside), ("70.25", "Type the weight with at most 1 decimal.")):
        for command in (weighed(kg, again=kg), weighed("70", kg)):
            assert refusal(Play(), command) == why.format(kg)
    assert refusal(Play(), weighed("70", again="71")) == "71 kg is not 70 kg. Weigh again."
    assert facts(Play(), weighed("70", again="70")) == [e.WeightRecorded(D(70), None, False)]


def test_a_weight_is_confirmed_by_another_person_and_anew_when_weighed_again() -> None:
    play = Play()
    assert refusal(play, ConfirmWeight()) == "Record the weight first."
    play.do(weighed("70", "50"), LI)
    assert refusal(play, ConfirmWeight()) == "The weight needs a second person, not the one who recorded it."
    assert facts(play, ConfirmWeight(), CHEN) == [e.WeightConfirmed(printed_name="Chen")]
    confirmed_by = [play.state.weight_confirmed_by]
    play.do(weighed("71", "50"), WANG)
    assert [*confirmed_by, play.state.weight_confirmed_by] == ["p1", None]
    assert play.state.weight == e.WeightRecorded(D(71), D(50))


# --- pre-medicated


def given(at: str, **other: Any) -> GivePremedication:
    return replace(GivePremedication(D(5), clock(at), " none ", False, "not_due"), **other)


GIVEN = e.PremedicationGiven("Dexamethasone", D(5), clock("13:25"), "none", False, "not_due")


def verified(now: str = "13:25") -> Play:
    """Verified by two at 13:22."""
    play = prepared("verified")
    play.now = clock(now)
    return play


def test_the_pre_medication_is_kept_as_it_was_given() -> None:
    play = verified()
    assert facts(play, given("13:25"), ZHAO) == [GIVEN]
    assert (play.state.premedication, play.state.phase) == (GIVEN, Phase.PREMEDICATED)
    assert refusal(play, given("13:25")) == "Two people verify patient, order and bags first."


def test_what_keeps_the_pre_medication_from_being_given() -> None:
    assert refusal(verified(), given("13:25"), CHEN) == BEDSIDE_ONLY
    assert refusal(prepared("received"), given("13:25")) == "Two people verify patient, order and bags first."
    dmso = "An allergy to DMSO is stated: do not go on. Call the investigator."
    assert refusal(verified(), given("13:25", dmso_allergy=True)) == dmso
    assert refusal(verified(), given("13:25", allergies=" ")) == "Ask about allergies and write the answer, or “none”."
    stopped = verified()
    stopped.take(e.MismatchFound("patient", "S-001", "S-002"), LI.person_id)
    assert refusal(stopped, given("13:25")) == "Patient or bag did not match. Check again before going on."
    assert refusal(verified(), given("13:27:01")) == "13:27:01 lies in the future."


@pytest.mark.parametrize(("mg", "possible"), [("0", False), ("0.1", True), ("1000", True), ("1000.1", False), ("NaN", False)])
def test_a_dose_that_can_be_given(mg: str, possible: bool) -> None:
    if possible:
        assert facts(verified(), given("13:25", dose_mg=D(mg))) == [replace(GIVEN, dose_mg=D(mg))]
    else:
        assert refusal(verified(), given("13:25", dose_mg=D(mg))) == f"{mg} mg is not a possible dose."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13:19:59", "13:19:59"),
        ("13:20", "13:22"),
        ("13:21:59", "13:22"),
        ("13:22", "13:22"),
        ("13:22:01", "13:22:01"),
        ("13:26", "13:25"),
    ],
)
def test_a_time_typed_to_the_minute_lies_not_before_the_check_that_came_first(typed: str, kept: str) -> None:
    """Two minutes are what two clocks differ by; a time that lies further back was meant, and stays."""
    assert facts(verified(), given(typed)) == [replace(GIVEN, given_at=clock(kept))]


def test_an_investigator_cuts_the_half_hour_short() -> None:
    assert refusal(prepared("verified"), OverrideLeadTime("urgent"), ZHAO) == "Pre-medication has not been given."
    play = prepared("premedicated")
    assert refusal(play, OverrideLeadTime("urgent")) == INVESTIGATOR_ONLY
    assert refusal(play, OverrideLeadTime(" "), ZHAO) == "Give a reason."
    assert facts(play, OverrideLeadTime(" urgent "), ZHAO) == [e.LeadTimeOverridden("urgent", printed_name="Zhao")]
    assert play.state.lead_time_overridden_by == "i1"
