"""Corrections on a subject's stream: judged as the entry itself, with what follows from them."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.facts import Corrected
from app.domain.people.roles import Person
from app.domain.safety.adverse_event import Seriousness
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.subject_commands import (
    CorrectSubject,
    LeaveTrial,
    NoteAdverseEvent,
    NoteSubject,
    RecordCourse,
    RecordCriterion,
    RecordLab,
    ReportSae,
)
from app.domain.trial.subject.subject_rules import DeskSetting
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import BedsideReaction, TrialData, graded_reactions
from app.services.ctcae_file import ctcae
from tests.domain.cast import LI, ZHAO
from tests.domain.trial.subjects import NOW, TODAY, after, screened, setting

SCREENED = f.SubjectScreened("female", 52, "lymphoma", date(2026, 4, 20), date(2026, 5, 28), 3)


def at_desk(*reactions_on: date) -> DeskSetting:
    return msgspec.structs.replace(setting(), ctcae=ctcae(), reactions_on={"S-001": frozenset(reactions_on)})


def noted(term: str, state: SubjectState | None = None, *reactions_on: date, **other: object) -> SubjectState:
    event = msgspec.structs.replace(f.AdverseEventNoted(term, 2, TODAY, True, False), **other)
    return after(state or screened(), NoteAdverseEvent(event), at=at_desk(*reactions_on))


def mend(state: SubjectState, field: str, new: object, *reactions_on: date) -> SubjectState:
    command = CorrectSubject(state.entries[-1].event_id, field, msgspec.json.encode(new).decode(), "misread")
    return after(state, command, at=at_desk(*reactions_on))


def told(state: SubjectState) -> list[tuple[str, str, str]]:
    return [(x.event.field, x.event.old, x.event.new) for x in state.entries if isinstance(x.event, Corrected)]


# --- an adverse event


def test_downgraded_its_criteria_go_with_it() -> None:
    state = noted("Sepsis", grade=4, is_serious=True, criteria=("hospital", "important"))
    state = mend(state, "is_serious", False)
    assert told(state) == [("criteria", '["hospital","important"]', "[]"), ("is_serious", "true", "false")]
    assert (state.adverse[-1].is_serious, state.adverse[-1].criteria) == (False, ())


@pytest.mark.parametrize(("was", "criteria", "is_serious"), [((), ["hospital"], True), (("hospital",), [], False)])
def test_a_criterion_makes_it_serious_and_none_does_not(
    was: tuple[Seriousness, ...], criteria: list[str], is_serious: bool
) -> None:
    state = noted("Fever", is_serious=bool(was), criteria=was)
    assert mend(state, "criteria", criteria).adverse[-1].is_serious is is_serious


def test_upgraded_by_a_word_alone_it_has_no_criteria_yet() -> None:
    state = mend(noted("Fever"), "is_serious", True)
    assert (state.adverse[-1].is_serious, told(state)) == (True, [("is_serious", "false", "true")])


def test_what_is_judged_unrelated_is_not_counted_as_related() -> None:
    state = mend(noted("Fever", relatedness="probable"), "relatedness", "unlikely")
    assert (state.adverse[-1].is_related, len(told(state))) == (False, 2)


@pytest.mark.parametrize(
    ("term", "field", "new"),
    [
        ("Sinus tachycardia", "grade", 4), ("Hypoxia", "term", "Anaphylaxis"), ("Fever", "over_on", str(TODAY - timedelta(days=1))),
        ("Fever", "onset_on", str(TODAY + timedelta(days=1))), ("Fever", "term", " "), ("Fever", "grade", "high"),
        ("Fever", "grade", 2), ("Fever", "aware_at", (NOW + timedelta(hours=1)).isoformat()), ("Fever", "ctcae_version", "6.0"),
    ],
)  # fmt: skip
def test_what_could_not_be_recorded_is_no_correction_either(term: str, field: str, new: object) -> None:
    with pytest.raises(Refused):
        mend(noted(term), field, new)


def test_a_term_is_written_as_in_the_table() -> None:
    assert mend(noted("Fever"), "term", " chills ").adverse[-1].term == "Chills"


# --- infusion related and allergic are one event


def test_nor_both_by_a_correction() -> None:
    state = noted("Allergic reaction", noted("Infusion related reaction"), onset_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="are one event"):
        mend(state, "onset_on", str(TODAY))
    assert mend(state, "onset_on", str(TODAY - timedelta(days=2))).adverse[-1].onset_on == TODAY - timedelta(days=2)


def test_a_reaction_graded_at_the_bedside_is_infusion_related() -> None:
    with pytest.raises(Refused, match="are one event"):
        noted("Allergic reaction", None, TODAY)
    assert noted("Infusion related reaction", None, TODAY).adverse
    assert noted("Allergic reaction", None, TODAY - timedelta(days=1)).adverse
    with pytest.raises(Refused, match="are one event"):
        mend(noted("Fever"), "term", "Allergic reaction", TODAY)


def test_a_reaction_without_a_grade_says_nothing_yet() -> None:
    graded, open_ = BedsideReaction("i", NOW, ("fever",), 2), BedsideReaction("j", NOW + timedelta(days=7), ("fever",))
    data = TrialData((), {}, {"S-001": (graded, open_)}, (), TODAY)
    assert graded_reactions(data) == {"S-001": frozenset({TODAY})}


# --- other entries


def test_values_and_units_are_judged_as_when_they_were_recorded() -> None:
    hb = f.LabValue("hb", Decimal(90), "g/L")
    state = after(screened(), RecordLab(NOW, (hb,), (hb,)))
    assert values_mended(state, Decimal(91), again=Decimal(91)).labs[-1].values[0].value == 91
    assert mend(state, "laboratory", "Lab B").labs[-1].laboratory == "Lab B"
    for wrong in ([], [f.LabValue("hb", Decimal(9), "g/dL")]):
        with pytest.raises(Refused):
            mend(state, "values", wrong)


def values_mended(state: SubjectState, new: Decimal, again: Decimal | None = None, second: Person | None = None) -> SubjectState:
    """The last entry's only value."""
    lab = state.labs[-1]
    right, typed = ((msgspec.structs.replace(lab.values[0], value=x),) if x is not None else None for x in (new, again))
    event_id = next(x.event_id for x in state.entries if isinstance(x.event, f.LabRecorded))
    command = CorrectSubject(event_id, "values", msgspec.json.encode(right).decode(), "misread", typed, second)
    return after(state, command, at=at_desk())


def test_corrected_values_are_made_sure_of_like_the_first() -> None:
    state = after(screened(), RecordLab(NOW, (f.LabValue("hb", Decimal(90), "g/L"),), from_file=True))
    with pytest.raises(Refused, match="Type the values twice"):
        values_mended(state, Decimal(91))
    with pytest.raises(Refused, match="two entries differ: haemoglobin"):
        values_mended(state, Decimal(91), again=Decimal(19))
    with pytest.raises(Refused, match="another one of the ward"):
        values_mended(state, Decimal(91), second=ZHAO)
    twice = values_mended(state, Decimal(91), again=Decimal(91))
    assert [field for field, _, _ in told(twice)] == ["how", "values"]
    assert twice.labs[-1].how == "twice"
    seen = values_mended(twice, Decimal(92), second=LI)
    assert seen.labs[-1].how == "second"
    assert seen.labs[-1].values[0].value == 92
    assert [field for field, _, _ in told(values_mended(seen, Decimal(93), second=LI))][-1] == "values"


def test_a_transfusion_is_given_in_halves_and_a_medicine_ends_after_it_began() -> None:
    given = after(screened(), RecordCourse(f.TransfusionGiven(NOW, "platelets", Decimal(1))))
    assert mend(given, "units", "1.5").transfusions[-1].units == Decimal("1.5")
    with pytest.raises(Refused, match="halves"):
        mend(given, "units", "0.3")
    medicine = after(screened(), RecordCourse(f.MedicationGiven("growth_factor", "G-CSF 300 µg", TODAY)))
    assert mend(medicine, "until_on", str(TODAY)).medication[-1].until_on == TODAY
    with pytest.raises(Refused, match="before it began"):
        mend(medicine, "until_on", str(TODAY - timedelta(days=1)))


def test_a_verdict_is_signed_and_not_corrected() -> None:
    state = screened()
    with pytest.raises(Refused, match="cannot be corrected"):
        mend(state, "simulated", True)
    with pytest.raises(Refused, match="cannot be corrected"):
        after(state, CorrectSubject("nothing", "sex", '"male"', "x"))
    assert mend(state, "sex", "male").screened is not None


# --- what is kept of a correction


def refusal(state: SubjectState, field: str, new: str, reason: str = "misread") -> str:
    with pytest.raises(Refused) as told_why:
        after(state, CorrectSubject(state.entries[-1].event_id, field, new, reason), at=at_desk())
    return str(told_why.value.text)


def kept(state: SubjectState) -> list[Corrected]:
    return [x.event for x in state.entries if isinstance(x.event, Corrected)]


def test_what_goes_with_a_field_is_corrected_before_it_and_for_the_same_reason() -> None:
    state = noted("Fever", relatedness="probable")
    event_id = state.entries[-1].event_id
    mended = after(state, CorrectSubject(event_id, "relatedness", '"unlikely"', " seen again "), at=at_desk())
    assert kept(mended) == [
        Corrected(event_id, "is_related", "true", "false", "seen again"),
        Corrected(event_id, "relatedness", '"probable"', '"unlikely"', "seen again"),
    ]
    again = after(mended, CorrectSubject(event_id, "relatedness", '"possible"', "once more"), at=at_desk())
    assert kept(again)[2:] == [
        Corrected(event_id, "is_related", "false", "true", "once more"),
        Corrected(event_id, "relatedness", '"unlikely"', '"possible"', "once more"),
    ]
    certain = after(again, CorrectSubject(event_id, "relatedness", '"certain"', "and once more"), at=at_desk())
    assert kept(certain)[4:] == [Corrected(event_id, "relatedness", '"possible"', '"certain"', "and once more")]


def test_what_does_not_follow_stays_as_it_is() -> None:
    """An unrelated event that was told as related by hand: a corrected text or grade judges nothing anew."""
    state = noted("Sepsis", grade=4, is_serious=True, criteria=("hospital",), relatedness="unlikely")
    assert told(mend(state, "text", "blood culture")) == [("text", '""', '"blood culture"')]
    assert told(mend(state, "grade", 3)) == [("grade", "4", "3")]
    assert told(mend(state, "criteria", ["important"])) == [("criteria", '["hospital"]', '["important"]')]
    assert told(mend(state, "is_related", False)) == [("is_related", "true", "false")]


REFUSED: list[tuple[str, str, str]] = [
    ("grade", '"high"', "“\"high\"” does not fit here."), ("grade", "{", "“{” does not fit here."),
    ("relatedness", '"maybe"', "“\"maybe\"” does not fit here."), ("grade", "2", "Nothing has changed."),
    ("suggested", "2", "This entry cannot be corrected."), ("aware_at", '"2026-06-01T10:01:00+08:00"',
     "2026-06-01 10:01:00+08:00 lies in the future."), ("onset_on", '"2026-06-02"', "2026-06-02 lies in the future."),
    ("over_on", '"2026-05-31"', "It cannot be over before it began."),
]  # fmt: skip


def test_why_a_correction_is_refused() -> None:
    state = noted("Fever")
    assert [refusal(state, field, new) for field, new, _ in REFUSED] == [why for _, _, why in REFUSED]
    assert refusal(state, "grade", "1", " ") == "Give a reason."


def test_a_correction_to_now_and_to_today_is_of_the_past() -> None:
    state = noted("Fever", onset_on=TODAY - timedelta(days=1), aware_at=NOW - timedelta(hours=1))
    assert mend(state, "aware_at", NOW.isoformat()).adverse[-1].aware_at == NOW
    assert mend(state, "onset_on", str(TODAY)).adverse[-1].onset_on == TODAY
    assert mend(state, "over_on", str(TODAY - timedelta(days=1))).adverse[-1].over_on == TODAY - timedelta(days=1)


NOT_OF_THE_ROW: list[tuple[RecordCriterion, str, str, str]] = [
    (RecordCriterion("hiv", "positive"), "word", '"not applicable"',
     "“not applicable” is not allowed here. Allowed: one of positive, negative."),
    (RecordCriterion("hiv", "positive"), "word", '"mild"', "“mild” is not allowed here. Allowed: one of positive, negative."),
    (RecordCriterion("hiv", "positive"), "number", '"1"', "“1” is not allowed here. Allowed: one of positive, negative."),
    (RecordCriterion("hb", "66", "g/L"), "unit", '"g/dL"',
     "“66 g/dL” is not allowed here. Allowed: g/L; it is never converted."),
    (RecordCriterion("hb", "66", "g/L"), "number", '"NaN"',
     "“NaN g/L” is not allowed here. Allowed: a number with a decimal point."),
    (RecordCriterion("hb", "66", "g/L"), "number", '"-3"',
     "“-3 g/L” is not allowed here. Allowed: a number with a decimal point."),
    (RecordCriterion("hb", "66", "g/L"), "word", '"none"',
     "“none g/L” is not allowed here. Allowed: a number with a decimal point."),
]  # fmt: skip


def test_an_entry_that_its_row_would_not_take_is_no_correction_either() -> None:
    """HIV positive, corrected to “not applicable”, would have been an exclusion that excludes nobody."""
    for typed, field, new, why in NOT_OF_THE_ROW:
        assert refusal(after(screened(), typed), field, new) == why


def test_an_entry_is_corrected_to_what_its_row_takes_or_to_not_known() -> None:
    hb, hiv = after(screened(), RecordCriterion("hb", "66", "g/L")), after(screened(), RecordCriterion("hiv", "positive"))
    assert mend(hb, "number", "67.0").criteria["hb"] == f.CriterionRecorded("hb", Decimal("67.0"), None, "g/L")
    assert mend(hb, "number", None).criteria["hb"] == f.CriterionRecorded("hb", None, None, "g/L")
    assert mend(hiv, "word", "negative").criteria["hiv"] == f.CriterionRecorded("hiv", None, "negative")
    assert mend(hb, "source", "chart").criteria["hb"].source == "chart"


NO_SCREENING: list[tuple[str, str, str]] = [
    ("age_years", "-1", "-1 is not an age in years."), ("age_years", "121", "121 is not an age in years."),
    ("icaht_grade", "0", "A grade is between 1 and 4."), ("icaht_grade", "5", "A grade is between 1 and 4."),
    ("car_t_on", '"2026-06-02"', "2026-06-02 lies in the future."), ("sex", '"x"', '“"x"” does not fit here.'),
]  # fmt: skip


def test_a_value_stands_in_its_correction_with_its_parts_in_the_order_of_their_names() -> None:
    state = after(screened(), RecordLab(NOW, (f.LabValue("hb", Decimal(90), "g/L", Decimal(115)),), from_file=True))
    assert told(values_mended(state, Decimal(91), again=Decimal(91))) == [
        ("how", '"file"', '"twice"'),
        ("values", '[{"lln":"115","test":"hb","uln":null,"unit":"g/L","value":"90"}]',
         '[{"lln":"115","test":"hb","uln":null,"unit":"g/L","value":"91"}]'),
    ]  # fmt: skip


def test_related_is_corrected_by_hand_where_nobody_was_asked_for_a_judgement() -> None:
    state = noted("Fever", is_related=False)
    assert told(mend(state, "is_related", True)) == [("is_related", "false", "true")]


def test_an_event_is_not_told_beside_itself() -> None:
    """The allergic reaction was an infusion related one: its term is corrected, on the same day."""
    state = mend(noted("Allergic reaction"), "term", "Infusion related reaction")
    assert [x.term for x in state.adverse] == ["Infusion related reaction"]


def test_a_screening_that_cannot_be_is_no_correction_either() -> None:
    state = screened()
    assert [refusal(state, field, new) for field, new, _ in NO_SCREENING] == [why for _, _, why in NO_SCREENING]
    assert mend(state, "age_years", 120).screened == replace(SCREENED, age_years=120)
    assert mend(state, "icaht_grade", None).screened == replace(SCREENED, icaht_grade=None)


def test_who_left_left_for_a_reason() -> None:
    left = after(screened(), LeaveTrial(TODAY, "moved away"))
    assert refusal(left, "reason", '" "') == "Give a reason."
    assert mend(left, "reason", "withdrew").left == f.SubjectLeft(TODAY, "withdrew")


def test_a_report_is_corrected_to_no_time_before_anybody_knew_and_to_somebody() -> None:
    """Known two hours ago; another event that is known only now sets no limit to it."""
    aware = NOW - timedelta(hours=2)
    other = noted("Sepsis", grade=4, is_serious=True, aware_at=NOW)
    state = noted("Hypotension", other, grade=3, is_serious=True, aware_at=aware)
    state = after(state, ReportSae(state.entries[-1].event_id, NOW, "sponsor"), at=at_desk())
    assert refusal(state, "reported_at", f'"{(aware - timedelta(minutes=1)).isoformat()}"') == (
        "It was not known before 2026-06-01 08:00:00+08:00."
    )
    assert refusal(state, "to", '" "') == "Say to whom it was reported."
    for field, new in (("reported_at", aware.isoformat()), ("receipt", "R-17"), ("to", "ethics committee")):
        assert told(mend(state, field, new))[-1][0] == field


def test_a_note_stays_one() -> None:
    state = after(screened(), NoteSubject("calm"))
    assert refusal(state, "text", '" "') == "The note is empty."
    assert told(mend(state, "text", "asleep")) == [("text", '"calm"', '"asleep"')]


def test_a_visit_or_a_sample_that_was_of_tomorrow_is_none() -> None:
    visit = after(screened(), RecordCourse(f.VisitDone("visit", 4, TODAY - timedelta(days=1))))
    assert mend(visit, "on", str(TODAY)).visits["visit", 4] == f.VisitDone("visit", 4, TODAY)
    assert refusal(visit, "on", f'"{TODAY + timedelta(days=1)}"') == "2026-06-02 lies in the future."
    sample = after(screened(), RecordCourse(f.SampleDrawn(1, NOW - timedelta(hours=1), 4)))
    assert mend(sample, "drawn_at", NOW.isoformat()).samples[1].drawn_at == NOW
    missed = after(screened(), RecordCourse(f.VisitMissed("visit", 5, "holiday")))
    assert refusal(missed, "reason", '" "') == "Give a reason."
