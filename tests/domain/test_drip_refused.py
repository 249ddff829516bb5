"""What the drip waits for: each is refused with what is missing, and leaves everything as it was."""

from decimal import Decimal

import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.thaw import ReportEmpty, ThawBag
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import due
from app.domain.products.leftovers import leftover_ml, leftovers

from .cast import LI, clock, protocol
from .play import prepared


@pytest.mark.parametrize(
    ("point", "command", "at", "said"),
    [
        ("hung", Start(Decimal(20)), "14:00", "Record the baseline vital signs first."),
        ("running", StepUp(Decimal(56)), "14:05", "The starting rate runs 15 min; 5.0 have passed."),
        ("thawed", MeasureRate(Decimal(50), "taps", 8), "14:00", "No bag hangs: there is no drip to measure."),
        ("thawed", ReadRemaining(Decimal(5)), "14:00", "No bag hangs."),
    ],
)
def test_what_it_waits_for_is_said(point: str, command: Command, at: str, said: str) -> None:
    play = prepared(point)
    before = list(play.entries)
    with pytest.raises(Refused) as refused:
        play.do(command, LI, clock(at))
    assert str(refused.value.text) == said
    assert play.entries == before


def test_a_rate_set_while_no_bag_hangs_is_kept_and_nothing_flows() -> None:
    play = prepared("running")
    play.do(ReportEmpty(), LI, clock("14:05"))
    flows = list(play.state.flows)
    play.do(SetRate(Decimal(30), "why"), LI, clock("14:06"))
    assert (play.state.rate_gtt_min, play.state.flows) == (Decimal(30), flows)


def test_a_bag_that_was_thawed_and_never_hung_is_left_whole() -> None:
    play = prepared("stepped up")
    play.do(ThawBag("B2", clock("14:36")), LI, clock("14:36"))
    play.do(End(Decimal(10), "why"), LI, clock("14:40"))
    assert [(bag.bag.bag_id, leftover_ml(play.state, bag)) for bag in leftovers(play.state)] == [
        ("B1", Decimal(10)),
        ("B2", Decimal(100)),
    ]


def test_where_time_counts_from_the_second_stage_there_is_no_end_before_it() -> None:
    later = protocol(settings={"infusion.duration_counts_from_stage": 2})
    for point, is_there in (("running", False), ("stepped up", True)):
        play = prepared(point, rules=later)
        assert (TaskKind.END in {task.kind for task in due(play.state, play.now)}) is is_there
