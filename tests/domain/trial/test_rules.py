"""The desk's settings: a wrong file is refused naming the key, its value and what is allowed."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.trial.rules import parse_rules
from app.services.protocol_files import load_rules
from tests.domain.cast import TRIAL

from .cohort import RULES_FILE, rules, rules_data

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"board.undecided": ["colour"]}, "board.undecided[0]", "Invalid enum value"),
    ({"board.expansion_alert_above_pct": 101}, "board.expansion_alert_above_pct", "a number from"),
    ({"visits.followup_weeks": 0}, "visits.followup_weeks", "a number from 1 to 520"),
    ({"visits.window_days": -1}, "visits.window_days", "a number from 0 to 60"),
    ({"response.looked_for_until_week": 4}, "response.looked_for_until_week", "at least the last week assessed"),
    ({"response.other_products": ["platelets"]}, "response.counted_products", "different products"),
    ({"response.dated_by": "third"}, "response.dated_by", "Invalid enum value"),
    ({"tables.shift_starts_h": []}, "tables.shift_starts_h", "1 to 60 of them"),
    ({"tables.shift_starts_h": [8, 0]}, "tables.shift_starts_h", "hours of a day, the earliest first"),
    ({"tables.shift_starts_h": [0, 8, 8]}, "tables.shift_starts_h", "hours of a day, the earliest first"),
    ({"response.looked_for_until_week": 7}, "response.looked_for_until_week", "at least the last week assessed"),
    ({"response.counted_products": ["platelets", "platelets"]}, "response.counted_products", "different products"),
    ({"protocol": "another"}, "protocol", "msc-icaht"),
    ({"decided[0].key": "board.colour"}, "decided[0].key", "a key of this file"),
    ({"colour": "red"}, "(file)", "unknown field `colour`"),
]


@pytest.mark.parametrize(("settings", "key", "allowed"), WRONG, ids=[w[1] for w in WRONG])
def test_a_wrong_file_is_refused(settings: dict[str, Any], key: str, allowed: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_rules(rules_data(settings), TRIAL)
    assert refusal.value.text.params["key"] == key
    assert allowed in str(refusal.value.text.params["allowed"])


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        ({"protocol": "another"}, "another"), ({"response.looked_for_until_week": 7}, "7"),
        ({"tables.shift_starts_h": [8, 0]}, "[8, 0]"), ({"response.other_products": ["platelets"]}, "'platelets', 'whole_blood'"),
    ],
)  # fmt: skip
def test_the_value_that_is_wrong_is_told(settings: dict[str, Any], value: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_rules(rules_data(settings), TRIAL)
    assert value in str(refusal.value.text.params["value"])


@pytest.mark.parametrize(
    "settings",
    [{"response.looked_for_until_week": 8}, {"response.looked_for_until_week": 9}, {"tables.shift_starts_h": [7]}],
)
def test_the_last_week_assessed_is_late_enough_and_one_shift_a_day_may_be(settings: dict[str, Any]) -> None:
    assert parse_rules(rules_data(settings), TRIAL).protocol == "msc-icaht"


def test_the_file_beside_the_protocol_is_read() -> None:
    assert load_rules(TRIAL) == load_rules(TRIAL, RULES_FILE) == rules()


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        load_rules(TRIAL, tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("id =", encoding="utf-8")
    with pytest.raises(Refused, match="is not TOML"):
        load_rules(TRIAL, broken)
