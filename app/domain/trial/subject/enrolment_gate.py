"""Whether an infusion may be ordered for a subject: it is enrolled, in this group, and has not left."""

from typing import Literal

from app.domain.texts import Text, say

from .subject_state import SubjectState

AgainstEnrolment = Literal["unenrolled", "group", "left"]

#: What speaks against an order, as the question and the record say it. An investigator's signature and reason override it.
AGAINST: dict[AgainstEnrolment, Text] = {
    "unenrolled": say("This subject is not enrolled in this record."),
    "group": say("This subject is enrolled in another group."),
    "left": say("This subject has left the trial."),
}


def against_enrolment(state: SubjectState | None, group: str) -> tuple[AgainstEnrolment, ...]:
    """What speaks against an order in this group; `state` None: nobody knows the subject here."""
    if state is None or state.enrolled is None:
        return ("unenrolled",)
    found: list[AgainstEnrolment] = []
    if state.enrolled.group != group:
        found.append("group")
    if state.left is not None:
        found.append("left")
    return tuple(found)
