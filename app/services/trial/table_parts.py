"""What every table of the trial is made of: its shape, its denominator and freeze date, the responses worked out once."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from app.domain.texts import Text, say
from app.domain.trial.course import Course
from app.domain.trial.response import Assessment, at_visit, ever
from app.domain.trial.subject.subject_facts import TEST_NAMES
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import course_of

from .trial_desk import DeskLook

Said = Text | str


class ReportTable(msgspec.Struct, frozen=True):
    """`note`: denominator, freeze date, and what else must be read with it. A first column names the row."""

    key: str
    title: Text
    note: Text
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]


class JudgedResponse(msgspec.Struct, frozen=True):
    """One infused subject's response, worked out once for all tables."""

    state: SubjectState
    course: Course
    ever: Assessment
    weeks: Mapping[int, Assessment]

    @property
    def is_evaluable(self) -> bool:
        """A baseline and at least one count after the first infusion."""
        return self.course.baseline is not None and bool(self.course.counts)


def judged_responses(look: DeskLook) -> tuple[JudgedResponse, ...]:
    found = [(s, course_of(look.data, s, look.protocol, look.rules)) for s in look.data.infused]
    return tuple(JudgedResponse(s, c, ever(c), {week: at_visit(c, week) for week in c.weeks}) for s, c in found if c is not None)


def frozen(look: DeskLook, n: int, of: Text) -> Text:
    """The line that stands under every table."""
    return say("Data of {day}; denominator: {n} {of}.", day=look.today, n=n, of=of)


INFUSED, EVALUABLE = say("infused subjects"), say("evaluable subjects")
ENROLLED, SCREENED = say("enrolled subjects"), say("screened subjects")
KINDS: dict[str, Text] = {
    "cr": say("complete response"), "pr": say("partial response"), "hb": TEST_NAMES["hb"], "anc": TEST_NAMES["anc"],
    "plt": TEST_NAMES["plt"],
}  # fmt: skip


def share(n: int, of: int) -> str:
    """3 (20.0 %)"""
    return f"{n}" if not of else f"{n} ({(Decimal(100 * n) / of).quantize(Decimal('0.1'))} %)"
