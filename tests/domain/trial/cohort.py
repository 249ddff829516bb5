"""Subjects of the 3 + 3 in the tests: whom a group treats, on which day, with or without a DLT."""

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from app.domain.trial.enrolled import Subject
from app.domain.trial.rules import TrialRules, parse_rules
from tests.domain.cast import ROOT, TRIAL, read_toml, set_key

RULES_FILE = ROOT / "resources" / "protocols" / "msc-icaht-trial.toml"
START = date(2026, 6, 1)


def day(n: int) -> date:
    """Day 0 is 2026-06-01."""
    return START + timedelta(days=n)


def rules_data(settings: dict[str, Any] | None = None) -> dict[str, Any]:
    data = read_toml(RULES_FILE)
    for key, value in (settings or {}).items():
        set_key(data, key, value)
    return data


def rules(settings: dict[str, Any] | None = None) -> TrialRules:
    return parse_rules(rules_data(settings), TRIAL)


def subject(code: str, on: int, dlt: int | None = None, **other: Any) -> Subject:
    """`subject("B2", 40, dlt=45)`: all doses given in time, a week apart, the DLT on day 45."""
    doses = TRIAL.doses_in(code[0])
    whole = Subject(code, code[0], day(on), day(on + 7 * (doses - 1)), doses, doses, None, None if dlt is None else day(dlt))
    return replace(whole, **other)
