"""A patient's own alarm limits, and the SpO₂ scale that an investigator orders: what may be set, and what follows it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.alarms import ChangeLimits, OrderScale
from app.domain.infusion.corrected import current
from app.domain.infusion.found.gate import gate
from app.domain.infusion.state import Infusion
from app.domain.protocol import Limits
from app.domain.vitals.own_limits import OwnLimits, by_baseline, near, room
from app.domain.watch.alarm_replay import replayed
from app.domain.watch.bed_seen import by_hand, seen
from app.domain.watch.conditions import score_now, verdicts
from app.domain.watch.latch import Finding
from app.services.words.event_words import describe
from app.services.words.words import Words

from .cast import CHEN, LI, TRIAL, ZHAO, protocol
from .play import NORMAL, Play, prepared, vitals

D = Decimal
BASELINE = {code: D(str(value)) for code, value in NORMAL.items()}


def own(code: str, low: object, high: object) -> OwnLimits:
    return OwnLimits(code, *(None if end is None else D(str(end)) for end in (low, high)))


def stated(code: str) -> Limits:
    found = TRIAL.vitals.limits_of(code)
    assert found is not None
    return found


@pytest.fixture
def play() -> Play:
    return prepared("running")


def found(state: Infusion, **heard: object) -> list[tuple[str, int, Decimal | None]]:
    """What alarms with these values: key, priority, limit; baseline and tasks left aside."""
    at = state.last_at
    assert at is not None
    readings = {code: by_hand(code, D(str(value)), at) for code, value in heard.items()}
    said = verdicts(seen(state, (), at, readings), at)
    return [(x.key, int(x.priority), x.limit) for x in said if isinstance(x, Finding) and x.limit is not None]


# --- what may be set


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [("hr", 41, 149), ("spo2", 86, 100), ("rr", 8, 30), ("nibp_sys", 81, 179), ("nibp_dia", 50, 109), ("temp", "35.0", "38.9")],
)
def test_a_patients_limits_have_the_room_that_the_protocol_gives(code: str, least: object, most: object) -> None:
    assert room(stated(code)) == (D(str(least)), D(str(most)))


def test_without_a_limit_of_the_protocol_there_is_what_a_person_can_have() -> None:
    assert room(Limits("hr")) == (D(20), D(300))


@pytest.mark.parametrize("limits", [own("spo2", 86, None), own("spo2", 100, None), own("spo2", 88, 93), own("hr", 41, 149)])
def test_both_ends_of_the_room_count(play: Play, limits: OwnLimits) -> None:
    play.do(ChangeLimits((limits,), "chronic lung disease"), LI)
    assert near(play.state.vitals.limits_of(limits.vital) or Limits("")) == limits
    assert play.same_from_disk()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (own("spo2", 85, None), "SpO₂: limits from 86 to 100 %"),
        (own("hr", 50, 150), "Heart rate: limits from 41 to 149 /min"),
        (own("hr", 100, 90), "the lower one first"),
        (own("hr", 90, 90), "the lower one first"),
        (own("hr", "NaN", 90), "limits from"),
        (own("spo2", None, 95), "SpO₂: a limit is never switched off"),
        (own("hr", 50, None), "never switched off"),
        (own("icp", 5, 20), "Each vital sign once"),
        (own("hr", 50, 120), "Nothing has changed"),
    ],
)
def test_no_limit_is_off_or_beyond_what_the_protocol_gives(play: Play, limits: OwnLimits, said: str) -> None:
    with pytest.raises(Refused) as refused:
        play.do(ChangeLimits((limits,), "why"), LI)
    assert said in str(refused.value.text)


def test_a_reason_a_role_and_a_patient_are_needed(play: Play) -> None:
    for state, by, reason in ((play, LI, " "), (play, CHEN, "why"), (prepared("released"), LI, "why")):
        with pytest.raises(Refused):
            state.do(ChangeLimits((own("hr", 60, 110),), reason), by)
    with pytest.raises(Refused):
        play.do(ChangeLimits((own("hr", 60, 110), own("hr", 70, 110)), "twice"), LI)


# --- what follows


def test_the_change_holds_from_now_on_and_only_for_its_patient(play: Play) -> None:
    assert found(play.state, spo2=89) == [("spo2", 2, D(90))]
    (event,) = play.do(ChangeLimits((own("spo2", 88, None), own("rr", 8, 30)), "target 88–92 %"), LI)
    assert event == e.LimitsChanged((own("spo2", 88, None),), (own("spo2", 90, None),), "target 88–92 %")
    assert found(play.state, spo2=88) == []
    assert found(play.state, spo2=87) == [("spo2", 2, D(88))]
    assert found(play.state, spo2=84) == [("spo2", 2, D(88)), ("spo2", 3, D(85))]
    assert found(prepared("running").state, spo2=88) == [("spo2", 2, D(90))]
    assert play.state.protocol.vitals.limits_of("spo2") == stated("spo2")


def test_a_value_is_judged_by_the_limits_of_its_own_time(play: Play) -> None:
    before = play.now
    play.do(ChangeLimits((own("spo2", 88, None),), "why"), LI, play.now + timedelta(minutes=1))
    lows = [of.low for at in (before, play.now) if (of := play.state.vitals_at(at).limits_of("spo2")) is not None]
    assert lows == [90, 88]


@pytest.mark.uncounted
@pytest.mark.parametrize(("high", "told"), [(None, ["nibp_dia"]), (95, [])])
def test_the_patients_alarms_are_played_alone(play: Play, high: int | None, told: list[str]) -> None:
    """By the limits of their own, without what is due; and nothing before there is a patient."""
    if high is not None:
        play.do(ChangeLimits((own("nibp_dia", 50, high),), "why"), LI)
    play.do(vitals(nibp_dia=92, nibp_map=100, late_reason="busy"), LI, play.now + timedelta(minutes=25))
    play.do(vitals(), LI, play.now + timedelta(minutes=1))
    whole, alone = (replayed("inf", play.entries, (), TRIAL, of_patient) for of_patient in (False, True))
    assert [line.key for line in alone.lines] == told
    assert {line.key for line in whole.lines} > set(told)
    assert alone.watched_h == whole.watched_h


def test_it_is_told_with_what_was_before_and_why(play: Play) -> None:
    offered = by_baseline(TRIAL.vitals, BASELINE)
    play.do(ChangeLimits((offered["hr"], offered["rr"]), "as the baseline has it", True), LI)
    said = Words("en").tr(describe(play.entries[-1], play.state, {}))
    assert said == ("Alarm limits of this patient: HR 50–120 → 62–98, RR 8–30 → 8–24 · from the baseline · as the baseline has it")


# --- relative to the baseline


def test_the_baseline_suggests_limits_as_monitors_do() -> None:
    assert by_baseline(TRIAL.vitals, BASELINE) == {
        "hr": own("hr", 62, 98), "pr": own("pr", 62, 98), "nibp_sys": own("nibp_sys", 90, 139),
        "nibp_dia": own("nibp_dia", 55, 94), "rr": own("rr", 8, 24),
    }  # fmt: skip


def test_the_suggestion_stays_within_the_room_and_skips_what_does_not_fit() -> None:
    assert by_baseline(TRIAL.vitals, {"hr": D(140), "rr": D(28)}) == {
        "hr": own("hr", 112, 149), "pr": own("pr", 112, 149), "rr": own("rr", 14, 30),
    }  # fmt: skip
    assert by_baseline(TRIAL.vitals, {"nibp_sys": D(50), "spo2": D(97)}) == {}
    assert by_baseline(TRIAL.vitals, {}) == {}


# --- the scale of NEWS2


FULL: dict[str, Any] = {**NORMAL, "spo2": 90}


def test_scale_2_counts_only_once_an_investigator_ordered_it(play: Play) -> None:
    at = play.now
    play.do(vitals(**FULL), LI)
    before = play.state.checks[-1].event
    assert isinstance(before, e.VitalsRecorded)
    assert (before.news2, before.scale) == (3, 1)
    with pytest.raises(Refused):
        play.do(OrderScale(2, "COPD"), LI)
    with pytest.raises(Refused):
        play.do(OrderScale(1, "COPD"), ZHAO)
    with pytest.raises(Refused):
        play.do(OrderScale(2, " "), ZHAO)
    (event,) = play.do(OrderScale(2, "COPD"), ZHAO)
    assert isinstance(event, e.ScaleOrdered)
    assert (event.printed_name, bool(event.signed_sha256)) == ("Zhao", True)
    assert Words("en").tr(describe(play.entries[-1], play.state, {})) == "NEWS2 counts SpO₂ by scale 2 · COPD"
    score = score_now(seen(play.state, (), at), at)
    assert score is not None
    assert score.total == 0
    assert play.same_from_disk()


def test_a_check_keeps_the_scale_it_was_scored_by(play: Play) -> None:
    play.do(OrderScale(2, "COPD"), ZHAO)
    play.do(vitals(**FULL), LI)
    check = play.state.checks[-1]
    assert isinstance(check.event, e.VitalsRecorded)
    assert (check.event.news2, check.event.scale) == (0, 2)
    assert "NEWS2 0 · SpO₂ scale 2" in Words("en").tr(describe(check, play.state, {}))
    assert gate(play.state, play.now).needs == ()
    play.do(OrderScale(1, "ordered for another patient"), ZHAO)
    play.correct("VitalsRecorded", "values", {"spo2": 86}, "misread", LI)
    mended = current(play.entries, check)
    assert isinstance(mended, e.VitalsRecorded)
    assert mended.news2 == 1


@pytest.mark.parametrize(
    ("code", "baseline", "low", "high"),
    [
        ("hr", 74, 59, 93), ("hr", 50, 40, 63), ("hr", 45, 40, 56), ("hr", 192, 154, 240), ("hr", 200, 160, 240),
        ("rr", 15, 8, 23), ("rr", 13, 7, 20), ("rr", 12, 6, 18), ("rr", 10, 6, 15), ("rr", 20, 10, 30), ("rr", 24, 12, 30),
        ("nibp_sys", 125, 95, 146), ("nibp_sys", 75, 61, 103), ("nibp_dia", 75, 57, 97), ("nibp_dia", 60, 47, 84),
    ],
)  # fmt: skip
def test_the_suggestion_of_the_baseline_by_itself(code: str, baseline: int, low: int, high: int) -> None:
    """As Mindray's monitors have it for adults, and a half up: a pulse never below 40 or above 240, a breath never below 6 or
    above 30; systolic 0.68 × and 10 up to 0.86 × and 38, diastolic 0.68 × and 6 up to 0.86 × and 32. A wide room cuts nothing.
    """
    wide = Limits(code, very_low=D(1), low=D(2), high=D(290), very_high=D(300))
    rules = msgspec.structs.replace(TRIAL.vitals, limits=(wide,))
    assert by_baseline(rules, {code: D(baseline)}) == {code: own(code, low, high)}


def test_only_what_was_measured_suggests_something() -> None:
    """A pulse stands for the heart's and the heart's for a pulse; a breath for nothing else."""
    assert set(by_baseline(TRIAL.vitals, {"pr": D(70)})) == {"hr", "pr"}
    assert by_baseline(TRIAL.vitals, {"hr": D(70), "pr": D(80)})["pr"] == own("pr", 64, 100)
    assert set(by_baseline(TRIAL.vitals, {"rr": D(16)})) == {"rr"}


def test_a_protocol_without_limits_offers_none() -> None:
    bare = protocol(settings={"vitals.limits": []})
    assert by_baseline(bare.vitals, BASELINE) == {}
