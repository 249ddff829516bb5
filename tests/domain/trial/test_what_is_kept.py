"""What each command at the desk leaves on a subject's stream, field by field, and what every entry must be."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion.facts import NoteAdded
from app.domain.log import Entry, Event
from app.domain.people.roles import Person, Role
from app.domain.people.signatures import covered
from app.domain.safety.safety_facts import SaeReported
from app.domain.trial.criteria import criteria
from app.domain.trial.eligibility import Entered
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.entry_checks import CourseEvent
from app.domain.trial.subject.subject_rules import DeskSetting, judged_rows, setting_of
from app.domain.trial.subject.subject_state import SubjectState, entered, subject_of
from app.services.ctcae_file import ctcae
from tests.domain.cast import LI, ZHAO, protocol
from tests.domain.trial.subjects import (
    EMPTY,
    NOW,
    PROTOCOL,
    RULE,
    RULES,
    SCREEN,
    TODAY,
    after,
    enrolled,
    fitting,
    screened,
    setting,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)
HB, ANC = f.LabValue("hb", Decimal(66), "g/L"), f.LabValue("anc", Decimal("0.4"), "10^9/L")
NEW = SubjectState("S-001", [])


def kept(state: SubjectState, command: c.DeskCommand) -> Event:
    """The one event that a command leads to."""
    made = after(state, command)
    assert len(made.entries) == len(state.entries) + 1
    return made.entries[-1].event


def refused(state: SubjectState, command: c.DeskCommand) -> str:
    with pytest.raises(Refused) as caught:
        after(state, command)
    return str(caught.value.text)


def test_a_screening_is_kept_as_it_was_asked_for() -> None:
    asked = c.Screen("male", 67, "myeloma", date(2026, 5, 1), date(2026, 5, 30), 4, True)
    assert kept(NEW, asked) == f.SubjectScreened("male", 67, "myeloma", date(2026, 5, 1), date(2026, 5, 30), 4, True)
    assert after(NEW, asked).is_simulated


EDGES: list[dict[str, object]] = [
    {"age_years": 0}, {"age_years": 120}, {"icaht_grade": 1}, {"icaht_grade": 4}, {"icaht_grade": None},
    {"car_t_on": TODAY}, {"consent_on": TODAY},
]  # fmt: skip


def test_a_screening_at_the_edge_of_what_can_be() -> None:
    for change in EDGES:
        assert isinstance(kept(NEW, msgspec.structs.replace(SCREEN, **change)), f.SubjectScreened)


def test_nobody_is_younger_than_nought() -> None:
    assert refused(NEW, msgspec.structs.replace(SCREEN, age_years=-1)) == "-1 is not an age in years."


ENTRIES: list[tuple[c.RecordCriterion, f.CriterionRecorded]] = [
    (c.RecordCriterion("hba1c", " 5.60 ", " % ", Decimal(4), Decimal(6), " chart "),
     f.CriterionRecorded("hba1c", Decimal("5.60"), None, "%", Decimal(4), Decimal(6), "chart")),
    (c.RecordCriterion("hiv", "Neg"), f.CriterionRecorded("hiv", None, "negative")),
    (c.RecordCriterion("hiv", "POS"), f.CriterionRecorded("hiv", None, "positive")),
    (c.RecordCriterion("hcv_rna", "not_detected"), f.CriterionRecorded("hcv_rna", None, "not detected")),
    (c.RecordCriterion("allo_hsct_months", "N/A"), f.CriterionRecorded("allo_hsct_months", None, "not applicable")),
    (c.RecordCriterion("allo_hsct_months", "na"), f.CriterionRecorded("allo_hsct_months", None, "not applicable")),
    (c.RecordCriterion("disease", "MM"), f.CriterionRecorded("disease", None, "myeloma")),
    (c.RecordCriterion("disease", "multiple myeloma"), f.CriterionRecorded("disease", None, "myeloma")),
    (c.RecordCriterion("hba1c", None, "%"), f.CriterionRecorded("hba1c", unit="%")),
    (c.RecordCriterion("hba1c", "  "), f.CriterionRecorded("hba1c")),
]  # fmt: skip


def test_an_entry_is_kept_as_a_number_or_a_word_or_as_not_known() -> None:
    state = screened()
    assert [kept(state, typed) for typed, _ in ENTRIES] == [event for _, event in ENTRIES]


def test_what_is_refused_is_told_as_it_was_typed() -> None:
    assert refused(screened(), c.RecordCriterion("hiv", "Perhaps ", " ")) == (
        "“Perhaps” is not allowed here. Allowed: one of positive, negative."
    )
    assert refused(screened(), c.RecordCriterion("hba1c", " 5,6", " %")) == (
        "“5,6 %” is not allowed here. Allowed: a number with a decimal point."
    )


def test_a_signature_signs_for_everything_before_it() -> None:
    known = after(screened(), *fitting())
    verdict = kept(known, c.SignVerdict(" all rows looked at "))
    assert verdict == f.VerdictSigned(
        eligible=True, text="all rows looked at", printed_name="Zhao", signed_sha256=covered(known.entries).hex()
    )
    signed = after(known, c.SignVerdict())
    assert kept(signed, c.Enrol()) == f.SubjectEnrolled(
        group="A", cohort="escalation", on=TODAY, printed_name="Zhao", signed_sha256=covered(signed.entries).hex()
    )


def test_what_an_investigator_says_of_somebody_enrolled_elsewhere() -> None:
    made = kept(SubjectState("S-007", []), c.EnrolElsewhere("B", "expansion", " at the clinic "))
    assert made == f.SubjectEnrolled(
        group="B", cohort="expansion", on=TODAY, elsewhere=True, reason="at the clinic", printed_name="Zhao",
        signed_sha256=covered([]).hex(),
    )  # fmt: skip
    assert refused(SubjectState("S-007", []), c.EnrolElsewhere("D", "escalation", "x")) == (
        "Group D is not in the protocol. Use one of A, B, C."
    )
    assert refused(screened(), c.EnrolElsewhere("B", "escalation", "x")) == (
        "S-001 was screened here: it is enrolled on the Trial page."
    )


def test_what_is_signed_of_a_subject_in_the_trial() -> None:
    state = enrolled()
    signed = {"printed_name": "Zhao", "signed_sha256": covered(state.entries).hex()}
    for grade in (None, 1, 5):
        marked = kept(state, c.MarkDlt(True, TODAY, " sepsis ", " grade 4 ", grade))
        assert marked == f.DltMarked(is_dlt=True, on=TODAY, term="sepsis", reason="grade 4", grade=grade, **signed)
    overridden = kept(state, c.OverrideDose(2, " agreed "))
    assert overridden == f.DoseOverridden(dose_number=2, reason="agreed", **signed)
    assert kept(state, c.LeaveTrial(TODAY, " moved away ")) == f.SubjectLeft(TODAY, "moved away")
    assert kept(state, c.NoteSubject(" calm ")) == NoteAdded("calm")


NOT_SIGNED: list[tuple[c.DeskCommand, str]] = [
    (c.MarkDlt(True, TOMORROW, "sepsis", "x"), f"{TOMORROW} lies in the future."),
    (c.MarkDlt(True, TODAY, " ", "x"), "Give a reason."), (c.MarkDlt(True, TODAY, "sepsis", " "), "Give a reason."),
    (c.MarkDlt(True, TODAY, "sepsis", "x", 0), "A grade is between 1 and 5."),
    (c.OverrideDose(2, " "), "Give a reason."), (c.LeaveTrial(TODAY, " "), "Give a reason."),
]  # fmt: skip


def test_what_a_signature_needs() -> None:
    state = enrolled()
    assert [refused(state, command) for command, _ in NOT_SIGNED] == [why for _, why in NOT_SIGNED]


def test_who_has_left_is_named() -> None:
    gone = after(enrolled("S-004"), c.LeaveTrial(TODAY, "moved away"))
    assert refused(gone, c.LeaveTrial(TODAY, "x")) == "S-004 has left already: correct the entry."


# --- the course, and when it was


VISIT = f.VisitDone("visit", 4, TODAY)
GIVEN = f.TransfusionGiven(NOW, "platelets", Decimal("0.5"))
DRUG = f.MedicationGiven("growth_factor", "G-CSF", TODAY, TODAY)


OF_BEFORE: list[CourseEvent] = [
    VISIT, GIVEN, DRUG, f.SampleDrawn(1, NOW, 4, True), f.VisitMissed("visit", 5, "holiday"),
    f.MedicationGiven("other", "G-CSF", YESTERDAY, TOMORROW), f.TransfusionGiven(NOW, "red_cells", Decimal("1.5")),
]  # fmt: skip


def test_what_is_of_now_or_of_before_is_kept_as_it_is() -> None:
    state = screened()
    assert [kept(state, c.RecordCourse(event)) for event in OF_BEFORE] == OF_BEFORE


CANNOT_HAVE_BEEN: list[tuple[CourseEvent, str]] = [
    (f.VisitDone("visit", 4, TOMORROW), "2026-06-02 lies in the future."),
    (msgspec.structs.replace(GIVEN, given_at=NOW + MINUTE), "2026-06-01 10:01:00+08:00 lies in the future."),
    (msgspec.structs.replace(GIVEN, given_at=datetime(2026, 5, 1)), "2026-05-01 00:00:00 lies in the future."),
    (f.SampleDrawn(1, NOW + MINUTE, 4), "2026-06-01 10:01:00+08:00 lies in the future."),
    (msgspec.structs.replace(DRUG, from_on=TOMORROW, until_on=None), "2026-06-02 lies in the future."),
    (msgspec.structs.replace(DRUG, what=" "), "Give a reason."),
    (msgspec.structs.replace(DRUG, until_on=YESTERDAY), "It cannot be over before it began."),
    (msgspec.structs.replace(GIVEN, units=Decimal(0)), "Units are given in halves."),
    (msgspec.structs.replace(GIVEN, units=Decimal(-1)), "Units are given in halves."),
    (msgspec.structs.replace(GIVEN, units=Decimal("0.75")), "Units are given in halves."),
    (msgspec.structs.replace(GIVEN, units=Decimal("NaN")), "Units are given in halves."),
    (msgspec.structs.replace(GIVEN, units=Decimal("Infinity")), "Units are given in halves."),
]  # fmt: skip


def test_what_cannot_have_been() -> None:
    state = screened()
    assert [refused(state, c.RecordCourse(event)) for event, _ in CANNOT_HAVE_BEEN] == [why for _, why in CANNOT_HAVE_BEEN]


# --- the laboratory


def test_a_collection_is_kept_with_its_laboratory() -> None:
    asked = c.RecordLab(NOW, (HB, ANC), (HB, ANC), laboratory=" Lab B ")
    assert kept(screened(), asked) == f.LabRecorded(NOW, (HB, ANC), "twice", "Lab B")
    assert kept(screened(), c.RecordLab(NOW, (HB,), from_file=True)) == f.LabRecorded(NOW, (HB,), "file")


def test_nought_is_a_value_and_what_is_no_number_is_not() -> None:
    none = f.LabValue("crp", Decimal(0), "mg/L")
    assert kept(screened(), c.RecordLab(NOW, (none,), (none,))) == f.LabRecorded(NOW, (none,), "twice")
    for value, told in ((Decimal("NaN"), "NaN"), (Decimal("Infinity"), "Infinity"), (Decimal("-0.1"), "-0.1")):
        wrong = msgspec.structs.replace(none, value=value)
        assert refused(screened(), c.RecordLab(NOW, (HB, wrong), from_file=True)) == f"{told} is not a laboratory value."


ONE_UNIT: list[tuple[f.Test, str, str]] = [
    ("hb", "haemoglobin", "g/L"), ("anc", "neutrophils", "10^9/L"), ("plt", "platelets", "10^9/L"),
    ("wbc", "white cells", "10^9/L"), ("lymphocytes", "lymphocytes", "10^9/L"),
]  # fmt: skip


def test_what_the_rules_count_with_has_one_unit() -> None:
    for test, name, unit in ONE_UNIT:
        wrong = f.LabValue(test, Decimal(9), "g/dL")
        why = f"{name} is taken in {unit} only; it is never converted."
        assert refused(screened(), c.RecordLab(NOW, (wrong,), (wrong,))) == why


@pytest.mark.parametrize("limit", ["NaN", "Infinity", "-1"])
def test_a_limit_of_normal_that_is_no_number_is_refused_wherever_it_is_typed(limit: str) -> None:
    """A bound that cannot be compared would judge nobody any more."""
    wrong, why = Decimal(limit), f"{limit} is not a laboratory value."
    for value in (msgspec.structs.replace(HB, lln=wrong), msgspec.structs.replace(HB, uln=wrong)):
        assert refused(screened(), c.RecordLab(NOW, (value,), (value,))) == why
    for limits in ((wrong, None), (None, wrong)):
        assert refused(screened(), c.RecordCriterion("alt", "30", "U/L", *limits)) == why
    alt = after(screened(), c.RecordCriterion("alt", "30", "U/L", Decimal(0), Decimal(40)))
    for field in ("lln", "uln"):
        assert refused(alt, c.CorrectSubject(alt.entries[-1].event_id, field, f'"{limit}"', "misread")) == why
    mended = after(alt, c.CorrectSubject(alt.entries[-1].event_id, "uln", '"45"', "misread"))
    assert mended.criteria["alt"] == f.CriterionRecorded("alt", Decimal(30), None, "U/L", Decimal(0), Decimal(45))


def test_the_first_value_that_differs_is_named() -> None:
    other_hb, other_anc = (msgspec.structs.replace(x, value=Decimal(1)) for x in (HB, ANC))
    for again, told in (
        ((HB, other_anc), "neutrophils"), ((other_hb, other_anc), "haemoglobin"), ((HB,), "number of values"),
        ((HB, ANC, HB), "number of values"),
    ):  # fmt: skip
        assert refused(screened(), c.RecordLab(NOW, (HB, ANC), again)) == f"The two entries differ: {told}."


SECOND_LOOK: list[tuple[Person, bool]] = [
    (LI, True), (Person("p1", "Chen", Role.PHARMACIST), True), (Person("i2", "Wu", Role.INVESTIGATOR), True),
    (Person("m1", "Ma", Role.MONITOR), False), (Person("a1", "An", Role.ADMINISTRATOR), False), (ZHAO, False),
    (Person(ZHAO.person_id, "Zhao as a nurse", Role.NURSE), False),
]  # fmt: skip


def test_the_second_look_is_another_person_of_the_ward() -> None:
    for second, may in SECOND_LOOK:
        asked = c.RecordLab(NOW, (HB,), second=second)
        if may:
            assert kept(screened(), asked) == f.LabRecorded(NOW, (HB,), "second")
        else:
            assert refused(screened(), asked) == "The second person must be another one of the ward."


def test_the_counts_of_the_response_are_those_of_the_three_tests() -> None:
    plt, crp = f.LabValue("plt", Decimal(18), "10^9/L"), f.LabValue("crp", Decimal(5), "mg/L")
    state = after(screened(), *(c.RecordLab(NOW - n * MINUTE, x, x) for n, x in enumerate([(HB, ANC, plt, crp), (crp,), (plt,)])))
    assert [(x.at, x.hb_g_l, x.anc_1e9_l, x.plt_1e9_l) for x in state.counts] == [
        (NOW, Decimal(66), Decimal("0.4"), Decimal(18)), (NOW - 2 * MINUTE, None, None, Decimal(18)),
    ]  # fmt: skip


# --- a serious adverse event


def serious() -> SubjectState:
    """Sepsis, known to the site for two hours."""
    event = f.AdverseEventNoted(" Sepsis ", 4, YESTERDAY, True, True, YESTERDAY, aware_at=NOW - timedelta(hours=2))
    return after(screened(), c.NoteAdverseEvent(event))


def test_it_is_kept_as_it_was_told() -> None:
    assert serious().adverse == [
        f.AdverseEventNoted("Sepsis", 4, YESTERDAY, True, True, YESTERDAY, aware_at=NOW - timedelta(hours=2))
    ]


def test_its_report_is_kept_with_its_receipt() -> None:
    state = serious()
    event_id = state.entries[-1].event_id
    signed = {"printed_name": "Zhao", "signed_sha256": covered(state.entries).hex()}
    for at in (NOW - timedelta(hours=2), NOW):
        assert kept(state, c.ReportSae(event_id, at, " sponsor ", " R-17 ")) == SaeReported(
            event_id=event_id, reported_at=at, to="sponsor", receipt="R-17", **signed
        )
    refusals = {
        refused(state, c.ReportSae(event_id, NOW - timedelta(hours=2, minutes=1), "sponsor")),
        refused(state, c.ReportSae(event_id, NOW + MINUTE, "sponsor")),
        refused(state, c.ReportSae(event_id, NOW, " ")),
        refused(state, c.ReportSae("another", NOW, "sponsor")),
    }
    assert refusals == {
        "It was not known before 2026-06-01 08:00:00+08:00.", "2026-06-01 10:01:00+08:00 lies in the future.",
        "Say to whom it was reported.", "This is no serious adverse event.",
    }  # fmt: skip


CANNOT_BE: list[tuple[dict[str, object], str]] = [
    ({"onset_on": TOMORROW, "over_on": None}, "2026-06-02 lies in the future."),
    ({"aware_at": NOW + MINUTE}, "2026-06-01 10:01:00+08:00 lies in the future."),
    ({"term": " "}, "Give a reason."),
    ({"over_on": TODAY - timedelta(days=2)}, "It cannot be over before it began."),
    ({"grade": 0}, "A grade is between 1 and 5."),
    ({"grade": 6}, "A grade is between 1 and 5."),
    ({"is_serious": False, "criteria": ("hospital",)}, "What meets a criterion of seriousness is serious."),
]  # fmt: skip


def test_an_adverse_event_that_cannot_be() -> None:
    for change, why in CANNOT_BE:
        assert refused(screened(), c.NoteAdverseEvent(msgspec.structs.replace(serious().adverse[0], **change))) == why


# --- what the rows know by themselves


def test_what_the_screening_knows_stands_in_the_rows() -> None:
    """CAR-T on 20 April, platelets on 28 May and 1 June: 42 days and none."""
    earlier = f.TransfusionGiven(datetime(2026, 5, 28, 9, tzinfo=NOW.tzinfo), "platelets", Decimal(1))
    state = after(screened(), c.RecordCourse(GIVEN), c.RecordCourse(earlier), c.RecordCriterion("age", "53", "years"))
    assert entered(state, TODAY) == [
        Entered("sex", "female"), Entered("disease", "lymphoma"), Entered("consent", "yes"), Entered("age", "53", "years"),
        Entered("days_since_car_t", "42", "days"), Entered("days_since_transfusion", "0", "days"),
    ]  # fmt: skip
    asked = {x.criterion: x.value for x in entered(state, date(2026, 5, 31))}
    assert (asked["days_since_car_t"], asked["days_since_transfusion"]) == ("41", "3")
    alt = after(screened(), c.RecordCriterion("alt", "30", "U/L", Decimal(5), Decimal(40)))
    assert entered(alt, TODAY)[3:] == [
        Entered("age", "52", "years"), Entered("days_since_car_t", "42", "days"),
        Entered("alt", "30", "U/L", Decimal(5), Decimal(40)),
    ]  # fmt: skip
    early = {x.criterion: x.value for x in entered(state, date(2026, 4, 19))}
    assert early["days_since_car_t"] == "0"
    assert "days_since_transfusion" not in early


def test_the_rows_of_who_is_enrolled_are_those_of_that_day() -> None:
    """A week later days since CAR-T are still those of the enrolment."""
    later = setting(today=TODAY + timedelta(days=7))

    def since(state: SubjectState) -> str | None:
        return next(r.entry.value for r in judged_rows(state, later).rows if r.criterion.code == "days_since_car_t")

    assert (since(enrolled()), since(screened())) == ("42", "49")


def test_a_verdict_is_that_of_its_day_and_the_rows_are_those_of_today() -> None:
    """CAR-T twenty days ago is too soon; a day later the rows fit, and the verdict is still against."""
    young = after(NEW, msgspec.structs.replace(SCREEN, car_t_on=TODAY - timedelta(days=20)), *fitting(), c.SignVerdict("too soon"))
    tomorrow = setting(today=TOMORROW)
    assert (judged_rows(young, setting()).eligible, judged_rows(young, tomorrow).eligible) == (False, True)
    with pytest.raises(Refused, match="S-001 is not eligible"):
        after(young, c.Enrol(), at=tomorrow)
    assert after(young, c.SignVerdict(), c.Enrol(), at=tomorrow).enrolled is not None


def test_a_verdict_by_rows_of_before_enrols_nobody_against_those_of_today() -> None:
    """HbA1c 5.5 % fitted; by an amended protocol more than 5 % excludes."""
    ready = after(screened(), *fitting(), c.SignVerdict())
    amended = criteria(protocol("msc-icaht", {"eligibility.hba1c_excluded_above_pct": 5}), RULES)
    with pytest.raises(Refused, match="S-001 is not eligible"):
        after(ready, c.Enrol(), at=msgspec.structs.replace(setting(), criteria=amended))


def test_a_code_is_looked_at_when_somebody_is_screened_and_goes_on_where_it_stands_already() -> None:
    odd = "受试者1"
    assert "is no subject code here" in refused(SubjectState(odd, []), SCREEN)
    fact = f.SubjectScreened("female", 52, "lymphoma", date(2026, 4, 20), date(2026, 5, 28))
    elsewhere = f.SubjectEnrolled(group="A", cohort="escalation", on=TODAY, elsewhere=True, reason="at the clinic")
    known, signed = (subject_of(odd, [Entry("e0", f"subject:{odd}", NOW, "i1", event)]) for event in (fact, elsewhere))
    assert kept(known, c.NoteSubject("calm")) == NoteAdded("calm")
    assert isinstance(kept(signed, SCREEN), f.SubjectScreened)


def test_the_desk_is_asked_with_the_board_and_the_places_that_are_left() -> None:
    assert setting_of((), EMPTY, PROTOCOL, RULES, RULE, TODAY) == DeskSetting(
        PROTOCOL, RULES, EMPTY, TODAY, 6, setting().criteria, None, {}
    )


def test_by_the_table_of_ctcae_a_reaction_of_the_bedside_is_never_told_twice() -> None:
    reactions = {"S-001": frozenset({TODAY}), "S-002": frozenset({YESTERDAY})}
    at = msgspec.structs.replace(setting_of((), EMPTY, PROTOCOL, RULES, RULE, TODAY), ctcae=ctcae(), reactions_on=reactions)

    def noted(on: date) -> list[f.AdverseEventNoted]:
        return after(screened(), c.NoteAdverseEvent(f.AdverseEventNoted("Allergic reaction", 2, on, True, False)), at=at).adverse

    with pytest.raises(Refused, match="are one event"):
        noted(TODAY)
    assert noted(YESTERDAY) == [f.AdverseEventNoted("Allergic reaction", 2, YESTERDAY, True, False, ctcae_version="5.0")]
