"""The stage strip, and a drip rate from taps."""

from decimal import Decimal

import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.given.taps import counted, tapped
from app.domain.infusion.stages import current_stage, stages

from .cast import LI, clock, protocol
from .play import Play, prepared
from .seeing import plain, time


def strip(play: Play) -> list[str]:
    return [
        f"{plain(s.label)} {time(s.started_at) if s.started_at else '·'}–{time(s.ended_at) if s.ended_at else '·'}"
        for s in stages(play.state)
    ]


def test_the_strip_of_a_whole_infusion() -> None:
    assert strip(prepared("signed")) == [
        "Released 13:00–13:15", "Verified 13:15–13:22", "Pre-medicated 13:22–13:30", "Thawed and hung 13:30–14:00",
        "20/min 14:00–14:15", "40–60/min 14:15–14:58", "Observed 14:58–16:58", "Signed 16:58–17:00",
    ]  # fmt: skip
    assert current_stage(prepared("signed").state) is None


def test_the_strip_while_it_runs() -> None:
    play = prepared("running")
    assert strip(play)[3:6] == ["Thawed and hung 13:30–14:00", "20/min 14:00–·", "40–60/min ·–·"]
    on = current_stage(play.state)
    assert on is not None
    assert on.key == "rate_1"


def test_a_stage_that_was_never_reached_is_passed_over() -> None:
    play = prepared("running")
    play.do(Stop(Decimal(95), "rash"), LI, clock("14:05"))
    assert strip(play)[4:7] == ["20/min 14:00–14:05", "40–60/min ·–·", "Observing 14:05–·"]


def test_given_up_the_strip_ends_there() -> None:
    play = prepared("verified")
    play.do(Abandon("fever"), LI, clock("13:25"))
    assert strip(play)[2:4] == ["Pre-medicate 13:22–13:25", "Thaw and hang ·–·"]
    assert current_stage(play.state) is None


KEYS = ["released", "verified", "premedication", "thaw", "rate_1", "rate_2", "observation", "signed"]


@pytest.mark.parametrize(
    ("point", "words", "on"),
    [
        ("ordered", "Release · Verify · Pre-medicate · Thaw and hang · 20/min · 40–60/min · Observe · Sign", "released"),
        ("released", "Released · Verify · Pre-medicate · Thaw and hang · 20/min · 40–60/min · Observe · Sign", "verified"),
        ("verified", "Released · Verified · Pre-medicate · Thaw and hang · 20/min · 40–60/min · Observe · Sign", "premedication"),
        ("thawed", "Released · Verified · Pre-medicated · Thaw and hang · 20/min · 40–60/min · Observe · Sign", "thaw"),
        ("running", "Released · Verified · Pre-medicated · Thawed and hung · 20/min · 40–60/min · Observe · Sign", "rate_1"),
        ("stepped up", "Released · Verified · Pre-medicated · Thawed and hung · 20/min · 40–60/min · Observe · Sign", "rate_2"),
        ("observation", "Released · Verified · Pre-medicated · Thawed and hung · 20/min · 40–60/min · Observing · Sign",
         "observation"),
        ("observed", "Released · Verified · Pre-medicated · Thawed and hung · 20/min · 40–60/min · Observed · Sign", "signed"),
        ("signed", "Released · Verified · Pre-medicated · Thawed and hung · 20/min · 40–60/min · Observed · Signed", None),
    ],
)  # fmt: skip
def test_the_strip_says_what_is_done_what_is_on_and_what_comes(point: str, words: str, on: str | None) -> None:
    found = stages(prepared(point).state)
    assert [span.key for span in found] == KEYS
    assert " · ".join(plain(span.label) for span in found) == words
    current = current_stage(prepared(point).state)
    assert (None if current is None else current.key) == on
    assert not any(span.given_up for span in found)


def test_given_up_what_was_on_stays_to_be_done_and_what_was_done_stays_done() -> None:
    play = prepared("verified")
    play.do(Abandon("fever"), LI, clock("13:25"))
    found = stages(play.state)
    assert [plain(span.label) for span in found[:4]] == ["Released", "Verified", "Pre-medicate", "Thaw and hang"]
    assert [span.given_up for span in found] == [False, False, *[True] * 6]


def test_of_three_stages_each_has_its_time() -> None:
    play = prepared("running", rules=protocol("three-stage"))
    for at, rate in (("14:10", 20), ("14:30", 60)):
        play.now = clock(at)
        play.take(e.SteppedUp(Decimal(rate)), LI.person_id)
    assert strip(play)[3:8] == [
        "Thawed and hung 13:30–14:00", "10–15/min 14:00–14:10", "20–40/min 14:10–14:30", "60–80/min 14:30–·", "Observe ·–·",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("times_s", "rate", "spread", "steady"),
    [
        ([0.0, 3.0, 6.0, 9.0, 12.0], 20, 0, True),
        ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 60, 0, True),
        ([0.0, 1.0, 2.0, 3.0, 14.0], 60, 250, False),
        ([0.0, 1.1, 2.0, 3.1, 4.0], 60, 10, True),
        ([0.0, 6.25, 12.5, 18.75, 27.625], 10, 11, False),
        ([0.0, 24.0, 48.0, 72.0, 96.0], 3, 0, True),
    ],
)
def test_a_rate_from_taps(times_s: list[float], rate: int, spread: int, steady: bool) -> None:
    """Both are rounded to whole numbers, a half upwards: 10.5 % is not steady any more."""
    found = tapped(times_s)
    assert found is not None
    assert (found.rate_gtt_min, found.spread_pct, found.drops) == (Decimal(rate), Decimal(spread), len(times_s))
    assert found.steady is steady


def test_too_few_taps_or_a_clock_that_stands_still_give_no_rate() -> None:
    assert tapped([0.0, 3.0, 6.0, 9.0]) is None
    assert tapped([1.0] * 6) is None
    assert tapped([5.0, 4.0, 3.0, 2.0, 1.0]) is None


@pytest.mark.parametrize(("drops", "rate"), [(5, 20), (10, 40), (15, 60)])
def test_a_quarter_of_a_minute_is_counted(drops: int, rate: int) -> None:
    assert counted(drops, 15) == rate
