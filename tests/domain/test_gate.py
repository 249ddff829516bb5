"""The gate at its edges: each limit on both sides, and what is said of each finding, word by word."""

from decimal import Decimal as D
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.found.gate import Found, Leave, gate, passed, passed_with_findings, why_refused, worrying
from app.domain.infusion.found.in_time import thawed_too_long
from app.domain.texts import say

from .cast import CHEN, LI, TRIAL, ZHAO, clock, protocol, span
from .play import NORMAL, Play, prepared
from .seeing import plain


def check(*, news2: int | None = 1, level: str | None = "A", oxygen: bool | None = False, **values: Any) -> e.VitalsRecorded:
    """A whole check, all normal but for what is named; None: not measured."""
    found = tuple(e.VitalEntry(code, None if v is None else D(str(v)), "typed") for code, v in {**NORMAL, **values}.items())
    return e.VitalsRecorded("infusion", 15, found, oxygen, level, discomfort=False, news2=news2)


def found(**other: Any) -> list[str]:
    return [plain(text) for text in worrying(check(**other), TRIAL)]


def test_before_any_check_it_says_so() -> None:
    play = Play()
    assert gate(play.state, play.now) == Found(say("The last check measured no vital signs. Measure first."))


def test_no_bag_hangs_yet_so_none_is_too_old() -> None:
    play = prepared("thawed")
    assert list(thawed_too_long(play.state, play.now)) == []


def test_alarms_that_stand_are_asked_about_by_a_protocol_with_a_gate_only() -> None:
    alarms = (say("SpO₂ low"),)
    play, former = prepared("ready"), prepared("ready", rules=protocol("former"))
    assert gate(play.state, play.now) == Found()
    assert gate(play.state, play.now, alarms) == Found(None, alarms)
    assert gate(former.state, former.now, alarms) == Found()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, []),
        ({"hr": 40}, ["Heart rate 40 /min: 3 points in NEWS2 by itself"]),
        ({"hr": 39}, ["Heart rate 39 /min: 3 points in NEWS2 by itself", "Heart rate 39 /min is far too low (under 40)"]),
        ({"hr": 130}, []),
        ({"hr": 131}, ["Heart rate 131 /min: 3 points in NEWS2 by itself"]),
        ({"hr": 151}, ["Heart rate 151 /min: 3 points in NEWS2 by itself", "Heart rate 151 /min is far too high (over 150)"]),
        ({"temp": "39.0"}, []),
        ({"temp": "39.1"}, ["Temperature 39.1 °C is far too high (over 39.0)"]),
        ({"level": "V"}, ["Consciousness: responds to voice: 3 points in NEWS2 by itself"]),
        ({"oxygen": True, "hr": 111, "rr": 21}, []),
        ({"oxygen": True, "hr": 111, "rr": 21, "temp": "38.1"}, ["NEWS2 7"]),
        ({"oxygen": True, "hr": 111, "rr": 21, "temp": "38.1", "news2": None}, ["NEWS2 at least 7"]),
    ],
)
def test_what_an_investigator_must_answer_for(values: dict[str, Any], told: list[str]) -> None:
    assert found(**values) == told


NOT = dict.fromkeys(("spo2", "nibp_sys", "nibp_dia", "nibp_map", "rr", "temp"))


@pytest.mark.parametrize(
    ("values", "measured"),
    [
        ({**NOT, "level": "A"}, 2),
        ({**NOT, "level": None}, 1),
        ({**NOT, "hr": None, "pr": 70, "level": None}, 1),
        ({**NOT, "hr": None, "level": None}, 0),
        ({**NOT, "spo2": 97}, 3),
        ({**NOT, "nibp_dia": 70, "nibp_map": 80}, 2),
    ],
)
def test_too_little_measured_is_told_with_how_much_it_was(values: dict[str, Any], measured: int) -> None:
    line = f"only {measured} of 6 measured: pulse, SpO₂, blood pressure, respiration, temperature, consciousness"
    assert found(**values) == [line]


def test_four_of_six_are_enough() -> None:
    assert found(**{**NOT, "spo2": 97, "rr": 16}) == []


def test_a_protocol_without_a_gate_asks_about_nothing() -> None:
    assert list(worrying(check(hr=200), protocol("former"))) == []


def test_the_age_of_the_hanging_bag_is_told_once_it_is_over_the_limit() -> None:
    """Thawed at 13:50: exactly at the limit is in time."""
    play, limit = prepared("ready"), TRIAL.thaw.start_within_min
    assert limit is not None
    at = clock("13:50") + span(limit)
    assert list(thawed_too_long(play.state, at)) == []
    (told,) = thawed_too_long(play.state, at + span("0:06"))
    assert plain(told) == f"bag B1 was thawed {limit + D('0.1')} min ago, more than {limit}"


# --- what nobody goes on with


def recorded(play: Play, at: str, event: e.InfusionEvent) -> Play:
    play.now = clock(at)
    play.take(event, LI.person_id)
    return play


def why(play: Play) -> str | None:
    told = why_refused(play.state)
    return None if told is None else plain(told)


def test_an_open_reaction_or_discomfort_at_the_last_check_lets_nobody_go_on() -> None:
    play = prepared("running")
    assert why(play) is None
    recorded(play, "14:15", msgspec.structs.replace(check(), discomfort=True))
    assert why(play) == "The last check noted discomfort."
    recorded(play, "14:16", check())
    assert why(play) is None
    recorded(play, "14:17", e.ReactionUpdated(clock("14:17"), ()))
    play.state.reaction_open = True
    assert why(play) == "A reaction is open."


@pytest.mark.parametrize(("checked", "refused"), [("14:10", True), ("14:10:01", False)])
def test_after_a_reaction_began_somebody_looks_first(checked: str, refused: bool) -> None:
    play = recorded(prepared("running"), checked, check())
    play.state.reaction = e.ReactionUpdated(clock("14:10"), ())
    assert why(play) == ("No vital signs since the reaction began. Measure first." if refused else None)
    play.state.started_at = None
    assert why(play) is None


def test_after_a_reaction_nobody_looked_at_all() -> None:
    play = prepared("running")
    play.state.checks, play.state.reaction = [], e.ReactionUpdated(clock("14:10"), ())
    assert why(play) == "No vital signs since the reaction began. Measure first."


def test_a_check_that_measured_nothing_is_none() -> None:
    unmeasured: dict[str, Any] = dict.fromkeys(NORMAL)
    nothing = check(**unmeasured)
    assert why(recorded(prepared("running"), "14:15", nothing)) == "The last check measured no vital signs. Measure first."
    assert why(recorded(prepared("running"), "14:15", check(**{**unmeasured, "temp": 37}))) is None
    assert why(recorded(prepared("running", rules=protocol("former")), "14:15", nothing)) is None


def test_a_bag_thawed_too_long_ago_is_asked_about_before_the_start_only() -> None:
    ready, running = prepared("ready"), prepared("running")
    assert [plain(text) for text in gate(ready.state, clock("14:51")).needs] == ["bag B1 was thawed 61.0 min ago, more than 60"]
    assert gate(running.state, clock("14:51")) == Found()


def test_what_the_check_the_bag_and_the_alarms_say_is_asked_about_in_this_order() -> None:
    play = recorded(prepared("ready"), "14:51", check(hr=131))
    found_then = gate(play.state, clock("14:51"), (say("SpO₂ low"),))
    assert found_then.refused is None
    assert [plain(text) for text in found_then.needs] == [
        "Heart rate 131 /min: 3 points in NEWS2 by itself", "bag B1 was thawed 61.0 min ago, more than 60", "SpO₂ low",
    ]  # fmt: skip


def test_the_record_tells_who_went_on_in_spite_of_what() -> None:
    """By the check as it was recorded and corrected, or by what the act itself kept; nothing where nothing was found."""
    play = recorded(prepared("ready"), "13:59", check(hr=131))
    assert list(passed_with_findings(play.state)) == []
    recorded(play, "14:00", e.Started(TRIAL.infusion.stages[0].rate_gtt_min[0]))
    (one,) = passed_with_findings(play.state)
    assert (one.at, one.event) == (clock("14:00"), play.entries[-1].event)
    assert [plain(text) for text in one.found] == ["Heart rate 131 /min: 3 points in NEWS2 by itself"]
    recorded(recorded(play, "14:15", check()), "14:15", e.SteppedUp(D(56)))
    assert len(list(passed_with_findings(play.state))) == 1
    recorded(play, "14:20", e.Paused("person"))
    recorded(play, "14:21", e.Resumed(D(56), found=(say("SpO₂ low"),)))
    assert [plain(text) for text in list(passed_with_findings(play.state))[-1].found] == ["SpO₂ low"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"spo2": 85}, []), ({"spo2": 84}, ["SpO₂ 84 % is far too low (under 85)"]),
        ({"nibp_sys": 180}, []), ({"nibp_sys": 181}, ["Systolic pressure 181 mmHg is far too high (over 180)"]),
        ({"nibp_dia": 110}, []), ({"nibp_dia": 111}, ["Diastolic pressure 111 mmHg is far too high (over 110)"]),
    ],
)  # fmt: skip
def test_a_value_at_its_far_limit_lies_inside(values: dict[str, Any], told: list[str]) -> None:
    assert [text for text in found(**values) if "far too" in text] == told


def test_what_was_not_measured_hides_nothing_after_it() -> None:
    assert found(spo2=None, nibp_sys=181) == ["Systolic pressure 181 mmHg is far too high (over 180)"]


def test_who_lets_it_go_on_and_what_is_kept_of_it() -> None:
    needs = (say("NEWS2 {score}", score=7), say("SpO₂ low"))
    assert passed(Found(), ZHAO, "asked") == Leave()
    assert passed(Found(None, needs), ZHAO, " seen ") == Leave(needs, ZHAO, "seen")
    assert Leave().told() == {"found": (), "why_allowed": "", "printed_name": ""}
    assert Leave(needs, ZHAO, "seen").told() == {"found": needs, "why_allowed": "seen", "printed_name": "Zhao"}
    for by, why in ((None, "seen"), (CHEN, "seen"), (ZHAO, " ")):
        with pytest.raises(Refused) as refused:
            passed(Found(None, needs), by, why)
        assert plain(refused.value.text) == "Only an investigator with a reason lets it go on: NEWS2 7, SpO₂ low."
    with pytest.raises(Refused, match="A reaction is open"):
        passed(Found(say("A reaction is open.")), ZHAO, "seen")
