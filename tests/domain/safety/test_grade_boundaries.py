"""CTCAE 5.0 laboratory grades at their boundaries, as admiral publishes them (standards 1.3)."""

from decimal import Decimal

import pytest

from app.domain.safety.lab_grades import grade_of


@pytest.mark.parametrize(
    ("test", "value", "limits", "expected"),
    [
        ("hb", "80", {}, 2), ("hb", "79", {}, 3), ("hb", "100", {"lln": "120"}, 1), ("hb", "140", {"lln": "140"}, 0),
        ("hb", "100", {}, None), ("anc", "0.5", {}, 3), ("anc", "0.49", {}, 4), ("plt", "25", {}, 3), ("plt", "24", {}, 4),
        ("plt", "75", {}, None), ("wbc", "0.9", {}, 4), ("lymphocytes", "0.5", {}, 2),
        ("alt", "120", {"uln": "40"}, 1), ("alt", "121", {"uln": "40"}, 2), ("alt", "200", {"uln": "40"}, 2),
        ("alt", "201", {"uln": "40"}, 3), ("alt", "800", {"uln": "40"}, 3), ("alt", "801", {"uln": "40"}, 4),
        ("alt", "59", {"uln": "30", "baseline": "40"}, 0), ("alt", "60", {"uln": "30", "baseline": "40"}, 1),
        ("alt", "40", {"uln": "40"}, 0), ("alt", "40", {}, None),
        ("bilirubin", "31", {"uln": "20", "baseline": "30"}, 1), ("bilirubin", "30", {"uln": "20", "baseline": "30"}, 0),
        ("creatinine", "121", {"uln": "100", "baseline": "80"}, 2), ("creatinine", "601", {"uln": "100"}, 4),
        ("creatinine", "241", {"uln": "100", "baseline": "80"}, 3), ("creatinine", "101", {"uln": "100", "baseline": "100"}, 1),
        ("crp", "90", {"uln": "5"}, None),
        ("aptt", "40", {"uln": "40"}, 0), ("aptt", "40.1", {"uln": "40", "baseline": "50"}, 1), ("aptt", "60", {"uln": "40"}, 1),
        ("aptt", "61", {"uln": "40"}, 2), ("aptt", "101", {"uln": "40"}, 3), ("aptt", "61", {}, None),
        ("inr", "1.2", {}, 0), ("inr", "1.5", {}, 1), ("inr", "1.6", {}, 2), ("inr", "2.5", {}, 2), ("inr", "2.6", {}, 3),
        ("fibrinogen", "2.0", {"lln": "2"}, 0), ("fibrinogen", "1.9", {"lln": "2"}, 1), ("fibrinogen", "1.5", {"lln": "2"}, 1),
        ("fibrinogen", "1.4", {"lln": "2"}, 2), ("fibrinogen", "0.9", {"lln": "2"}, 3), ("fibrinogen", "0.4", {}, 4),
        ("fibrinogen", "0.5", {"lln": "1"}, 2), ("fibrinogen", "1.5", {"lln": "2", "baseline": "2"}, 1),
        ("fibrinogen", "0.9", {"lln": "4"}, 4), ("fibrinogen", "1.4", {}, None),
        ("fibrinogen", "1.6", {"lln": "2", "baseline": "1.6"}, 0), ("fibrinogen", "1.5", {"lln": "2", "baseline": "1.6"}, 1),
        ("fibrinogen", "1.2", {"lln": "2", "baseline": "1.6"}, 2), ("fibrinogen", "0.8", {"lln": "2", "baseline": "1.6"}, 3),
        ("fibrinogen", "1.9", {"lln": "2", "baseline": "2.4"}, 1), ("fibrinogen", "0.5", {"lln": "4", "baseline": "2.0"}, 4),
    ],
)  # fmt: skip
def test_at_the_boundary(test: str, value: str, limits: dict[str, str], expected: int | None) -> None:
    assert grade_of(test, Decimal(value), **{name: Decimal(limit) for name, limit in limits.items()}) == expected
