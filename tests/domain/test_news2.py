"""NEWS2 against the worked examples and at every edge of its bands (Royal College of Physicians, 2017)."""

from decimal import Decimal
from typing import Any, cast

import pytest

from app.domain.vitals.news2 import PARTS, Consciousness, Scale, _parts, news2, parts, score_of, scores

from .trial.vectors import vectors


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    """No answer of before is kept."""
    _parts.cache_clear()


NORMAL: dict[str, Any] = {"rr": 16, "spo2": 97, "nibp_sys": 120, "hr": 75, "temp": "36.8"}


def total(*, oxygen: bool | None = False, level: str | None = "A", **other: Any) -> int | None:
    values = {k: None if v is None else Decimal(str(v)) for k, v in {**NORMAL, **other}.items()}
    return score_of(values, oxygen, level)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, 0),
        ({"rr": 25}, 3),
        ({"temp": "38.4", "hr": 112, "rr": 22, "spo2": 95}, 6),
        ({"rr": 28, "spo2": 90, "oxygen": True, "nibp_sys": 85, "hr": 135, "level": "V", "temp": "35.0"}, 20),
    ],
)
def test_worked_examples(found: dict[str, Any], expected: int) -> None:
    assert total(**found) == expected


@pytest.mark.parametrize(
    ("vital", "scores"),
    [
        ("rr", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("spo2", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0, 100: 0}),
        ("nibp_sys", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("hr", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("temp", {"35.0": 3, "35.1": 1, "36.0": 1, "36.1": 0, "38.0": 0, "38.1": 1, "39.0": 1, "39.1": 2}),
        ("temp", {"35.04": 3, "35.05": 1, "36.05": 0, "38.05": 1, "39.05": 2}),
    ],
)
def test_the_edges_of_every_band(vital: str, scores: dict[Any, int]) -> None:
    """A temperature between two bands is rounded to a tenth first: 35.05 °C is 35.1."""
    assert {value: total(**{vital: value}) for value in scores} == scores


@pytest.mark.parametrize("level", ["C", "V", "P", "U"])
def test_anything_but_alert_scores_three(level: str) -> None:
    assert total(level=level) == 3


def test_oxygen_scores_two_besides_the_saturation() -> None:
    assert total(oxygen=True) == 2
    assert total(oxygen=True, spo2=93) == 4


@pytest.mark.parametrize(
    "gap",
    [{"rr": None}, {"spo2": None}, {"nibp_sys": None}, {"hr": None}, {"temp": None}, {"oxygen": None}, {"level": None}],
)
def test_a_missing_parameter_gives_no_score(gap: dict[str, None]) -> None:
    assert total(**gap) is None


def test_the_pulse_rate_stands_in_for_a_missing_heart_rate() -> None:
    assert total(hr=None, pr=112) == 2
    assert total(hr=75, pr=112) == 0


def test_a_single_three_is_told() -> None:
    values = {k: Decimal(str(v)) for k, v in NORMAL.items()}
    one = news2({**values, "rr": Decimal(25)}, False, Consciousness.ALERT)
    assert one is not None
    assert (one.total, one.single_three) == (3, True)
    many = news2({**values, "rr": Decimal(22), "hr": Decimal(95)}, False, Consciousness.ALERT)
    assert many is not None
    assert (many.total, many.single_three) == (3, False)


# --- the second scale, and what is missing


@pytest.mark.parametrize(
    ("oxygen", "scores"),
    [
        (False, {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 0, 99: 0}),
        (True, {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 1, 94: 1, 95: 2, 96: 2, 97: 3}),
    ],
)
def test_scale_two_where_88_to_92_is_the_target(oxygen: bool, scores: dict[int, int]) -> None:
    values = {k: Decimal(str(v)) for k, v in NORMAL.items()}
    for value, score in scores.items():
        found = parts({**values, "spo2": Decimal(value)}, oxygen, Consciousness.ALERT, 2)
        assert (found["spo2"], found["oxygen"]) == (score, 2 * oxygen)


def test_without_the_oxygen_the_second_scale_tells_only_what_it_does_not_change() -> None:
    assert parts({"spo2": Decimal(88)}, None, None, 2)["spo2"] == 0
    assert parts({"spo2": Decimal(97)}, None, None, 2)["spo2"] is None
    assert parts({}, None, None) == dict.fromkeys(PARTS)


def test_the_score_is_that_of_the_vectors() -> None:
    for case in vectors("news2.json"):
        given = case["input"]
        names = {"rr": "rr", "spo2": "spo2", "nibp_sys": "sys", "hr": "pulse", "temp": "temp"}
        values = {code: None if given[name] is None else Decimal(str(given[name])) for code, name in names.items()}
        found = news2(values, given["oxygen"], Consciousness(given["acvpu"]) if given["acvpu"] else None, given["scale"])
        assert (found.total if found else None, found.single_three if found else None) == (case["total"], case["single_three"])


def values(**other: Any) -> dict[str, Decimal | None]:
    return {k: None if v is None else Decimal(str(v)) for k, v in {**NORMAL, **other}.items()}


def test_the_most_that_one_vital_sign_scores_leaves_the_oxygen_out() -> None:
    for other, oxygen, worst in (({}, True, 0), ({"hr": 91}, True, 1), ({"hr": 91, "rr": 21}, False, 2), ({"rr": 25}, True, 3)):
        found = news2(values(**other), oxygen, Consciousness.ALERT)
        assert found is not None
        assert found.worst == worst


def test_what_each_known_parameter_scores_by_its_own_name() -> None:
    found = scores(values(rr=21, spo2=93, nibp_sys=100, hr=41, temp="39.1"), True, Consciousness.VOICE)
    assert found == {"rr": 2, "spo2": 2, "oxygen": 2, "nibp_sys": 2, "hr": 1, "consciousness": 3, "temp": 2}
    assert scores(values(hr=None, pr=131, spo2=None), None, None) == {"rr": 0, "nibp_sys": 0, "pr": 3, "temp": 0}
    assert scores({}, None, None) == {}


def test_the_scale_that_was_ordered_counts() -> None:
    """93 % on oxygen: two points by the first scale, one by the second; 88 % three and none."""
    for spo2, first, second in ((93, 2, 1), (88, 3, 0)):
        for scale, points in ((1, first), (2, second)):
            assert parts(values(spo2=spo2), True, Consciousness.ALERT, cast(Scale, scale))["spo2"] == points
            assert scores(values(spo2=spo2), True, Consciousness.ALERT, cast(Scale, scale))["spo2"] == points
            found = news2(values(spo2=spo2), True, Consciousness.ALERT, cast(Scale, scale))
            assert found is not None
            assert found.total == score_of(values(spo2=spo2), True, "A", cast(Scale, scale)) == points + 2
    assert [f(values(spo2=93), True, level)["spo2"] for f, level in ((parts, None), (scores, None))] == [2, 2]
    assert (total(spo2=88), total(spo2=93)) == (3, 2)


def test_all_parts_of_a_score_by_name() -> None:
    found = parts(values(rr=25, spo2=93, nibp_sys=110, hr=91, temp="39.1"), False, Consciousness.CONFUSED)
    assert found == {"rr": 3, "spo2": 2, "oxygen": 0, "sys": 1, "pulse": 1, "acvpu": 3, "temp": 2}


@pytest.mark.parametrize(("value", "points"), [("8.4", 3), ("8.5", 1), ("20.4", 0), ("20.5", 2)])
def test_a_count_between_two_bands_is_rounded_to_a_whole_one(value: str, points: int) -> None:
    """A half upwards."""
    assert total(rr=value) == points
