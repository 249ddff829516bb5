"""The one table of vital signs, what is possible, what is outside, and which reading a check may use."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from app.domain.protocol import Limits
from app.domain.vitals.entered import impossible, pressures_clash, why_impossible
from app.domain.vitals.vital_signs import (
    VITALS,
    Level,
    Quality,
    Sample,
    level,
    limits_text,
    plausible,
    plausible_pressure,
    stamped,
    usable,
)

from .cast import TRIAL, clock
from .seeing import plain

NEVER = [Limits("hr"), None]
LIMITS = {
    "hr": ("40", "50", "120", "150"),
    "pr": ("40", "50", "120", "150"),
    "spo2": ("85", "90", None, None),
    "nibp_sys": ("80", "90", "160", "180"),
    "nibp_dia": (None, "50", "90", "110"),
    "nibp_map": (None, "60", "110", None),
    "rr": (None, "8", "30", None),
    "temp": (None, "35.0", "38.0", "39.0"),
}
#: What a person can have at all.
POSSIBLE = {
    "hr": (20, 300), "pr": (20, 300), "spo2": (30, 100), "nibp_sys": (40, 280), "nibp_dia": (20, 200), "nibp_map": (25, 230),
    "rr": (3, 80), "temp": (28, 43),
}  # fmt: skip
NOW = clock("14:00")


def d(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def test_every_vital_sign_stands_once_in_the_table() -> None:
    assert {v.vital: (v.very_low, v.low, v.high, v.very_high) for v in TRIAL.vitals.limits} == {
        k: tuple(map(d, limits)) for k, limits in LIMITS.items()
    }
    assert {code: (v.plausible_low, v.plausible_high) for code, v in VITALS.items()} == {
        code: (Decimal(low), Decimal(high)) for code, (low, high) in POSSIBLE.items()
    }
    looks = [(v.colour, v.symbol, v.dash) for v in VITALS.values()]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("code", VITALS)
def test_a_value_equal_to_a_limit_is_inside(code: str) -> None:
    vital, step = TRIAL.vitals.limits_of(code), Decimal(10) ** -VITALS[code].decimals
    assert vital is not None
    for limit, outwards in ((vital.low, -step), (vital.high, step)):
        if limit is not None:
            assert level(vital, limit) == (Level.INSIDE, None)
            assert level(vital, limit + outwards) == (Level.OUTSIDE, limit)
    for limit, outwards in ((vital.very_low, -step), (vital.very_high, step)):
        if limit is not None:
            assert level(vital, limit)[0] is Level.OUTSIDE
            assert level(vital, limit + outwards) == (Level.FAR_OUTSIDE, limit)


@pytest.mark.parametrize("none", NEVER)
def test_where_no_limit_is_stated_nothing_is_outside(none: Limits | None) -> None:
    assert level(none, Decimal(400)) == (Level.INSIDE, None)
    assert limits_text(none) == ""


def test_limits_as_they_are_shown() -> None:
    assert [limits_text(TRIAL.vitals.limits_of(code)) for code in ("hr", "spo2", "temp")] == ["50–120", "≥ 90", "35–38"]
    assert limits_text(Limits("rr", high=Decimal(30))) == "≤ 30"


@pytest.mark.parametrize("code", VITALS)
def test_the_ends_of_the_possible_are_possible(code: str) -> None:
    vital, step = VITALS[code], Decimal(10) ** -VITALS[code].decimals
    assert plausible(code, vital.plausible_low)
    assert plausible(code, vital.plausible_high)
    assert not plausible(code, vital.plausible_low - step)
    assert not plausible(code, vital.plausible_high + step)


@pytest.mark.parametrize(
    ("sys", "dia", "mean", "possible"),
    [
        ("118", "72", "87", True), ("118", "72", None, True), ("73", "72", None, True), ("72", "72", None, False),
        ("118", "72", "72", False), ("118", "72", "118", False), ("281", "72", None, False), ("118", "19", None, False),
        ("60", "22", "24", False),
    ],
)  # fmt: skip
def test_pressures_that_can_be(sys: str, dia: str, mean: str | None, possible: bool) -> None:
    assert plausible_pressure(Decimal(sys), Decimal(dia), d(mean)) is possible


def sample(quality: Quality = Quality.OK, value: str | None = "72", ago_s: int | None = None) -> Sample:
    measured_at = None if ago_s is None else clock("03:00") - timedelta(seconds=ago_s)
    device_time = None if ago_s is None else clock("03:00")
    return Sample(0, "hr", d(value), "/min", quality, "ecg", device_time, measured_at)


def test_of_a_device_s_clock_only_the_age_is_believed() -> None:
    """The monitor thinks it is three in the morning; its pressure is 100 s old all the same."""
    assert stamped(sample(ago_s=100), NOW, "p", "x", False).age_s(NOW) == 100
    assert stamped(sample(ago_s=-100), NOW, "p", "x", False).age_s(NOW) == 0
    assert stamped(sample(), NOW, "p", "x", False).age_s(NOW + timedelta(seconds=7)) == 7


def test_an_age_that_the_device_tells_counts_where_it_has_no_clock() -> None:
    told = msgspec.structs.replace(sample(), age_s=40)
    assert stamped(told, NOW, "p", "x", False).measured_at == NOW - timedelta(seconds=40)
    assert stamped(msgspec.structs.replace(sample(), age_s=0), NOW, "p", "x", False).measured_at == NOW
    with_clock = msgspec.structs.replace(sample(ago_s=100), age_s=40)
    assert stamped(with_clock, NOW, "p", "x", False).age_s(NOW) == 100
    half = msgspec.structs.replace(sample(ago_s=100), device_time=None)
    assert stamped(half, NOW, "p", "x", False).age_s(NOW) == 0


def test_what_a_stamp_says() -> None:
    found = stamped(sample(), NOW, "COM3", "nonin", True)
    assert (found.sample, found.received_at, found.port, found.protocol, found.simulated) == (sample(), NOW, "COM3", "nonin", True)
    assert found.waited_s == 0


@pytest.mark.parametrize(("age_s", "ok"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_value_of_60_s_may_be_used(age_s: int, ok: bool) -> None:
    reading = stamped(sample(), NOW, "p", "x", False)
    assert usable(reading, NOW + timedelta(seconds=age_s), 60) is ok


@pytest.mark.parametrize("quality", [q for q in Quality if q is not Quality.OK])
def test_only_ok_may_be_charted_on_a_ward(quality: Quality) -> None:
    assert not usable(stamped(sample(quality), NOW, "p", "x", False), NOW, 60)


def test_no_number_is_no_value() -> None:
    assert not usable(stamped(sample(value=None), NOW, "p", "x", False), NOW, 60)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"hr": 20, "spo2": 97}, None),
        ({"hr": 19}, "19 /min is not possible (20–300). Measure again."),
        ({"nibp_sys": 80, "nibp_map": 75, "nibp_dia": 70}, None),
        ({"nibp_sys": 70, "nibp_dia": 70}, "Systolic, mean and diastolic pressure do not fit each other. Measure again."),
        (
            {"nibp_sys": 80, "nibp_map": 80, "nibp_dia": 70},
            "Systolic, mean and diastolic pressure do not fit each other. Measure again.",
        ),
    ],
)
def test_values_of_one_row_that_cannot_be_say_why(values: dict[str, int], told: str | None) -> None:
    found = why_impossible({code: Decimal(value) for code, value in values.items()})
    assert (None if found is None else plain(found)) == told


def given(**values: object) -> dict[str, Decimal | None]:
    return {code: None if value is None else Decimal(str(value)) for code, value in values.items()}


@pytest.mark.parametrize(
    ("values", "which"),
    [
        ({}, None), ({"nibp_sys": 118, "nibp_dia": 72, "nibp_map": 87}, None),
        ({"nibp_sys": 73, "nibp_dia": 72}, None), ({"nibp_sys": 72, "nibp_dia": 72}, "systolic"), ({"nibp_sys": 72}, None),
        ({"nibp_map": 88, "nibp_sys": 89}, None), ({"nibp_map": 89, "nibp_sys": 89}, "mean"),
        ({"nibp_map": 73, "nibp_dia": 72}, None), ({"nibp_map": 72, "nibp_dia": 72}, "mean"), ({"nibp_map": 72}, None),
    ],
)  # fmt: skip
def test_which_pressure_does_not_fit_the_others_that_are_known(values: dict[str, int], which: str | None) -> None:
    assert pressures_clash(given(**values)) == which


def test_the_first_value_that_nobody_could_have_is_named() -> None:
    assert impossible(given(hr=None, spo2=97)) is None
    assert impossible(given(hr=19, spo2=101)) == "hr"
    assert impossible(given(hr=20, spo2=101)) == "spo2"
    assert impossible(given(hr="NaN")) == impossible(given(hr="Infinity")) == "hr"


def test_of_far_limits_alone_too() -> None:
    far = Limits("hr", very_low=Decimal(40), very_high=Decimal(150))
    assert [level(far, Decimal(value))[0] for value in (39, 40, 150, 151)] == [
        Level.FAR_OUTSIDE, Level.INSIDE, Level.INSIDE, Level.FAR_OUTSIDE,
    ]  # fmt: skip
