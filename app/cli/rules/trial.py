"""`bedside trial`: the rules of the trial desk for files and dates, as JSON."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from app.cli.options.command import Commands
from app.cli.options.csv_rows import Cell, Row, a_date, a_moment, a_name, a_number, a_whole, one_of, option, read_rows
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.domain.texts import say
from app.domain.trial.counts import LINEAGES, Count, Transfusion
from app.domain.trial.course import course
from app.domain.trial.criteria import ALIASES, Criterion, criteria
from app.domain.trial.eligibility import Entered, allowed_unit, allowed_value, eligibility
from app.domain.trial.enrolled import Subject, rule_of
from app.domain.trial.escalation import board
from app.domain.trial.response import Assessment, ResponseAnswer, at_visit, ever
from app.domain.trial.rules import TrialRules
from app.domain.trial.survival import Followed, median
from app.domain.trial.visits import calendar, sample_words
from app.services.words.words import tr

Answer: TypeAlias = Callable[[argparse.Namespace, Protocol, TrialRules], Any]

SUBJECTS = (
    "subject", "group", "first_infusion", "last_infusion", "planned_doses", "given_doses", "left_on", "dlt_on", "cohort",
)  # fmt: skip
LABS = ("collected_at", "hb_g_l", "anc_1e9_l", "plt_1e9_l")
TRANSFUSIONS = ("given_at", "product")
ENTRIES = ("criterion", "value", "unit", "lln", "uln")
FOLLOWED = ("days", "event")


def add(commands: Commands) -> None:
    parser = commands.add_parser("trial", help="the trial's rules: escalation, response, eligibility, calendar, medians")
    rules = parser.add_subparsers(metavar="RULE", required=True)
    for name, answer, what in _RULES:
        rule = rules.add_parser(name, help=what)
        rule.set_defaults(run=run, answer=answer)
        _ARGUMENTS[name](rule)
    report = rules.add_parser("report", help="the trial report of a record: PDF in both languages, tables, pictures")
    report.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files are written")
    add_store(report)
    report.set_defaults(run=write)


def write(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 written, 2 refused."""
    from app.jobs.trial_reports import write_report
    from app.services.record.files import NotWritten
    from db.store_errors import StoreError

    try:
        store, key = which(arguments)
        made = write_report(store, arguments.out, key)
    except (Refused, StoreError, NotWritten) as error:
        return refuse(error.text)
    print(msgspec.json.encode({"files": [str(path) for path in made]}).decode())
    return 0


def _escalation_arguments(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("file", type=Path, metavar="FILE", help=f"CSV: {','.join(SUBJECTS)}")
    rule.add_argument("--today", required=True, metavar="DATE", help="the day that is asked for")
    rule.add_argument("--mtd", choices=("storer", "korn"), help="how the maximum tolerated group is found")
    rule.add_argument("--anchor", choices=("first", "last"), help="the infusion that the DLT window runs from")


def _response_arguments(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("file", type=Path, metavar="LABS", help=f"CSV: {','.join(LABS)}")
    rule.add_argument("--transfusions", type=Path, required=True, metavar="FILE", help=f"CSV: {','.join(TRANSFUSIONS)}")
    rule.add_argument("--first-infusion", required=True, metavar="TIME", help="with its offset, as 2026-06-01T08:00:00+08:00")
    rule.add_argument("--last-infusion", required=True, metavar="TIME", help="the same as the first in group A")
    rule.add_argument("--baseline", metavar="TIME", help="when the baseline was collected; else the last before the first infusion")


def _calendar_arguments(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("--group", required=True, metavar="CODE", help="group of the protocol")
    rule.add_argument("--first-infusion", required=True, metavar="DATE", help="day of the first infusion")
    rule.add_argument("--dose", action="append", default=[], metavar="DATE", help="each actual dose after the first, in order")


def _eligibility_arguments(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("file", type=Path, metavar="FILE", help=f"CSV: {','.join(ENTRIES)}")


def _medians_arguments(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("file", type=Path, metavar="FILE", help=f"CSV: {','.join(FOLLOWED)} (event 1, censored 0)")


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 an answer, 2 refused."""
    from app.services.protocol_files import load, load_rules

    answer: Answer = arguments.answer
    try:
        protocol = load().protocol
        told = answer(arguments, protocol, load_rules(protocol))
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    print(msgspec.json.Encoder(decimal_format="number").encode(told).decode())
    return 0


def escalation(arguments: argparse.Namespace, protocol: Protocol, rules: TrialRules) -> dict[str, Any]:
    today = a_date(option("--today", arguments.today))
    found: dict[str, Subject] = {}
    for row in read_rows(arguments.file, SUBJECTS):
        subject = _subject(row, protocol, today)
        if subject.subject in found:
            raise row["subject"].refused(say("every subject once"))
        found[subject.subject] = subject
    answer = board(found.values(), today, rule_of(protocol, rules, arguments.mtd, arguments.anchor))
    return {
        "decision": answer.decision, "group": answer.group, "mtd": answer.mtd, "reason": tr(answer.reason),
        "pending": answer.pending, "earliest": answer.earliest,
    }  # fmt: skip


def _subject(row: Row, protocol: Protocol, today: date) -> Subject:
    """A fact lies in the past; only an infusion may be planned."""
    planned = a_whole(row["planned_doses"], 1)
    first = _perhaps(row["first_infusion"], a_date)
    started = first is not None and first <= today
    given = a_whole(row["given_doses"], 1 if started else 0, planned if started else 0)
    cohort = one_of(row["cohort"], ("escalation", "expansion"))
    last = _perhaps(row["last_infusion"], lambda cell: a_date(cell, first))
    if (first is None) != (last is None):
        raise row["last_infusion" if last is None else "first_infusion"].refused(say("first and last infusion, or neither"))
    return Subject(
        a_name(row["subject"]), one_of(row["group"], [group.code for group in protocol.groups]), first, last, planned, given,
        _perhaps(row["left_on"], lambda cell: a_date(cell, None, today)),
        _perhaps(row["dlt_on"], lambda cell: a_date(cell, first, today)),
        "expansion" if cohort == "expansion" else "escalation",
    )  # fmt: skip


def _perhaps(cell: Cell, read: Callable[[Cell], Any]) -> Any:
    """None where the cell is empty."""
    return read(cell) if cell.text else None


def response(arguments: argparse.Namespace, protocol: Protocol, rules: TrialRules) -> dict[str, Any]:
    first = a_moment(option("--first-infusion", arguments.first_infusion))
    last = a_moment(option("--last-infusion", arguments.last_infusion))
    baseline = None if arguments.baseline is None else a_moment(option("--baseline", arguments.baseline))
    times: dict[str, str] = {}
    counts = [_count(row, protocol, times) for row in read_rows(arguments.file, LABS)]
    transfusions = [
        Transfusion(a_moment(row["given_at"]), one_of(row["product"], rules.response.products))
        for row in read_rows(arguments.transfusions, TRANSFUSIONS)
    ]
    found = course(counts, transfusions, first, last, protocol, rules, baseline)
    whole = ever(found)
    return {
        "baseline": found.baseline and _baseline(found.baseline, times),
        "best": whole.best,
        **{f"week{week}": _table(at_visit(found, week), times) for week in found.weeks},
        "ever": _table(whole, times),
    }


def _count(row: Row, protocol: Protocol, times: dict[str, str]) -> Count:
    """Times are told as they were given: `times` keeps how each was written."""
    at = a_moment(row["collected_at"])
    times[at.isoformat()] = row["collected_at"].text
    hb = _perhaps(row["hb_g_l"], lambda cell: a_number(cell, protocol.eligibility.hb_question_below_g_l))
    return Count(at, hb, _perhaps(row["anc_1e9_l"], a_number), _perhaps(row["plt_1e9_l"], a_number))


def _baseline(count: Count, times: Mapping[str, str]) -> dict[str, Any]:
    values = {"hb_g_l": count.hb_g_l, "anc_1e9_l": count.anc_1e9_l, "plt_1e9_l": count.plt_1e9_l}
    return {"collected_at": times[count.at.isoformat()], **{key: value and f"{value:f}" for key, value in values.items()}}


def _table(table: Assessment, times: Mapping[str, str]) -> dict[str, Any]:
    found = {kind: _answer(answer, times) for kind, answer in table.found.items()}
    return {"cr": found["cr"], "pr": found["pr"], "lineages": {lineage: found[lineage] for lineage in LINEAGES}}


def _answer(answer: ResponseAnswer, times: Mapping[str, str]) -> dict[str, Any]:
    def as_given(at: datetime | None) -> str | None:
        return None if at is None else times.get(at.isoformat(), at.isoformat())

    days = answer.duration_days
    return {
        "responded_at": as_given(answer.responded_at), "confirmed_at": as_given(answer.confirmed_at),
        "lost_at": as_given(answer.lost_at), "duration_days": None if days is None else _short(days),
        "censored": answer.censored, "reason": answer.reason and tr(answer.reason),
    }  # fmt: skip


def _short(days: Decimal) -> Decimal:
    """Whole days as such, parts of a day to four places."""
    return days.to_integral_value() if days == days.to_integral_value() else days.quantize(Decimal("0.0001")).normalize()


def eligible(arguments: argparse.Namespace, protocol: Protocol, rules: TrialRules) -> dict[str, Any]:
    """The rows of the file first, in its order; then what it does not hold, which is not known."""
    known = {criterion.code: criterion for criterion in criteria(protocol, rules)}
    entries: dict[str, Entered] = {}
    for row in read_rows(arguments.file, ENTRIES):
        criterion = known[one_of(row["criterion"], tuple(known))]
        if criterion.code in entries:
            raise row["criterion"].refused(say("every criterion once"))
        entries[criterion.code] = _entry(row, criterion)
    found = eligibility(tuple(entries.values()), tuple(known.values()), rules.eligibility.transfusion_warning_days)
    order = list(entries)
    rows = sorted(found.rows, key=lambda r: order.index(r.criterion.code) if r.criterion.code in entries else len(order))
    return {
        "rows": [
            {"criterion": r.criterion.code, "verdict": r.verdict, "reason": tr(r.reason), "warning": r.warning and tr(r.warning)}
            for r in rows
        ],
        "eligible": found.eligible,
    }


def _entry(row: Row, criterion: Criterion) -> Entered:
    typed = row["value"].text.lower().replace("_", " ")
    value = ALIASES.get(typed, typed) or None
    limits = [_perhaps(row[name], lambda cell: a_number(cell, Decimal("0.000000001"))) for name in ("lln", "uln")]
    if value is not None:
        for column, allowed in [
            ("value", allowed_value(criterion, value)),
            ("unit", allowed_unit(criterion, value, row["unit"].text)),
        ]:
            if allowed is not None:
                raise row[column].refused(allowed)
    return Entered(criterion.code, value, row["unit"].text, *limits)


def listed_criteria(_: argparse.Namespace, protocol: Protocol, rules: TrialRules) -> list[dict[str, Any]]:
    return [
        {
            "criterion": c.code, "kind": c.kind, "title": tr(c.title), "unit": c.units[0] if c.units else None,
            "values": c.words, "decides": _decides(c),
        }
        for c in criteria(protocol, rules)
    ]  # fmt: skip


def _decides(criterion: Criterion) -> str | None:
    """What meets an inclusion, or excludes."""
    if criterion.kind == "fact" or criterion.is_derived:
        return None
    if not criterion.is_number:
        return ", ".join(criterion.hits)
    return f"{criterion.limit.sign} {criterion.limit.bound:f}" + (" × ULN" if criterion.limit.of_uln else "")


def dates(arguments: argparse.Namespace, protocol: Protocol, rules: TrialRules) -> dict[str, Any]:
    first = a_date(option("--first-infusion", arguments.first_infusion))
    later = [a_date(option("--dose", text)) for text in arguments.dose]
    found = calendar(arguments.group, first, later, protocol, rules)
    told: dict[str, Any] = msgspec.to_builtins(found, str_keys=True)
    told["immunology"]["0"] = tr(sample_words(found.immunology[0], found.doses))
    return told


def medians(arguments: argparse.Namespace, _: Protocol, __: TrialRules) -> dict[str, Any]:
    found = median(
        [Followed(a_number(row["days"]), one_of(row["event"], ("0", "1")) == "1") for row in read_rows(arguments.file, FOLLOWED)]
    )
    return {
        "n": found.n, "events": found.events, "median": found.median, "ci95": [found.low, found.high], "method": tr(found.method),
    }  # fmt: skip


_RULES: tuple[tuple[str, Answer, str], ...] = (
    ("escalation", escalation, "what the 3 + 3 allows on a day, and for whom it waits"),
    ("response", response, "CR and PR by lineage at the visits and ever, or why not"),
    ("eligibility", eligible, "every inclusion and exclusion with its verdict"),
    ("criteria", listed_criteria, "the codes of the inclusions and exclusions"),
    ("calendar", dates, "doses, visits, samples and ends for one subject"),
    ("medians", medians, "Kaplan–Meier median with its limits"),
)
_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "escalation": _escalation_arguments,
    "response": _response_arguments,
    "eligibility": _eligibility_arguments,
    "criteria": lambda _: None,
    "calendar": _calendar_arguments,
    "medians": _medians_arguments,
}
