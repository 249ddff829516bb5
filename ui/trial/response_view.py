"""The response of one subject: at the visits and ever, by lineage; every no with its reason."""

from app.domain.texts import Text, joined, parts, say
from app.domain.trial.response import Assessment, ResponseAnswer, at_visit, ever
from app.domain.trial.sentences import given
from app.domain.trial.subject.subject_facts import TEST_NAMES
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import course_of
from app.services.trial.trial_desk import DeskLook
from ui.kit.table import Column, TableLine, TableState

_COLUMNS = (
    Column(say("When"), 1.2), Column(say("What"), 1.4, strong=True), Column(say("Since"), 1.3), Column(say("Confirmed"), 1.3),
    Column(say("Days"), 0.8), Column(say("Why"), 4.0),
)  # fmt: skip
BEST: dict[str, Text] = {
    "CR": say("Complete response"), "PR": say("Partial response"), "none": say("No response"),
}  # fmt: skip
KINDS: dict[str, Text] = {
    "cr": BEST["CR"], "pr": BEST["PR"], "hb": TEST_NAMES["hb"], "anc": TEST_NAMES["anc"], "plt": TEST_NAMES["plt"],
}  # fmt: skip


def response_headline(look: DeskLook, s: SubjectState) -> Text:
    found = course_of(look.data, s, look.protocol, look.rules)
    if found is None:
        return say("No infusion yet: no response is judged.")
    whole = ever(found)
    best = whole.found["cr" if whole.best == "CR" else "pr"]
    if best.responded_at is None:
        return joined(" ", (BEST["none"], "·", best.reason or ""))
    assert best.confirmed_at is not None
    return say("{best} since {at}, confirmed {confirmed}", best=BEST[whole.best], at=given(best.responded_at),
               confirmed=given(best.confirmed_at))  # fmt: skip


def response_table(look: DeskLook, s: SubjectState) -> TableState:
    found = course_of(look.data, s, look.protocol, look.rules)
    if found is None:
        return TableState(_COLUMNS)
    week = found.reading.looked_for_until_week
    tables: list[tuple[str, Text, Assessment]] = [("ever", say("ever, until week {week}", week=week), ever(found))]
    tables += [(str(n), say("at week {week}", week=n), at_visit(found, n)) for n in found.weeks]
    return TableState(
        _COLUMNS,
        tuple(
            _row(f"{key}/{kind}", when, KINDS[kind], answer) for key, when, table in tables for kind, answer in table.found.items()
        ),
    )


def _row(key: str, when: Text, what: Text, answer: ResponseAnswer) -> TableLine:
    since, confirmed = (given(at) if at else "—" for at in (answer.responded_at, answer.confirmed_at))
    return TableLine(key, (when, what, since, confirmed, days_words(answer), _why(answer)))


def days_words(answer: ResponseAnswer) -> str:
    """Whole days followed; “+” where it still stood then."""
    if answer.duration_days is None:
        return "—"
    return f"{int(answer.duration_days)}{'+' if answer.censored else ''}"


def _why(answer: ResponseAnswer) -> Text | str:
    if answer.reason is not None:
        return answer.reason
    return say("lost on {at}", at=given(answer.lost_at)) if answer.lost_at else parts(say("it stands"))
