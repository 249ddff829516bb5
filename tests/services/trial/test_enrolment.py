"""Enrolment gates the order, and an override leaves its trace on the subject's own stream."""

from app.domain.trial.subject.subject_state import SubjectState
from app.services.trial.enrolment import Enrolment
from app.services.trial.trial_desk import TrialDesk
from tests.domain.cast import ZHAO
from tests.domain.trial.subjects import enrolled, screened
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward


def desk_with(*states: SubjectState) -> TrialDesk:
    return desk_on(Ward(), [x for s in states for x in s.entries])


def test_the_desk_speaks_against_an_order() -> None:
    desk = desk_with(enrolled("S-001"), screened("S-002"))
    gate = Enrolment(lambda: desk, practice=False)
    assert gate.against(" S-001 ", "A") == ()
    assert gate.against("S-002", "A") == gate.against("S-009", "A") == ("unenrolled",)
    assert Enrolment(desk_with, practice=True).against("S-009", "A") == ()
    assert Enrolment(lambda: None, practice=False).against("S-009", "A") == ()


def test_an_override_stands_on_the_subjects_stream() -> None:
    desk = desk_with(enrolled("S-001"), screened("S-002"))
    gate = Enrolment(lambda: desk, practice=False)
    gate.ordered("S-009", "B", 1, "enrolled on the clinic's laptop", ZHAO)
    gate.ordered("S-002", "A", 1, "agreed", ZHAO)
    gate.ordered("S-001", "A", 1, "", ZHAO)
    gate.ordered("S-010", "A", 1, " ", ZHAO)
    Enrolment(lambda: None, practice=False).ordered("S-011", "A", 1, "x", ZHAO)
    data = desk.data()
    elsewhere = data.subject("S-009")
    assert elsewhere is not None
    assert elsewhere.enrolled is not None
    assert elsewhere.enrolled.elsewhere
    overridden = data.subject("S-002")
    assert overridden is not None
    assert overridden.overridden == {1: "agreed"}
    assert data.subject("S-010") is None


def test_practice_makes_a_subject_on_the_fly() -> None:
    desk = desk_with()
    Enrolment(lambda: desk, practice=True).ordered("B-001", "B", 1, "", ZHAO)
    made = desk.data().subject("B-001")
    assert made is not None
    assert made.enrolled is not None
    assert made.enrolled.group == "B"
