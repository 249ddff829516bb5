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
    ],
)  # fmt: skip
def test_at_the_boundary(test: str, value: str, limits: dict[str, str], expected: int | None) -> None:
    assert grade_of(test, Decimal(value), **{name: Decimal(limit) for name, limit in limits.items()}) == expected
