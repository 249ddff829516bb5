"""The last drop: what is left in the bag, and why where it is no ordinary end. Nothing here holds the end up."""

from collections.abc import Sequence

from app.domain.infusion.code_words import REASONS
from app.domain.infusion.drip_volume import earliest_end_at, limit_at
from app.domain.texts import Text, say
from ui.ask.form import Field, coded
from ui.frame.desk import Desk

_WHY = ("dose_in", "discomfort", "line", "patient", "doctor", "bag_fault")


def finish_fields(why: Text, needed: bool) -> Sequence[Field]:
    return (
        Field("left", say("Left in the bag; empty if it cannot be read"), "number", unit=say("ml"), decimals=1, needed=False),
        Field("reason", why, "reason", choices=coded(REASONS, *_WHY), needed=needed),
    )


def end_notes(desk: Desk, infusion_id: str) -> Sequence[Text]:
    """What will stand in the record as a deviation if it ends now."""
    state, now = desk.infusion(infusion_id), desk.now()
    earliest, latest = earliest_end_at(state), limit_at(state)
    shut = (say("Shut the clamp first."),)
    if earliest is not None and now < earliest:
        return (*shut, say("It ends before {at}: this is marked as a deviation.", at=earliest))
    if latest is not None and now > latest:
        return (*shut, say("It ends after {at}: this is marked as a deviation.", at=latest))
    return shut
