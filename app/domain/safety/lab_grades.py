"""CTCAE 5.0 grades of laboratory values, exact in Decimal: a suggestion, a person sets the grade."""

from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.texts import Text, say


class Graded(msgspec.Struct, frozen=True):
    """`grade` None: it cannot be graded; `reason` says why, or what was compared."""

    grade: int | None
    reason: Text


class _Falls(msgspec.Struct, frozen=True):
    """Graded by how low it is: below each of `below`, from grade 1 (`LLN`) up."""

    below: tuple[Decimal, ...]


class _Rises(msgspec.Struct, frozen=True):
    """Graded by multiples of the upper limit: above each of `times`, grade 2 up; grade 1 is above the limit itself.

    `by`: `limit`: of the limit alone; `limit_or_baseline`: a baseline above the limit takes its place, grade 1 from `mild_times`
    of it; `both`: the worse of limit and baseline.
    """

    times: tuple[Decimal, ...]
    by: Literal["limit", "limit_or_baseline", "both"]
    mild_times: Decimal | None = None


class _Above(msgspec.Struct, frozen=True):
    """Graded by numbers alone: above each of `marks`, from grade 1 up."""

    marks: tuple[Decimal, ...]


class _Share(msgspec.Struct, frozen=True):
    """Graded by its share of the lower limit: below each of `shares`, from grade 1 up. Where the baseline was below the limit, by
    its fall from there: by no less than each of `falls`, grade 2 up. Below `at_all` it is grade 4.
    """

    shares: tuple[Decimal, ...]
    falls: tuple[Decimal, ...]
    at_all: Decimal


def _numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


_ULN, _LLN = say("upper limit of normal"), say("lower limit of normal")
_LIVER = _Rises(_numbers("3", "5", "20"), "limit_or_baseline", Decimal("1.5"))
TESTS: dict[str, _Falls | _Rises] = {
    "hb_g_l": _Falls(_numbers("100", "80")),
    "anc_1e9_l": _Falls(_numbers("1.5", "1", "0.5")),
    "plt_1e9_l": _Falls(_numbers("75", "50", "25")),
    "wbc_1e9_l": _Falls(_numbers("3", "2", "1")),
    "lymph_1e9_l": _Falls(_numbers("0.8", "0.5", "0.2")),
    "alt_u_l": _LIVER,
    "ast_u_l": _LIVER,
    "bilirubin_umol_l": _Rises(_numbers("1.5", "3", "10"), "limit_or_baseline"),
    "creatinine_umol_l": _Rises(_numbers("1.5", "3", "6"), "both"),
}
#: Those of clotting: seconds, a ratio, g/L. The INR of somebody who takes anticoagulants is a person's.
_CLOTTING: dict[str, _Rises | _Above | _Share] = {
    "aptt": _Rises(_numbers("1.5", "2.5"), "limit"),
    "inr": _Above(_numbers("1.2", "1.5", "2.5")),
    "fibrinogen": _Share(_numbers("1", "0.75", "0.5", "0.25"), _numbers("0.25", "0.5", "0.75"), Decimal("0.5")),
}
#: The laboratory's tests as a subject's results name them.
_AS_GRADED = {
    "hb": "hb_g_l", "anc": "anc_1e9_l", "plt": "plt_1e9_l", "wbc": "wbc_1e9_l", "lymphocytes": "lymph_1e9_l", "alt": "alt_u_l",
    "ast": "ast_u_l", "bilirubin": "bilirubin_umol_l", "creatinine": "creatinine_umol_l",
}  # fmt: skip
_RULES: dict[str, _Falls | _Rises | _Above | _Share] = _CLOTTING | {name: TESTS[test] for name, test in _AS_GRADED.items()}


def grade_of(
    test: str, value: Decimal, lln: Decimal | None = None, uln: Decimal | None = None, baseline: Decimal | None = None
) -> int | None:
    """The grade of a subject's result in SI units; None where it cannot be graded, or the test has no grades."""
    match _RULES.get(test):
        case None:
            return None
        case _Above(marks):
            return sum(value > mark for mark in marks)
        case _Share() as rule:
            return _by_share(rule, value, lln, baseline)
        case rule:
            return _by_limit(rule, value, lln, uln, baseline).grade


def graded(
    test: str, value: Decimal, lln: Decimal | None = None, uln: Decimal | None = None, baseline: Decimal | None = None
) -> Graded:
    """The grade 0–4 of a value. Grade 4 of anaemia and grade 5 are a person's."""
    return _by_limit(TESTS[test], value, lln, uln, baseline)


def _by_limit(rule: _Falls | _Rises, value: Decimal, lln: Decimal | None, uln: Decimal | None, baseline: Decimal | None) -> Graded:
    return _fallen(rule, value, lln) if isinstance(rule, _Falls) else _risen(rule, value, uln, baseline)


def _by_share(rule: _Share, value: Decimal, lln: Decimal | None, baseline: Decimal | None) -> int | None:
    if value < rule.at_all:
        return 4
    if lln is None:
        return None
    if baseline is not None and baseline < lln:
        fall = baseline - value
        return 0 if fall <= 0 else 1 + sum(fall >= share * baseline for share in rule.falls)
    return sum(value < share * lln for share in rule.shares)


def _fallen(rule: _Falls, value: Decimal, lln: Decimal | None) -> Graded:
    passed = [(grade, mark) for grade, mark in enumerate(rule.below, start=2) if value < mark]
    if passed:
        grade, mark = passed[-1]
        return Graded(grade, say("{value} < {mark}", value=value, mark=mark))
    if lln is None:
        return Graded(None, say("The lower limit of normal is not known."))
    if value < lln:
        return Graded(1, say("{value} < {mark} ({name})", value=value, mark=lln, name=_LLN))
    return Graded(0, say("{value} ≥ {mark} ({name})", value=value, mark=lln, name=_LLN))


def _risen(rule: _Rises, value: Decimal, uln: Decimal | None, baseline: Decimal | None) -> Graded:
    if uln is None:
        return Graded(None, say("The upper limit of normal is not known."))
    if rule.by == "both":
        return _worse_of_both(rule, value, uln, baseline)
    if rule.by == "limit_or_baseline" and baseline is not None and baseline > uln:
        return _of_high_baseline(rule, value, baseline)
    return _times(rule.times, value, uln, _ULN) or _mild(value, uln, _ULN)


def _of_high_baseline(rule: _Rises, value: Decimal, baseline: Decimal) -> Graded:
    name = say("baseline")
    found = _times(rule.times, value, baseline, name)
    if found:
        return found
    if rule.mild_times is None:
        return _mild(value, baseline, name)
    mark = rule.mild_times * baseline
    if value >= mark:
        return Graded(1, say("{value} ≥ {mark} ({name})", value=value, mark=mark, name=name))
    return Graded(0, say("{value} < {mark} ({name})", value=value, mark=mark, name=name))


def _worse_of_both(rule: _Rises, value: Decimal, uln: Decimal, baseline: Decimal | None) -> Graded:
    """Six times the limit has no counterpart in the baseline."""
    found = [_times(rule.times, value, uln, _ULN) or _mild(value, uln, _ULN)]
    if baseline is not None:
        found += filter(None, [_times(rule.times[:-1], value, baseline, say("baseline"))])
    return max(found, key=lambda x: x.grade or 0)


def _times(times: tuple[Decimal, ...], value: Decimal, of: Decimal, name: Text) -> Graded | None:
    passed = [(grade, n) for grade, n in enumerate(times, start=2) if value > n * of]
    if not passed:
        return None
    grade, n = passed[-1]
    return Graded(grade, say("{value} > {times} × {mark} ({name})", value=value, times=n, mark=of, name=name))


def _mild(value: Decimal, of: Decimal, name: Text) -> Graded:
    if value > of:
        return Graded(1, say("{value} > {mark} ({name})", value=value, mark=of, name=name))
    return Graded(0, say("{value} ≤ {mark} ({name})", value=value, mark=of, name=name))
