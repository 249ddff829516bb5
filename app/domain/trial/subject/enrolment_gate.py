"""Whether an infusion may be ordered for a subject: it is enrolled, in this group, and has not left."""

from app.domain.infusion.found.dose_order import Irregular

from .subject_state import SubjectState


def against_enrolment(state: SubjectState | None, group: str) -> tuple[Irregular, ...]:
    """What speaks against an order in this group; `state` None: nobody knows the subject here."""
    if state is None or state.enrolled is None:
        return ("unenrolled",)
    found: list[Irregular] = []
    if state.enrolled.group != group:
        found.append("group")
    if state.left is not None:
        found.append("left")
    return tuple(found)
