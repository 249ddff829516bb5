"""The safety tables: adverse events by term and worst grade, serious ones, dose-limiting toxicities, counts baseline → now."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from app.domain.infusion.wording import symptoms as symptom_words
from app.domain.safety.adverse_event import INFUSION_RELATED
from app.domain.safety.lab_grades import grade_of
from app.domain.texts import Text, joined, parts, say
from app.domain.trial.subject.subject_facts import TEST_NAMES

from .table_parts import EVALUABLE, INFUSED, JudgedResponse, ReportTable, Said, frozen, share
from .trial_desk import DeskLook


class SafetyEvent(msgspec.Struct, frozen=True):
    """One adverse event, from the subject's own stream or from an infusion."""

    subject: str
    term: Said
    key: str
    grade: int | None
    on: date
    is_related: bool
    is_serious: bool


_REACTION = say("infusion related reaction")


def adverse_events(look: DeskLook) -> list[SafetyEvent]:
    """A reaction at the bedside that an investigator also recorded as an event counts once, as that event."""
    found: list[SafetyEvent] = []
    for s in look.data.infused:
        found += [
            SafetyEvent(s.code, x.term, x.term.strip().casefold(), x.grade, x.onset_on, x.is_related, x.is_serious)
            for x in s.adverse
        ]
        told = {x.onset_on for x in s.adverse if x.term.strip().casefold() == INFUSION_RELATED}
        for r in look.data.reactions.get(s.code, ()):
            if r.onset_at.date() in told:
                continue
            term = joined(": ", (_REACTION, symptom_words(r.symptoms, r.protocol or look.protocol)))
            found.append(SafetyEvent(s.code, term, "infusion reaction", r.grade, r.onset_at.date(), True, False))
    return sorted(found, key=lambda x: (x.on, x.subject))


_GRADES = (1, 2, 3, 4, 5, None)


def safety_table(look: DeskLook, events: Sequence[SafetyEvent], related: bool) -> ReportTable:
    """By term and worst grade: each subject counts once a term."""
    wanted = [x for x in events if x.is_related or not related]
    worst: dict[tuple[str, str], int | None] = {}
    names: dict[str, Said] = {}
    for x in wanted:
        names.setdefault(x.key, _REACTION if x.key == "infusion reaction" else x.term)
        before = worst.get((x.key, x.subject), x.grade)
        worst[x.key, x.subject] = max(before or 0, x.grade or 0) or None
    n = len(look.data.infused)
    rows = [
        (names[key], *(str(_count(worst, key, at) or "—") for at in _GRADES), share(sum(k == key for k, _ in worst), n))
        for key in sorted(names, key=lambda key: -sum(k == key for k, _ in worst))
    ]
    title = say("Adverse events related to the treatment") if related else say("Adverse events, all")
    columns = (say("Term"), *(str(at) if at else say("not graded") for at in _GRADES), say("any grade"))
    note = parts(frozen(look, n, INFUSED), say("Worst grade of each subject, CTCAE 5.0."))
    return ReportTable("related" if related else "adverse", title, note, columns, tuple(rows))


def _count(worst: Mapping[tuple[str, str], int | None], key: str, at: int | None) -> int:
    return sum(k == key and found == at for (k, _), found in worst.items())


_JUDGED = {True: say("DLT"), False: say("judged again: no DLT")}


def serious_table(look: DeskLook, events: Sequence[SafetyEvent]) -> ReportTable:
    rows: list[tuple[Said, ...]] = [
        (x.subject, str(x.on), x.term, str(x.grade or "—"), _yes(x.is_related), say("serious")) for x in events if x.is_serious
    ]
    rows += [
        (s.code, str(s.dlt.on), s.dlt.term, str(s.dlt.grade or "—"), "—", _JUDGED[s.dlt.is_dlt])
        for s in look.data.enrolled
        if s.dlt is not None
    ]
    columns = (say("Subject"), say("Day"), say("Term"), say("Grade"), say("Related"), say("What"))
    note = frozen(look, len(look.data.infused), INFUSED)
    return ReportTable("serious", say("Serious events and dose-limiting toxicities"), note, columns, tuple(rows))


def _yes(value: bool) -> Text:
    return say("yes") if value else say("no")


def grades_table(look: DeskLook, found: Sequence[JudgedResponse]) -> ReportTable:
    """Blood counts baseline → now, as grades: everybody enters with low ones."""
    rows: list[tuple[Said, ...]] = []
    for x in found:
        if x.course.baseline is None or not x.course.counts:
            continue
        cells = [_graded(test, x.course.baseline.value(test), x.course.counts[-1].value(test)) for test in ("hb", "anc", "plt")]
        rows.append((x.state.code, *cells))
    columns = (say("Subject"), TEST_NAMES["hb"], TEST_NAMES["anc"], TEST_NAMES["plt"])
    note = parts(frozen(look, len(rows), EVALUABLE), say("Value and CTCAE grade at baseline → at the last count."))
    return ReportTable("grades", say("Blood counts: baseline → now"), note, columns, tuple(rows))


def _graded(test: str, before: Decimal | None, now: Decimal | None) -> str:
    def told(value: Decimal | None) -> str:
        if value is None:
            return "—"
        found = grade_of(test, value)
        return f"{value:f}" if found is None else f"{value:f} (G{found})"

    return f"{told(before)} → {told(now)}"


def adverse_listing(look: DeskLook, events: Sequence[SafetyEvent]) -> ReportTable:
    rows = tuple((x.subject, str(x.on), x.term, str(x.grade or "—"), _yes(x.is_related), _yes(x.is_serious)) for x in events)
    columns = (say("Subject"), say("Day"), say("Term"), say("Grade"), say("Related"), say("Serious"))
    return ReportTable("events", say("Adverse events, listing"), frozen(look, len(look.data.infused), INFUSED), columns, rows)
