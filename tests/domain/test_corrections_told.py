"""A correction as a person reads it: what it was, what it is now, in words; of vital signs only what differs."""

import json
from typing import Any

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import Correction, correction
from app.domain.infusion.chapters.identity import mismatch_values

from .cast import TRIAL
from .seeing import plain


def corrected(field: str, old: Any, new: Any) -> Correction:
    return correction(e.Corrected("1", field, json.dumps(old), json.dumps(new), "typed wrongly"), TRIAL)


@pytest.mark.parametrize(
    ("field", "old", "new", "told"),
    [
        ("dose_mg", "5", "10", ("5", "10")),
        ("dose_mg", None, "10", ("—", "10")),
        ("text", "", "note", ("—", "note")),
        ("agrees", True, False, ("yes", "no")),
        ("symptoms", ["chills"], ["chills", "hypotension"], ("chills", "chills, low blood pressure")),
        ("symptoms", [], ["chills"], ("—", "chills")),
        ("allergies", "none", "known", ("none", "known")),
        ("flags", ["stop", "x"], [], ("stop, x", "—")),
    ],
)
def test_one_field(field: str, old: Any, new: Any, told: tuple[str, str]) -> None:
    found = corrected(field, old, new)
    assert (plain(found.old), plain(found.new)) == told


def test_a_time_is_told_to_the_minute() -> None:
    found = corrected("given_at", "2026-03-01T13:05:00Z", "2026-03-01T13:09:40Z")
    assert str(found.old)[-5:-3] == str(found.new)[-5:-3]
    assert (str(found.old)[-2:], str(found.new)[-2:]) == ("05", "09")


def test_of_vital_signs_only_what_differs_is_told() -> None:
    heart, spo2 = {"vital": "hr", "value": "82", "source": "typed"}, {"vital": "spo2", "value": "97", "source": "typed"}
    found = corrected("values", [heart, spo2], [heart | {"value": "28"}, spo2])
    assert "82" in plain(found.old)
    assert "28" in plain(found.new)
    assert "97" not in plain(found.old) + plain(found.new)
    assert plain(corrected("values", [heart], [heart, spo2]).old) == "—"


@pytest.mark.parametrize(
    ("differs", "expected", "found", "told"),
    [
        ("number", "B1", "", ("B1", "—")),
        ("lot", "L7", "L8", ("lot L7", "lot L8")),
    ],
)
def test_what_did_not_match_is_told(differs: Any, expected: str, found: str, told: tuple[str, str]) -> None:
    one, other = mismatch_values(e.MismatchFound("bag", expected, found, differs=differs, bag_id="B1"))
    assert (plain(one), plain(other)) == told


def test_an_expiry_that_did_not_match_is_told_as_a_day() -> None:
    event = e.MismatchFound("bag", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", differs="expiry", bag_id="B1")
    one, other = map(plain, mismatch_values(event))
    assert ("03-02" in one, "03-03" in other) == (True, True)
