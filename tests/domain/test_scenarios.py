"""Whole infusions as data: `tests/scenarios/*.toml`, written so that a nurse can read them.

A step has a time (`at` a clock time, `minute` from the start, `after_end` from the end), who does what, and `then`
what is seen. What the rules refuse stands in `then.refused`; `then.recorded` names what was saved.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e

from .asking import Args, ask, scan_bag
from .cast import BY_NAME, clock, protocol, read_toml, span
from .play import Play, Preparation
from .seeing import plain, see

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
_OF_THE_STEP = ("at", "minute", "after_end", "who", "does", "called", "then")


def cases() -> list[Any]:
    """Every `[[scenario]]` of every file."""
    return [
        pytest.param(scenario, id=f"{path.stem}: {scenario['title']}")
        for path in SCENARIOS
        for scenario in read_toml(path)["scenario"]
    ]


@pytest.mark.uncounted
@pytest.mark.parametrize("scenario", cases())
def test_scenario(scenario: dict[str, Any]) -> None:
    play = begin(scenario)
    for number, step in enumerate(scenario["step"], start=1):
        try:
            take_step(play, step)
        except Exception as error:
            error.add_note(f"in step {number}: {step}")
            raise
    assert play.same_from_disk()


def begin(scenario: dict[str, Any]) -> Play:
    rules = protocol(scenario.get("protocol", "msc-icaht"), scenario.get("settings"))
    bags = [scan_bag(bag) for bag in scenario["bags"]] if "bags" in scenario else None
    preparation = Preparation(
        Play(rules, dose=scenario.get("dose", 1)), scenario.get("weight", "70.0"), scenario.get("set", 20), bags
    )
    return preparation.until(scenario.get("begin", "ordered"))


def take_step(play: Play, step: dict[str, Any]) -> None:
    play.now = when(play, step)
    before = len(play.entries)
    then = dict(step.get("then", {}))
    args = {k: v for k, v in step.items() if k not in _OF_THE_STEP}
    assert refusal_of(play, step, args) == then.pop("refused", None)
    recorded = [type(x.event).__name__ for x in play.entries[before:]]
    if "called" in step:
        play.called[step["called"]] = play.entries[before].event_id
    assert recorded == then.pop("recorded", recorded)
    for name, values in then.pop("first", {}).items():
        assert first_values(play, name) | values == first_values(play, name)
    seen = {what: see(what, play.state, play.now) for what in then}
    assert seen == then


def refusal_of(play: Play, step: dict[str, Any], args: Args) -> str | None:
    try:
        happens(play, step.get("does", ""), step.get("who", ""), args)
    except Refused as refusal:
        return plain(refusal.text)
    return None


def first_values(play: Play, name: str) -> dict[str, str]:
    """The vital signs of an entry as they were first recorded."""
    event = next(x.event for x in play.state.entries if x.event_id == play.called[name])
    assert isinstance(event, e.VitalsRecorded)
    return {v.vital: str(v.value) for v in event.values}


def when(play: Play, step: dict[str, Any]) -> datetime:
    if "minute" in step:
        return (play.state.started_at or clock("14:00")) + span(step["minute"])
    if "after_end" in step:
        assert play.state.ended_at is not None
        return play.state.ended_at + span(step["after_end"])
    return clock(step["at"]) if "at" in step else play.now


def happens(play: Play, does: str, who: str, args: Args) -> None:
    if not does:
        return
    if does == "the program is gone":
        play.restart(span(args["for"]), reboot=args.get("reboot", False), wall=span(args.get("wall_clock_moved", 0)))
    elif does == "the wall clock is moved":
        play.step_wall_clock(span(args["by"]))
    elif does == "correct":
        play.correct(args["entry"], args["field"], args["to"], args.get("reason", ""), BY_NAME[who])
    else:
        play.do(ask(play, does, args, play.now), BY_NAME[who], play.now)
