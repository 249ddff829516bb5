"""What of a vital sign worries, and how an old one stands on the screen: the infusion's own rules alone decide."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal as D
from types import MappingProxyType

import msgspec
import pytest

from app.domain.vitals.fading import Fade, fade, fade_by_hand
from app.domain.vitals.worrying import JudgedBy, arrow, since_baseline, worries, worry
from app.domain.watch.bed_seen import judged_by

from .cast import TRIAL
from .play import prepared
from .seeing import plain

FRESH, FADED, GONE = Fade


def by(baseline: Mapping[str, object] = MappingProxyType({})) -> JudgedBy:
    return JudgedBy(TRIAL.vitals, TRIAL.triggers, {code: D(str(value)) for code, value in baseline.items()})


@pytest.mark.parametrize(
    ("code", "before", "value", "said"),
    [
        ("hr", 66, 79, None),
        ("hr", 66, 80, "HR 66 → 80 ↑ rose since the baseline"),
        ("hr", 110, 121, "HR 121 ▲ high (limit 120)"),
        ("hr", 66, 151, "HR 151 ▲▲ far too high (limit 150)"),
        ("hr", 90, 60, None),
        ("pr", 66, 80, "PR 66 → 80 ↑ rose since the baseline"),
        ("hr", 70, 84, None),
        ("hr", 70, 85, "HR 70 → 85 ↑ rose since the baseline"),
        ("hr", 100, 120, None),
        ("nibp_sys", 125, 100, None),
        ("nibp_sys", 125, 99, "Sys 125 → 99 ↓ fell since the baseline"),
        ("nibp_sys", 125, 89, "Sys 89 ▼ low (limit 90)"),
        ("spo2", 100, 84, "SpO₂ 84 ▼▼ far too low (limit 85)"),
        ("spo2", 100, 90, None),
        ("rr", 12, 30, None),
        ("temp", 35, "36.9", None),
        ("temp", 35, "37.0", "Temp 35.0 → 37.0 ↑ rose since the baseline"),
        ("temp", "37.1", "38.0", None),
        ("temp", "37.0", "38.0", "Temp 37.0 → 38.0 ↑ rose since the baseline"),
    ],
)
def test_beyond_its_limits_or_away_from_its_baseline(code: str, before: object, value: object, said: str | None) -> None:
    found = worry(by({code: before}), code, D(str(value)))
    assert (None if found is None else plain(found.words)) == said


def test_it_is_judged_as_it_is_shown() -> None:
    assert worry(by(), "temp", D("38.04")) is None
    assert worry(by(), "temp", D("38.06")) is not None


def test_far_down_is_a_reaction_by_itself() -> None:
    """Where a protocol states no limit: 80 mmHg and 30 mmHg below the baseline, though it is less than a fifth."""
    rules = TRIAL.triggers
    assert rules is not None
    vitals = msgspec.structs.replace(TRIAL.vitals, limits=())
    triggers = msgspec.structs.replace(rules, sys_fall_pct=D(50))

    def worries_at(code: str, before: object, value: object) -> bool:
        return worry(JudgedBy(vitals, triggers, {code: D(str(before))}), code, D(str(value))) is not None

    assert worries_at("nibp_sys", 110, 80)
    assert not worries_at("nibp_sys", 111, 81)
    assert not worries_at("nibp_sys", 109, 80)
    assert worries_at("temp", "38.5", "39.0")


def test_a_fever_that_stays_is_not_said_to_have_fallen() -> None:
    """39.0 °C before and now, where a protocol states no limit: moderate by itself."""
    judged = JudgedBy(msgspec.structs.replace(TRIAL.vitals, limits=()), TRIAL.triggers, {"temp": D("39.0")})
    found = worry(judged, "temp", D("39.0"))
    assert found is not None
    assert (found.is_low, found.limit, found.before) == (False, None, D("39.0"))


def test_without_a_baseline_or_such_a_rule_no_change_worries() -> None:
    assert worry(by(), "hr", D(119)) is None
    assert worry(JudgedBy(TRIAL.vitals, None, {"hr": D(60)}), "hr", D(119)) is None
    found = worries(by({"hr": 66}), {"hr": D(80), "spo2": None, "rr": D(31)})
    assert [*found] == ["hr", "rr"]


def test_the_arrow_goes_by_what_is_shown() -> None:
    assert [arrow("temp", D("36.7"), D(now)) for now in ("36.72", "36.8", "36.6")] == ["=", "↑", "↓"]


def test_the_baseline_and_now_stand_side_by_side() -> None:
    judged = by({"nibp_sys": 118, "nibp_dia": 72})
    assert since_baseline(judged, {"nibp_sys": D(96), "nibp_dia": D(60)}) == "118/72 → 96/60 ↓"
    assert since_baseline(judged, {"nibp_sys": D(96), "nibp_dia": None}) == ""
    assert since_baseline(judged, {"hr": D(80)}) == ""


def test_a_check_is_compared_with_the_baseline_from_the_start_on() -> None:
    play = prepared("running")
    assert play.state.started_at is not None
    assert judged_by(play.state, play.state.started_at).baseline == {}
    later = judged_by(play.state, play.state.started_at + timedelta(seconds=1), TRIAL.vitals)
    assert (later.baseline["hr"], later.rules, later.triggers) == (D(78), TRIAL.vitals, TRIAL.triggers)


@pytest.mark.parametrize(
    ("code", "age_s", "lost", "stands"),
    [
        ("hr", 60, False, FRESH), ("hr", 61, False, GONE), ("hr", 0, True, FADED), ("hr", 60, True, FADED), ("hr", 61, True, GONE),
        ("nibp_sys", 300, False, FRESH), ("nibp_sys", 301, False, FADED), ("nibp_sys", 1200, False, FADED),
        ("nibp_sys", 1201, False, GONE), ("nibp_sys", 300, True, FADED), ("nibp_sys", 301, True, GONE),
        ("temp", 60, False, FRESH), ("temp", 61, False, FADED), ("temp", 61, True, GONE),
    ],
)  # fmt: skip
def test_a_monitors_number_fades_with_its_line_and_goes_with_its_age(code: str, age_s: int, lost: bool, stands: Fade) -> None:
    assert fade(TRIAL.vitals, code, age_s, 15, lost) is stands


def test_a_typed_number_fades_when_the_next_check_is_due() -> None:
    assert [fade_by_hand(TRIAL.vitals, age_s, 15) for age_s in (900, 901, 1200, 1201)] == [FRESH, FADED, FADED, GONE]
