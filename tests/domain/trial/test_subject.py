"""One subject from screening to the end: who may say what, what is refused and why, and what it is afterwards."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from app.domain.deidentified import Deidentified
from app.domain.errors import Refused
from app.domain.infusion.code_words import OFFERED
from app.domain.infusion.found.dose_order import IRREGULAR
from app.domain.log import Entry, encode
from app.domain.streams import SubjectEvent, decode
from app.domain.texts import say
from app.domain.trial.escalation import BoardAnswer, Decision
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.enrolment_gate import against_enrolment
from app.domain.trial.subject.subject_rules import place
from app.domain.trial.subject.subject_state import SubjectState, entered, subject_of
from tests.domain.cast import CHEN, LI, ZHAO
from tests.domain.trial.subjects import NOW, SCREEN, TODAY, after, enrolled, fitting, screened, setting

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
HB = f.LabValue("hb", Decimal(66), "g/L")
UNIT = f.TransfusionGiven(NOW, "platelets", Decimal(1))


def refused(state: SubjectState, command: c.DeskCommand, **how: object) -> str:
    with pytest.raises(Refused) as caught:
        after(state, command, **how)  # type: ignore[arg-type]
    return str(caught.value.text)


def test_from_screening_to_enrolment() -> None:
    state = enrolled()
    assert state.screened is not None
    assert state.enrolled is not None
    assert (state.enrolled.group, state.enrolled.cohort, state.enrolled.on) == ("A", "escalation", TODAY)
    assert state.enrolled.printed_name == "Zhao"
    assert len(state.enrolled.signed_sha256) == 64
    assert state.signed_verdict is not None
    assert state.signed_verdict.eligible
    assert not state.is_simulated
    assert enrolled().enrolled == state.enrolled


def test_only_an_investigator_acts() -> None:
    for who in (LI, CHEN):
        assert refused(SubjectState("S-001", []), SCREEN, by=who) == "This needs another role: Investigator."


def test_nothing_before_screening() -> None:
    assert refused(SubjectState("S-001", []), c.NoteSubject("x")) == "S-001 has not been screened here."
    assert refused(screened(), SCREEN) == "S-001 has been screened already."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"car_t_on": TOMORROW}, f"{TOMORROW} lies in the future."),
        ({"consent_on": TOMORROW}, f"{TOMORROW} lies in the future."),
        ({"age_years": 121}, "121 is not an age in years."),
        ({"icaht_grade": 5}, "A grade is between 1 and 4."),
        ({"icaht_grade": 0}, "A grade is between 1 and 4."),
    ],
)
def test_a_screening_that_cannot_be(change: dict[str, object], why: str) -> None:
    assert refused(SubjectState("S-001", []), msgspec.structs.replace(SCREEN, **change)) == why


def test_nobody_is_enrolled_on_an_unknown() -> None:
    state = screened()
    assert "nobody is judged on an unknown" in refused(state, c.SignVerdict())
    assert "nobody is enrolled on an unknown" in refused(state, c.Enrol())
    known = after(state, *fitting())
    assert "signs the verdict" in refused(known, c.Enrol())
    signed = after(known, c.SignVerdict(), c.RecordCriterion("hba1c", None))
    assert "nobody is enrolled on an unknown" in refused(signed, c.Enrol())
    again = after(signed, c.RecordCriterion("hba1c", "5.6", "%"))
    assert not again.verdict_stands
    assert "signs the verdict" in refused(again, c.Enrol())


def test_who_is_not_eligible_is_not_enrolled() -> None:
    state = after(screened(), *fitting(hiv="positive"), c.SignVerdict("HIV"))
    assert state.signed_verdict is not None
    assert not state.signed_verdict.eligible
    assert refused(state, c.Enrol()) == "S-001 is not eligible."


def test_the_group_is_that_of_the_rule() -> None:
    state = after(screened(), *fitting(), c.SignVerdict())
    wait = BoardAnswer(Decision.WAIT, "A", None, say("The decision waits for {names}.", names="S-009"))
    assert refused(state, c.Enrol(), at=setting(wait)) == "Nobody is enrolled now. The decision waits for S-009."
    for decision in (Decision.ENROL, Decision.EXPAND_COHORT, Decision.ESCALATE):
        made = after(state, c.Enrol(), at=setting(BoardAnswer(decision, "B", None, say("x")))).enrolled
        assert made is not None
        assert (made.group, made.cohort) == ("B", "escalation")
    ended = BoardAnswer(Decision.STOP, None, None, say("x"))
    assert place(ended, 6) is None
    assert place(BoardAnswer(Decision.COMPLETE, None, "C", say("x")), 0) is None
    expansion = after(state, c.Enrol(), at=setting(BoardAnswer(Decision.COMPLETE, None, "C", say("x"))))
    assert expansion.enrolled is not None
    assert (expansion.enrolled.group, expansion.enrolled.cohort) == ("C", "expansion")
    assert refused(expansion, c.Enrol()) == "S-001 is enrolled already."


def test_a_subject_whose_stream_lies_elsewhere_is_signed_in_at_the_order() -> None:
    empty = SubjectState("S-007", [])
    state = after(empty, c.EnrolElsewhere("B", "escalation", "enrolled on the clinic's laptop"))
    assert state.enrolled is not None
    assert state.enrolled.elsewhere
    assert refused(state, c.EnrolElsewhere("B", "escalation", "x")) == "S-007 is enrolled already."
    assert refused(empty, c.EnrolElsewhere("B", "escalation", " ")) == "Give a reason."
    assert "Trial page" in refused(screened(), c.EnrolElsewhere("B", "escalation", "x"))
    assert after(state, c.OverrideDose(3, "agreed with the sponsor")).overridden == {3: "agreed with the sponsor"}


def test_leaving_and_dose_limiting_toxicity() -> None:
    state = after(enrolled(), c.LeaveTrial(YESTERDAY, "moved away"))
    assert state.left is not None
    assert "correct the entry" in refused(state, c.LeaveTrial(YESTERDAY, "x"))
    assert refused(enrolled(), c.LeaveTrial(TOMORROW, "x")) == f"{TOMORROW} lies in the future."
    assert refused(screened(), c.MarkDlt(True, TODAY, "sepsis", "x")) == "S-001 is not enrolled."
    assert refused(enrolled(), c.MarkDlt(False, TODAY, "sepsis", "x")) == "There is no DLT to judge again."
    assert refused(enrolled(), c.MarkDlt(True, TODAY, "sepsis", "x", 6)) == "A grade is between 1 and 5."
    marked = after(enrolled(), c.MarkDlt(True, TODAY, "sepsis", "grade 4, related", 4))
    assert marked.dlt is not None
    assert marked.dlt.is_dlt
    judged = after(marked, c.MarkDlt(False, TODAY, "sepsis", "line infection of another cause"))
    assert judged.dlt is not None
    assert not judged.dlt.is_dlt


def test_adverse_events() -> None:
    event = f.AdverseEventNoted("fever", 2, YESTERDAY, True, False)
    assert after(enrolled(), c.NoteAdverseEvent(event)).adverse == [event]
    early = msgspec.structs.replace(event, over_on=YESTERDAY - timedelta(days=1))
    assert refused(enrolled(), c.NoteAdverseEvent(early)) == "It cannot be over before it began."
    assert after(enrolled(), c.NoteAdverseEvent(msgspec.structs.replace(event, over_on=TODAY))).adverse[0].over_on == TODAY


def test_laboratory_values_are_typed_twice_or_seen_by_another() -> None:
    twice = after(screened(), c.RecordLab(NOW, (HB,), (HB,)))
    assert [lab.how for lab in twice.labs] == ["twice"]
    assert [count.hb_g_l for count in twice.counts] == [66]
    other = msgspec.structs.replace(HB, value=Decimal(67))
    assert refused(screened(), c.RecordLab(NOW, (HB,), (other,))) == "The two entries differ: haemoglobin."
    assert refused(screened(), c.RecordLab(NOW, (HB,), ())) == "The two entries differ: number of values."
    assert "Type the values twice" in refused(screened(), c.RecordLab(NOW, (HB,)))
    assert "another one" in refused(screened(), c.RecordLab(NOW, (HB,), second=ZHAO))
    assert after(screened(), c.RecordLab(NOW, (HB,), second=LI)).labs[0].how == "second"
    assert after(screened(), c.RecordLab(NOW, (HB,), from_file=True)).labs[0].how == "file"


def test_what_is_no_laboratory_value() -> None:
    assert refused(screened(), c.RecordLab(NOW, (), ())) == "No value is entered."
    dl = f.LabValue("hb", Decimal("6.6"), "g/dL")
    assert refused(screened(), c.RecordLab(NOW, (dl,), (dl,))) == "haemoglobin is taken in g/L only; it is never converted."
    minus = f.LabValue("crp", Decimal(-1), "mg/L")
    assert refused(screened(), c.RecordLab(NOW, (minus,), (minus,))) == "-1 is not a laboratory value."
    assert "future" in refused(screened(), c.RecordLab(NOW + timedelta(seconds=1), (HB,), (HB,)))
    assert "future" in refused(screened(), c.RecordLab(datetime(2026, 5, 1), (HB,), (HB,)))
    ferritin = f.LabValue("ferritin", Decimal(900), "µg/L")
    assert after(screened(), c.RecordLab(NOW, (ferritin,), (ferritin,))).counts == []


def test_the_course() -> None:
    visit, missed = f.VisitDone("visit", 4, TODAY), f.VisitMissed("visit", 5, "holiday")
    drug, drawn = f.MedicationGiven("growth_factor", "G-CSF", YESTERDAY), f.SampleDrawn(1, NOW, 4, True)
    state = after(screened(), *(c.RecordCourse(x) for x in (UNIT, drug, visit, missed, drawn)), c.NoteSubject("calm"))
    assert (state.transfusions, state.medication, state.samples) == ([UNIT], [drug], {1: drawn})
    assert state.visits == {("visit", 4): visit, ("visit", 5): missed}
    assert [t.product for t in state.transfused] == ["platelets"]
    assert [e.value for e in entered(state, TODAY) if e.criterion == "days_since_transfusion"] == ["0"]
    third = msgspec.structs.replace(UNIT, units=Decimal("0.3"))
    assert refused(screened(), c.RecordCourse(third)) == "Units are given in halves."
    assert "future" in refused(screened(), c.RecordCourse(f.VisitDone("visit", 4, TOMORROW)))
    assert refused(screened(), c.RecordCourse(f.VisitMissed("visit", 4, ""))) == "Give a reason."
    assert refused(screened(), c.NoteSubject(" ")) == "The note is empty."


@pytest.mark.parametrize(
    ("criterion", "value", "unit", "why"),
    [
        ("hb", "6.6", "g/dL", "“6.6 g/dL” is not allowed here. Allowed: g/L; it is never converted."),
        ("hiv", "perhaps", "", "“perhaps” is not allowed here. Allowed: one of positive, negative."),
        ("shoe_size", "42", "", "“shoe_size” is no criterion of this trial."),
    ],
)
def test_an_entry_that_is_not_allowed(criterion: str, value: str, unit: str, why: str) -> None:
    assert refused(screened(), c.RecordCriterion(criterion, value, unit)) == why


def test_a_correction_keeps_the_first_value_and_is_laid_over_it() -> None:
    state = after(enrolled(), c.LeaveTrial(YESTERDAY, "moved away"))
    target = state.entries[-1].event_id
    mended = after(state, c.CorrectSubject(target, "on", f'"{TODAY}"', "entry error"))
    assert mended.left is not None
    assert mended.left.on == TODAY
    assert isinstance(mended.entries[-2].event, f.SubjectLeft)
    assert mended.entries[-2].event.on == YESTERDAY
    assert mended.verdict_stands
    assert refused(mended, c.CorrectSubject(target, "on", f'"{TODAY}"', "x")) == "Nothing has changed."
    assert "future" in refused(state, c.CorrectSubject(target, "on", f'"{TOMORROW}"', "x"))
    assert "does not fit" in refused(state, c.CorrectSubject(target, "on", '"soon"', "x"))
    assert refused(state, c.CorrectSubject("nothing", "on", "1", "x")) == "This entry cannot be corrected."
    assert refused(state, c.CorrectSubject(target, "code", "1", "x")) == "This entry cannot be corrected."
    given = after(screened(), c.RecordCourse(UNIT))
    late = f'"{(NOW + timedelta(hours=1)).isoformat()}"'
    assert "future" in refused(given, c.CorrectSubject(given.entries[-1].event_id, "given_at", late, "x"))


def test_a_corrected_row_takes_the_verdict_away() -> None:
    state = after(screened(), *fitting(), c.SignVerdict())
    assert state.verdict_stands
    hba1c = next(x.event_id for x in state.entries if getattr(x.event, "criterion", "") == "hba1c")
    assert not after(state, c.CorrectSubject(hba1c, "number", '"5.7"', "entry error")).verdict_stands
    assert not after(state, c.CorrectSubject(state.entries[0].event_id, "age_years", "53", "entry error")).verdict_stands


def test_without_screening_the_rows_know_nothing_by_themselves() -> None:
    assert entered(SubjectState("S-1", []), TODAY) == []
    assert subject_of("S-1", []).signed_verdict is None
    assert not subject_of("S-1", []).is_simulated


def test_nothing_typed_leaves_the_ward() -> None:
    canary = "王小明 tel 555"
    events = [
        f.VerdictSigned(eligible=True, text=canary, printed_name=canary),
        f.DltMarked(is_dlt=True, on=TODAY, term=canary, reason=canary, grade=4),
        f.LabRecorded(NOW, (msgspec.structs.replace(HB, unit=canary),), "twice", canary),
        f.CriterionRecorded("hb", Decimal(66), None, canary, source=canary),
        f.MedicationGiven("other", canary, TODAY), f.SubjectLeft(TODAY, canary), SCREEN_FACT,
    ]  # fmt: skip
    turner = Deidentified(bytes(32), [], {}, OFFERED | f.UNITS)
    for event in events:
        turned = turner.event(event)
        assert canary not in encode(turned).decode()
        assert decode("subject", encode(turned)) == turned
    assert turner.event(SCREEN_FACT) == SCREEN_FACT
    assert turner.event(f.LabRecorded(NOW, (HB,), "twice")) == f.LabRecorded(NOW, (HB,), "twice")


SCREEN_FACT = f.SubjectScreened("female", 52, "lymphoma", date(2026, 4, 20), date(2026, 5, 28), 3)


def test_every_event_has_its_place_in_the_union() -> None:
    assert {f.SubjectScreened, f.LabRecorded, f.SampleDrawn} <= set(get_args(SubjectEvent))
    entry = Entry("e", "subject:S-1", NOW, "i1", SCREEN_FACT)
    assert decode("subject", encode(entry.event)) == SCREEN_FACT


def test_only_who_is_enrolled_in_this_group_and_has_not_left() -> None:
    assert against_enrolment(None, "A") == ("unenrolled",)
    assert against_enrolment(screened(), "A") == ("unenrolled",)
    assert against_enrolment(enrolled(), "A") == ()
    gone = after(enrolled(), c.LeaveTrial(TODAY - timedelta(days=1), "moved"))
    assert against_enrolment(gone, "B") == ("group", "left")
    assert {"unenrolled", "group", "left"} < set(IRREGULAR)
