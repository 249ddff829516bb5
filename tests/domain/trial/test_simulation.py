"""Whole trials drawn at random through the board itself, against the closed form of the 3 + 3."""

from collections import Counter
from math import sqrt
from random import Random

import pytest

from app.domain.trial.enrolled import Subject, rule_of
from app.domain.trial.escalation import Decision, board
from tests.domain.cast import TRIAL

from .cohort import day, rules, subject

STORER = rule_of(TRIAL, rules())
CLOSED = {"0.1": 0.906, "0.2": 0.709, "0.3": 0.494, "0.4": 0.309, "0.5": 0.172}
"""P(escalate) as published beside the trial's text."""


def p_escalate(p: float) -> float:
    """None of three, or one of three and none of three more."""
    return (1 - p) ** 3 + 3 * p * (1 - p) ** 2 * (1 - p) ** 3


def trial(p: float, draw: Random) -> str | None:
    """One trial from its first subject to the board's last word: its maximum tolerated group."""
    treated: list[Subject] = []
    now = 0
    while True:
        answer = board(treated, day(now), STORER)
        if answer.decision in {Decision.STOP, Decision.COMPLETE}:
            return answer.mtd
        if answer.decision is Decision.WAIT:
            assert answer.earliest is not None
            now = (answer.earliest - day(0)).days
            continue
        assert answer.group is not None
        number = sum(s.group == answer.group for s in treated) + 1
        treated.append(subject(f"{answer.group}{number}", now, now + 5 if draw.random() < p else None))
        now += 3


def agrees(p: float, trials: int, bound: float) -> None:
    """Everything that can be told from the maxima: none, A, B or C."""
    draw = Random(f"3+3 at {p}")
    found: Counter[str | None] = Counter(trial(p, draw) for _ in range(trials))
    e = p_escalate(p)
    assert abs((1 - found[None] / trials) - e) <= bound
    for mtd, closed in {None: 1 - e, "A": e * (1 - e), "B": e * e * (1 - e), "C": e**3}.items():
        assert abs(found[mtd] / trials - closed) <= bound


@pytest.mark.parametrize("p", CLOSED)
def test_the_closed_form_is_the_published_one(p: str) -> None:
    assert abs(p_escalate(float(p)) - CLOSED[p]) < 0.0006


@pytest.mark.parametrize("p", ["0.1", "0.3", "0.5"])
@pytest.mark.uncounted
def test_a_cut_of_the_simulation_agrees(p: str) -> None:
    trials = 600
    agrees(float(p), trials, 4 * sqrt(0.25 / trials))


@pytest.mark.long
@pytest.mark.parametrize("p", CLOSED)
def test_twenty_thousand_trials_agree(p: str) -> None:
    agrees(float(p), 20_000, 0.011)
