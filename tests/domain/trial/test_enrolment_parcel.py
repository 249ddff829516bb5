"""An enrolment from one laptop to another: what travels, what is refused there, and what the subject is from then on."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.log import Entry
from app.domain.people.signed_heads import Heads, SignedHead
from app.domain.products.parcel import Laptop
from app.domain.trial.subject import subject_commands as c
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.enrolment_gate import against_enrolment
from app.domain.trial.subject.enrolment_parcel import EnrolmentParcel, Receiver, SentDose, arrived, decoded, digest, encoded, packed
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from tests.domain.cast import LI, ZHAO

from .subjects import NOW, PROTOCOL, TODAY, after, enrolled, screened

CLINIC, WARD = Laptop("store c", "Clinic"), Laptop("store w", "Ward 3")
HERE = Receiver(WARD.store_id, False, PROTOCOL, {ZHAO.person_id: ZHAO.name})
FIRST = f.DoseElsewhere("inf-1", 1, NOW - timedelta(days=7), NOW - timedelta(days=7, hours=-1))
LATER = NOW + timedelta(hours=1)
TODAY_EARLY = NOW - timedelta(hours=2)


def sent(doses: tuple[f.DoseElsewhere, ...] = (), state: SubjectState | None = None) -> tuple[SubjectState, EnrolmentParcel]:
    """At the clinic, and what the ward's scanner reads."""
    state = after(state or enrolled(), c.SendEnrolment(CLINIC, WARD, False, doses))
    event = state.entries[-1].event
    assert isinstance(event, f.EnrolmentSent)
    parcel = decoded(encoded(packed(state, event, CLINIC, False, PROTOCOL.id)))
    assert digest(parcel) == event.sha256
    return state, parcel


PARCEL = sent()[1]


def taken(parcel: EnrolmentParcel, state: SubjectState | None = None) -> SubjectState:
    """The subject on the ward's laptop."""
    entries = [] if state is None else state.entries
    event = arrived(parcel, state, HERE, LATER)
    entry = Entry(f"in-{len(entries)}", f"subject:{parcel.subject}", LATER, LI.person_id, event)
    return subject_of(parcel.subject, [*entries, entry])


def why(parcel: EnrolmentParcel, state: SubjectState | None = None) -> str:
    with pytest.raises(Refused) as told:
        arrived(parcel, state, HERE, LATER)
    return str(told.value)


def test_who_is_enrolled_there_may_be_infused_here_and_the_signature_stays_known() -> None:
    here = taken(sent((FIRST,))[1])
    assert here.enrolled == f.SubjectEnrolled(printed_name="Zhao", group="A", cohort="escalation", on=TODAY, elsewhere=True)
    assert against_enrolment(here, "A") == ()
    assert here.came is not None
    assert (here.came.signed_by, here.came.printed_name, here.came.from_name) == (ZHAO.person_id, "Zhao", "Clinic")
    assert here.came.doses == (FIRST,)


def test_only_an_investigator_sends_and_only_who_is_enrolled_here() -> None:
    send = c.SendEnrolment(CLINIC, WARD, False, ())
    left = after(enrolled(), c.LeaveTrial(TODAY, "moved away"))
    for state, said in ((screened(), "not enrolled"), (left, "has left the trial"), (taken(PARCEL), "not enrolled")):
        with pytest.raises(Refused, match=said):
            after(state, send)
    with pytest.raises(Refused, match="sent from there"):
        after(after(SubjectState("S-7", []), c.EnrolElsewhere("A", "escalation", "x")), send)
    with pytest.raises(Refused, match="another role"):
        after(enrolled(), send, by=LI)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to": CLINIC}, "for the laptop Clinic, not for this one"),
        ({"practice": True}, "Practice and real records do not mix"),
        ({"protocol_id": "other"}, "another trial: other"),
        ({"as_of": LATER + timedelta(seconds=1)}, "later than here"),
        ({"printed_name": "Wu"}, "is Wu on the other laptop and Zhao here"),
        ({"group": "Z"}, "not whole"),
        ({"signed_by": ""}, "not whole"),
        ({"subject": ""}, "not whole"),
        ({"signed_at": NOW + timedelta(days=1)}, "not whole"),
        ({"doses": (SentDose("a", 2, NOW),)}, "not whole"),
        ({"doses": (SentDose("a", 1, NOW), SentDose("a", 1, NOW))}, "not whole"),
        ({"doses": (SentDose("a", 1, LATER + timedelta(days=1)),)}, "not whole"),
        ({"doses": (SentDose("a", 1, NOW, NOW - timedelta(hours=1)),)}, "not whole"),
    ],
)
def test_what_is_not_for_here_or_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    assert said in why(replace(PARCEL, **change))


def test_what_travels_is_the_enrolment_its_signature_and_the_doses() -> None:
    state, parcel = sent((FIRST,))
    made = next(x for x in state.entries if isinstance(x.event, f.SubjectEnrolled))
    assert parcel == EnrolmentParcel(
        sender=CLINIC, to=WARD, subject="S-001", practice=False, protocol_id="msc-icaht", as_of=NOW, enrolment_id=made.event_id,
        group="A", cohort="escalation", on=TODAY, signed_by="i1", printed_name="Zhao", signed_at=NOW,
        doses=(SentDose("inf-1", 1, NOW - timedelta(days=7), NOW - timedelta(days=7, hours=-1)),),
    )  # fmt: skip
    event = state.entries[-1].event
    assert event == f.EnrolmentSent("store w", "Ward 3", NOW, (FIRST,), digest(parcel))
    assert packed(state, event, CLINIC, True, PROTOCOL.id).practice is True
    assert encoded(parcel).startswith(b'{"as_of":"2026-06-01T10:00:00+08:00","cohort":"escalation",')
    assert len(digest(parcel)) == 64


def test_what_the_sender_signs_of_its_record_changes_no_name_of_the_parcel() -> None:
    heads = Heads(SignedHead("store c", "", 12, "ab" * 32, NOW, "laptop c", b"key"))
    assert digest(replace(PARCEL, heads=heads)) == digest(PARCEL)
    assert arrived(replace(PARCEL, heads=heads), None, HERE, LATER).sha256 == digest(PARCEL)


def test_what_is_recorded_of_it_on_the_ward() -> None:
    parcel = sent((FIRST,))[1]
    assert arrived(parcel, None, HERE, LATER) == f.EnrolmentArrived(
        enrolment_id=parcel.enrolment_id, group="A", cohort="escalation", on=TODAY, signed_by="i1", printed_name="Zhao",
        signed_at=NOW, from_store="store c", from_name="Clinic", as_of=NOW, doses=(FIRST,), sha256=digest(parcel),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": LATER}, {"signed_at": NOW, "as_of": NOW}, {"doses": (SentDose("a", 1, NOW),)},
        {"doses": (SentDose("a", 1, NOW, NOW),)}, {"doses": (SentDose("a", 1, NOW - timedelta(hours=1), NOW),)},
        {"group": "B", "doses": (SentDose("a", 1, NOW), SentDose("b", 2, NOW))},
        {"group": "C", "doses": (SentDose("a", 4, NOW),)}, {"signed_by": "i9", "printed_name": "Wu"},
    ],
)  # fmt: skip
def test_what_could_just_have_happened_is_taken_in(change: dict[str, object]) -> None:
    """As late as the parcel itself, a dose as late as that, the last dose of a group, somebody who is not known here."""
    assert arrived(replace(PARCEL, **change), None, HERE, LATER).group == change.get("group", "A")


@pytest.mark.parametrize(
    "change",
    [
        {"group": "B", "doses": (SentDose("a", 3, NOW),)}, {"doses": (SentDose("a", 0, NOW),)}, {"printed_name": ""},
        {"enrolment_id": ""}, {"doses": (SentDose("a", 1, NOW, NOW + timedelta(minutes=1)),)},
        {"group": "C", "doses": (SentDose("a", 1, NOW), SentDose("b", 2, NOW + timedelta(minutes=1)))},
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_not_believed(change: dict[str, object]) -> None:
    unknown = replace(HERE, names={})
    with pytest.raises(Refused) as told:
        arrived(replace(PARCEL, **change), None, unknown, LATER)
    assert str(told.value) == "The enrolment is not whole. Nothing was taken in: have it sent again."


def test_what_is_refused_is_told_with_its_names_and_times() -> None:
    early = replace(PARCEL, as_of=LATER + timedelta(seconds=1))
    assert why(early) == (
        "By the clock of Clinic it is later than here: sent at 2026-06-01 11:00. Set the clocks right, or try again then."
    )
    assert why(replace(PARCEL, printed_name="Wu")) == (
        "i1 is Wu on the other laptop and Zhao here. A staff number must mean one person everywhere."
    )
    here = taken(PARCEL)
    assert why(replace(PARCEL, enrolment_id="other"), here) == (
        "S-001 came from the laptop Clinic by another enrolment. Nothing was taken in."
    )
    for other in (replace(PARCEL, group="B"), replace(PARCEL, as_of=NOW - timedelta(minutes=1), signed_at=TODAY_EARLY)):
        assert why(other, here) == "This enrolment is older than the one that was taken in here, of 2026-06-01 10:00."
    signed = after(SubjectState("S-001", []), c.EnrolElsewhere("B", "escalation", "on the clinic's laptop"))
    assert why(PARCEL, signed) == ("S-001 is in group B here and in group A on the other laptop: an investigator looks into it.")
    assert why(PARCEL, enrolled()) == "S-001 is enrolled already."
    assert why(PARCEL, screened()) == "S-001 was screened here: it is enrolled on the Trial page."
    with pytest.raises(Refused) as told:
        after(after(SubjectState("S-7", []), c.EnrolElsewhere("A", "escalation", "x")), c.SendEnrolment(CLINIC, WARD, False, ()))
    assert str(told.value) == "S-7 was enrolled on another laptop: the enrolment is sent from there."
    with pytest.raises(Refused) as told:
        after(screened("S-8"), c.SendEnrolment(CLINIC, WARD, False, ()))
    assert str(told.value) == "S-8 is not enrolled."


def test_what_nobody_signed_is_no_enrolment() -> None:
    state = enrolled()
    assert state.enrolment is not None
    state.enrolment = replace(state.enrolment, by=None)
    parcel = packed(state, f.EnrolmentSent("store w", "Ward 3", NOW, (), ""), CLINIC, False, PROTOCOL.id)
    assert why(parcel) == "The enrolment is not whole. Nothing was taken in: have it sent again."


def test_of_whom_nothing_is_known_here_an_enrolment_is_taken_in() -> None:
    assert taken(PARCEL, SubjectState("S-001", [])).enrolled is not None


def test_a_time_without_its_zone_is_no_enrolment() -> None:
    with pytest.raises(msgspec.ValidationError):
        decoded(encoded(PARCEL).replace(b"+08:00", b""))


def test_it_counts_once_and_the_newest_counts() -> None:
    state, first = sent()
    here = taken(first)
    assert "It counts once" in why(first, here)
    newer = replace(sent((FIRST,), state)[1], as_of=NOW + timedelta(minutes=5))
    again = taken(newer, here)
    assert again.came is not None
    assert again.came.doses == (FIRST,)
    assert "older than the one" in why(first, again)
    assert "by another enrolment" in why(replace(newer, enrolment_id="other"), here)
    assert "by another enrolment" in why(replace(newer, sender=Laptop("store x", "X")), here)


def test_what_is_known_here_goes_on_to_hold() -> None:
    assert "enrolled already" in why(PARCEL, enrolled())
    assert "was screened here" in why(PARCEL, screened())
    assert "left the trial" in why(PARCEL, after(taken(PARCEL), c.LeaveTrial(TODAY, "moved away")))
    signed = after(SubjectState("S-001", []), c.EnrolElsewhere("B", "escalation", "on the clinic's laptop"))
    assert "in group B here and in group A" in why(PARCEL, signed)
    assert taken(replace(PARCEL, group="B", cohort="expansion"), signed).enrolled == f.SubjectEnrolled(
        printed_name="Zhao", group="B", cohort="expansion", on=TODAY, elsewhere=True
    )
