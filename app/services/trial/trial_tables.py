"""The trial's tables, each with its denominator and freeze date. The page, the report and the JSON take them from here."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.texts import Text, joined, parts, say
from app.domain.trial.board_columns import open_subjects
from app.domain.trial.board_words import headline
from app.domain.trial.enrolled import Mtd, rule_of
from app.domain.trial.escalation import board
from app.domain.trial.response import Assessment, ResponseAnswer, sensitivity
from app.domain.trial.rules import Anchor
from app.domain.trial.sentences import given
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.survival import Followed, median
from app.domain.trial.trial_data import decisions
from app.services.words.desk_words import describe_desk

from .safety_tables import adverse_events, adverse_listing, grades_table, safety_table, serious_table
from .table_parts import (
    ENROLLED,
    EVALUABLE,
    INFUSED,
    KINDS,
    SCREENED,
    JudgedResponse,
    ReportTable,
    Said,
    frozen,
    judged_responses,
    share,
)  # fmt: skip
from .trial_desk import DeskLook


def disposition(look: DeskLook) -> ReportTable:
    data = look.data
    verdicts = [s.signed_verdict.eligible for s in data.subjects if s.signed_verdict]
    rows: list[tuple[Text, int]] = [
        (say("screened"), len(data.subjects)),
        (say("verdict signed: eligible"), verdicts.count(True)),
        (say("verdict signed: not eligible"), verdicts.count(False)),
        (say("enrolled"), len(data.enrolled)),
        (say("enrolled in the expansion"), sum(s.cohort == "expansion" for s in look.subjects)),
        (say("infused at least once"), len(data.infused)),
        (say("left the trial"), sum(s.left is not None for s in data.enrolled)),
    ]
    n = len(data.subjects)
    shown = tuple((name, share(count, n)) for name, count in rows)
    return ReportTable("disposition", say("Disposition"), frozen(look, n, SCREENED), (say("What"), say("Subjects")), shown)


# --- response


def response_rates(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    """Both denominators; a complete response is not also a partial one."""
    rows: list[tuple[Said, ...]] = []
    evaluable = [x for x in found if x.is_evaluable]
    for denominator, people in ((INFUSED, found), (EVALUABLE, evaluable)):
        for when, tables in _by_time(look, people):
            best = [table.best for table in tables]
            cr, pr, n = best.count("CR"), best.count("PR"), len(best)
            rows.append((when, denominator, str(n), share(cr, n), share(pr, n), share(cr + pr, n)))
    note = parts(
        frozen(look, len(found), INFUSED),
        say("{n} of them evaluable: a baseline and at least one count after the first infusion.", n=len(evaluable)),
    )
    columns = (say("When"), say("Denominator"), "n", "CR", "PR", say("CR + PR"))
    return ReportTable("response", say("Response"), note, columns, tuple(rows))


def _by_time(look: DeskLook, people: Iterable[JudgedResponse]) -> list[tuple[Text, list[Assessment]]]:
    """At the visit and ever by it are two tables, never one."""
    found = list(people)
    weeks = look.protocol.response.assessed_weeks
    until = look.rules.response.looked_for_until_week
    at = [(say("at week {week}", week=week), [x.weeks[week] for x in found]) for week in weeks]
    return [*at, (say("ever, until week {week}", week=until), [x.ever for x in found])]


def lineage_rates(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    rows = [
        (KINDS[kind], when, share(sum(t.found[kind].responded_at is not None for t in tables), len(tables)))
        for kind in ("hb", "anc", "plt")
        for when, tables in _by_time(look, found)
    ]
    columns = (say("Lineage"), say("When"), say("Responses"))
    return ReportTable("lineages", say("Response by lineage"), frozen(look, len(found), INFUSED), columns, tuple(rows))


def medians_table(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    """Time to response of all infused; duration of those who responded."""
    rows: list[tuple[Said, ...]] = []
    method: Text | None = None
    for kind, name in KINDS.items():
        for what, followed in (
            (say("time to response"), [to_response(x, kind) for x in found]),
            (say("duration of response"), [y for x in found if (y := duration(x.ever.found[kind])) is not None]),
        ):
            m = median(followed)
            method = m.method
            rows.append((name, what, str(m.n), str(m.events), days(m.median), f"{days(m.low)} – {days(m.high)}"))
    note = parts(frozen(look, len(found), INFUSED), method)
    columns = (say("Response"), say("What"), "n", say("Events"), say("Median (days)"), say("95 % limits"))
    return ReportTable("medians", say("Time to response and its duration"), note, columns, tuple(rows))


def to_response(x: JudgedResponse, kind: str) -> Followed:
    """From the first infusion; who did not respond is followed until the last count that was looked at."""
    answer = x.ever.found[kind]
    ends = x.course.day_ends(x.course.looked_until)
    last = max((c.at for c in x.course.counts if c.at < ends), default=x.course.first_infusion)
    until = answer.responded_at or last
    return Followed(_days(until - x.course.first_infusion), answer.responded_at is not None)


def duration(answer: ResponseAnswer) -> Followed | None:
    return None if answer.duration_days is None else Followed(answer.duration_days, not answer.censored)


def _days(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(minutes=1)) / 1440


def days(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.quantize(Decimal('0.1'))}"


def response_listing(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    """Every subject with its best response and why it is no better."""
    rows: list[tuple[Said, ...]] = []
    for x in found:
        answer = x.ever.found["cr" if x.ever.best == "CR" else "pr"]
        why = x.ever.found["cr"].reason or (say("lost on {at}", at=given(answer.lost_at)) if answer.lost_at else say("it stands"))
        since = given(answer.responded_at) if answer.responded_at else "—"
        rows.append((x.state.code, _group(x.state), x.ever.best, since, why))
    columns = (say("Subject"), say("Group"), say("Best"), say("Since"), say("Why no better, or how it went on"))
    title = say("Best response, subject by subject")
    return ReportTable("responses", title, frozen(look, len(found), INFUSED), columns, tuple(rows))


def _group(s: SubjectState) -> str:
    return s.enrolled.group if s.enrolled else "—"


SETTINGS: dict[str, Text] = {
    "response.transfusion_free_through": say("transfusion-free until the other test"),
    "response.dated_by": say("dated by the other test"),
    "response.falls_to_end": say("another number of falls ends it"),
    "response.transfusion_ends": say("a transfusion ends it, or not"),
    "response.assessed_from": say("weeks counted from the other infusion"),
}


def sensitivity_table(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    """Whose answer changes when a decided reading changes; and the board's under its other readings."""
    changed = {x.state.code: sensitivity(x.course) for x in found}
    rows: list[tuple[Said, ...]] = []
    for key, name in SETTINGS.items():
        codes = [code for code, keys in changed.items() if key in keys]
        rows.append((name, key, str(len(codes)), ", ".join(codes) or "—"))
    for mtd, anchor in _readings(look):
        rule = rule_of(look.protocol, look.rules, mtd, anchor)
        answer = board(look.subjects, look.today, rule)
        awaited = open_subjects(look.subjects, look.today, rule, answer)
        said = headline(answer.decision, answer.group, answer.mtd, awaited, answer.earliest)
        rows.append((joined(" · ", (mtd, anchor)), "board", "—", said))
    columns = (say("Reading"), say("Setting"), say("Subjects"), say("Whose answer is another"))
    title = say("What depends on a site setting")
    return ReportTable("sensitivity", title, frozen(look, len(found), INFUSED), columns, tuple(rows))


def _readings(look: DeskLook) -> list[tuple[Mtd, Anchor]]:
    every: list[tuple[Mtd, Anchor]] = [("storer", "first"), ("storer", "last"), ("korn", "first"), ("korn", "last")]
    return [pair for pair in every if pair != (look.rule.mtd, look.rule.anchor)]


# --- decisions and deviations


def decision_listing(look: DeskLook) -> ReportTable:
    found = decisions(look.data, look.subjects)
    rows = tuple(
        (
            f"{d.entry.at.astimezone(look.zone):%Y-%m-%d %H:%M}",
            describe_desk(d.entry.event),
            say("on the data as they are now") if d.on_these_data else say("decided on other data"),
        )
        for d in found
    )
    columns = (say("When"), say("What"), say("Data"))
    return ReportTable("decisions", say("Decisions and advice"), frozen(look, len(look.subjects), ENROLLED), columns, rows)


class DeviationSeen(msgspec.Struct, frozen=True):
    """One deviation of one infusion, as its record shows it. `kind`: its sentence without numbers."""

    subject: str
    at: datetime
    kind: Text
    said: Text


def deviation_table(look: DeskLook, seen: Sequence[DeviationSeen]) -> ReportTable:
    """Collected from the events by themselves, by kind and by nurse shift."""
    starts = look.rules.tables.shift_starts_h
    shifts = [f"{start:02}:00 –" for start in starts]
    kinds: dict[str, list[DeviationSeen]] = {}
    for x in seen:
        kinds.setdefault(x.kind.msgid, []).append(x)
    rows: list[tuple[Said, ...]] = []
    for kind, found in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        in_shift = [sum(_shift(x.at, starts) == n for x in found) for n in range(len(starts))]
        rows.append((Text(kind, _blank(found[0].kind)), *(str(n or "—") for n in in_shift), str(len(found))))
    columns: tuple[Said, ...] = (say("Deviation"), *shifts, say("in all"))
    why = say("From the events of the infusions; shifts by the hour they begin.")
    note = parts(frozen(look, len(look.data.infused), INFUSED), why)
    return ReportTable("deviations", say("Deviations by kind and shift"), note, columns, tuple(rows))


def _blank(kind: Text) -> dict[str, object]:
    return dict.fromkeys(kind.params, "…")


def _shift(at: datetime, starts: Sequence[int]) -> int:
    """The last shift that had begun; before the first one of the day it is the night's."""
    begun = [n for n, start in enumerate(starts) if at.hour >= start]
    return begun[-1] if begun else len(starts) - 1


def all_tables(look: DeskLook, seen: Sequence[DeviationSeen]) -> tuple[ReportTable, ...]:
    """Everything that the report prints, in its order."""
    found, events = judged_responses(look), adverse_events(look)
    return (
        disposition(look), decision_listing(look), response_rates(look, found), lineage_rates(look, found),
        medians_table(look, found), response_listing(look, found), sensitivity_table(look, found),
        safety_table(look, events, True), safety_table(look, events, False), serious_table(look, events),
        grades_table(look, found), adverse_listing(look, events), deviation_table(look, seen),
    )  # fmt: skip
