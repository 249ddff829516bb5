"""An enrolment from one laptop to another: what travels, what is refused there, and what the subject is from then on."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.log import Entry
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
