"""The whole (phase, event) table against a golden one: what is allowed where, and where it leads."""

import typing
from itertools import groupby
from pathlib import Path

import pytest

from app.domain.errors import Broken
from app.domain.infusion import facts as e
from app.domain.infusion.phases import TABLE, Phase, phase_after
from app.domain.infusion.story import after
from app.domain.log import Entry, Event

from .cast import LI
from .play import Play

GOLDEN = Path(__file__).with_name("phase_table.txt")
EVENTS: tuple[type[Event], ...] = typing.get_args(e.InfusionEvent)


def drawn() -> str:
    """One line an event, one column a phase: `.` refused, `=` stays, else the phase it leads to."""
    lines = [("", *(p.value for p in Phase))]
    lines += [(kind.__name__, *(_cell(phase, kind) for phase in Phase)) for kind in EVENTS]
    return "\n".join("".join(f"{cell:<21}" if i == 0 else f"{cell:<13}" for i, cell in enumerate(row)).rstrip()
                     for row in lines) + "\n"  # fmt: skip


def _cell(phase: Phase, kind: type[Event]) -> str:
    after = TABLE.get((phase, kind))
    if after is None:
        return "."
    return "=" if after is phase else after.value


def test_the_table_is_the_golden_one() -> None:
    assert drawn() == GOLDEN.read_text(encoding="utf-8")


def test_every_event_has_its_own_row() -> None:
    assert {kind for _phase, kind in TABLE} | {e.Ordered} == set(EVENTS)
    assert all(len(list(same)) == 1 for _name, same in groupby(sorted(k.__name__ for k in EVENTS)))


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.PAUSED])
def test_the_end_and_a_reaction_are_always_possible_while_infusing(phase: Phase) -> None:
    for kind in (e.InfusionEnded, e.InfusionStopped, e.ReactionNoted):
        assert (phase, kind) in TABLE


def test_an_event_where_the_table_has_none_is_our_own_fault() -> None:
    play = Play()
    assert phase_after(Phase.ORDERED, e.Started(play.rules.infusion.stages[0].rate_gtt_min[0])) is None
    entry = Entry("x", "inf", play.now, LI.person_id, e.Received())
    with pytest.raises(Broken, match="Received is not possible while ordered"):
        after(play.state, [entry])
    assert play.state.phase is Phase.ORDERED
