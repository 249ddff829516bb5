"""Who may be enrolled: every criterion as a row with its verdict and reason. Nobody is enrolled on an unknown."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from operator import ge, gt, le, lt

import msgspec
from msgspec.structs import replace

from app.domain.texts import Text, listed, say

from .criteria import NOT_APPLICABLE, Criterion, Limit

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_COMPARE = {"≤": le, "<": lt, "≥": ge, ">": gt}


class Entered(msgspec.Struct, frozen=True):
    """What was entered for one criterion, as typed; `value` None is not known."""

    criterion: str
    value: str | None = None
    unit: str = ""
    lln: Decimal | None = None
    uln: Decimal | None = None


class RowVerdict(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    EXCLUDED = "excluded"
    NOT_EXCLUDED = "not excluded"
    UNKNOWN = "unknown"


class CriterionRow(msgspec.Struct, frozen=True):
    criterion: Criterion
    entry: Entered
    verdict: RowVerdict
    reason: Text
    warning: Text | None = None


class EligibilityAnswer(msgspec.Struct, frozen=True):
    """`eligible` None: nothing speaks against it yet, and something is not known."""

    rows: tuple[CriterionRow, ...]
    eligible: bool | None


def allowed_value(criterion: Criterion, value: str) -> Text | None:
    """What may stand there, where `value` may not."""
    if criterion.is_derived:
        return say("nothing: it follows from {rows}", rows="anc, plt, hb")
    if value in criterion.words or (criterion.is_number and _NUMBER.fullmatch(value)):
        return None
    words = ", ".join(criterion.words)
    if not criterion.is_number:
        return say("one of {words}", words=words)
    return say("a number, or one of {words}", words=words) if words else say("a number with a decimal point")


def allowed_unit(criterion: Criterion, value: str, unit: str) -> Text | None:
    """What unit a number must have, where it has another; a unit is never converted."""
    if not _NUMBER.fullmatch(value):
        return None
    if criterion.units:
        return None if unit in criterion.units else say("{unit}; it is never converted", unit=criterion.units[0] or "—")
    return None if unit else say("the unit of the value and of its upper limit of normal")


def eligibility(entries: Sequence[Entered], criteria: Sequence[Criterion], transfusion_warning_days: int) -> EligibilityAnswer:
    """Every criterion that is no mere fact, also those that nobody entered."""
    by_code = {entry.criterion: entry for entry in entries}
    rows = {c.code: _judged(c, by_code) for c in criteria if c.kind != "fact"}
    for derived in (c for c in criteria if c.is_derived):
        rows[derived.code] = _any_of(derived, [row for row in rows.values() if row.criterion.part_of == derived.code])
    rows["anti_hbc"] = _with_dna(rows["anti_hbc"], rows["hbv_dna"])
    warned = tuple(_warned(row, by_code, transfusion_warning_days) for row in rows.values())
    deciding = {row.verdict for row in warned if row.criterion.part_of is None}
    against = bool(deciding & {RowVerdict.NOT_MET, RowVerdict.EXCLUDED})
    return EligibilityAnswer(warned, False if against else None if RowVerdict.UNKNOWN in deciding else True)


def _verdict(criterion: Criterion, hit: bool) -> RowVerdict:
    if criterion.kind == "inclusion":
        return RowVerdict.MET if hit else RowVerdict.NOT_MET
    return RowVerdict.EXCLUDED if hit else RowVerdict.NOT_EXCLUDED


def _judged(criterion: Criterion, by_code: Mapping[str, Entered]) -> CriterionRow:
    entry = by_code.get(criterion.code, Entered(criterion.code))
    why_not = _does_not_apply(criterion, entry, by_code)
    if why_not is not None:
        typed = entry.value not in {None, NOT_APPLICABLE}
        warning = say("Something is entered here although it does not apply: check it.") if typed else None
        return CriterionRow(criterion, entry, _verdict(criterion, criterion.kind == "inclusion"), why_not, warning)
    if entry.value is None:
        return CriterionRow(criterion, entry, RowVerdict.UNKNOWN, say("not entered"))
    if (wrong := _no_entry(criterion, entry, entry.value)) is not None:
        return CriterionRow(criterion, entry, RowVerdict.UNKNOWN, wrong)
    if entry.value in criterion.words:
        reason = say("entered: {value}", value=WORDS[entry.value])
        return CriterionRow(criterion, entry, _verdict(criterion, entry.value in criterion.hits), reason)
    return _measured(criterion, entry, Decimal(entry.value))


def _no_entry(criterion: Criterion, entry: Entered, value: str) -> Text | None:
    """Why nobody is judged by what stands there: a correction of an older program could leave what entry refuses."""
    if (allowed_value(criterion, value) or allowed_unit(criterion, value, entry.unit)) is not None:
        return say("“{entry}” cannot stand here: correct it", entry=f"{value} {entry.unit}".strip())
    if any(limit is not None and not limit.is_finite() for limit in (entry.lln, entry.uln)):
        return say("a limit of normal is no number: correct it")
    return None


def _does_not_apply(criterion: Criterion, entry: Entered, by_code: Mapping[str, Entered]) -> Text | None:
    if entry.value == NOT_APPLICABLE and NOT_APPLICABLE in criterion.words:
        return say("does not apply, as entered")
    if criterion.not_for is None:
        return None
    code, values = criterion.not_for
    other = by_code.get(code)
    if other is None or other.value is None or other.value not in values:
        return None
    return say("does not apply: {row} is {value}", row=code, value=WORDS[other.value])


def _measured(criterion: Criterion, entry: Entered, value: Decimal) -> CriterionRow:
    limit, below = criterion.limit, criterion.question_below
    if below is not None and value < below:
        reason = say("{value} g/L is below {below} g/L: ask again whether it was g/dL", value=value, below=below)
        return CriterionRow(criterion, entry, RowVerdict.UNKNOWN, reason)
    if limit.of_uln and entry.uln is None:
        return CriterionRow(criterion, entry, RowVerdict.UNKNOWN, say("the upper limit of normal is not entered"))
    bound = limit.bound * (entry.uln if limit.of_uln and entry.uln is not None else 1)
    hit = bool(_COMPARE[limit.sign](value, bound))
    return CriterionRow(criterion, entry, _verdict(criterion, hit), _measured_words(criterion, entry, limit, value, bound))


def _measured_words(criterion: Criterion, entry: Entered, limit: Limit, value: Decimal, bound: Decimal) -> Text:
    edge: Text | str = f"{limit.sign} {bound:f}"
    if limit.of_uln:
        edge = say("{sign} {times} × ULN {uln} = {bound}", sign=limit.sign, times=limit.bound, uln=entry.uln, bound=bound)
    unit = f" {entry.unit}" if entry.unit else ""
    if criterion.kind == "inclusion":
        return say("{value}{unit}; wanted {edge}", value=value, unit=unit, edge=edge)
    return say("{value}{unit}; excluded {edge}", value=value, unit=unit, edge=edge)


def _any_of(criterion: Criterion, parts: Sequence[CriterionRow]) -> CriterionRow:
    """One met is enough; one unknown keeps it unknown."""
    found = [row.verdict for row in parts]
    met = [row.criterion.title for row in parts if row.verdict is RowVerdict.MET]
    unknown = [row.criterion.title for row in parts if row.verdict is RowVerdict.UNKNOWN]
    entry = Entered(criterion.code)
    if met:
        return CriterionRow(criterion, entry, RowVerdict.MET, say("met by {what}", what=listed(met)))
    if RowVerdict.UNKNOWN in found:
        return CriterionRow(criterion, entry, RowVerdict.UNKNOWN, say("not known: {what}", what=listed(unknown)))
    return CriterionRow(criterion, entry, RowVerdict.NOT_MET, say("none of the three is low enough"))


def _with_dna(anti_hbc: CriterionRow, dna: CriterionRow) -> CriterionRow:
    """Anti-HBc alone excludes nobody: the DNA decides."""
    if anti_hbc.verdict is RowVerdict.NOT_EXCLUDED:
        return anti_hbc
    if anti_hbc.verdict is RowVerdict.EXCLUDED or dna.verdict is RowVerdict.NOT_EXCLUDED:
        return replace(anti_hbc, verdict=dna.verdict, reason=say("with HBV-DNA: {reason}", reason=dna.reason))
    return anti_hbc


def _warned(row: CriterionRow, by_code: Mapping[str, Entered], days: int) -> CriterionRow:
    given = by_code.get("days_since_transfusion")
    days_since = given.value if given is not None else None
    if row.criterion.part_of is None or row.entry.value is None or days_since is None or not _NUMBER.fullmatch(days_since):
        return row
    since = Decimal(days_since)
    if since >= days:
        return row
    return replace(row, warning=say("Taken {since} days after a transfusion, less than {days}.", since=since, days=days))


#: Entries in words, as a person reads them.
WORDS: dict[str, Text] = {
    "yes": say("yes"), "no": say("no"), "positive": say("positive"), "negative": say("negative"), "none": say("none"),
    "not detected": say("not detected"), "mild": say("mild"), "moderate": say("moderate"), "severe": say("severe"),
    "male": say("male"), "female": say("female"), "other": say("other"), "all": say("acute lymphoblastic leukaemia"),
    "lymphoma": say("lymphoma"),
    "myeloma": say("multiple myeloma"), NOT_APPLICABLE: say("not applicable"),
}  # fmt: skip
