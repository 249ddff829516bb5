"""From the start of the process to a painted frame, to a usable page, and to an infusion that is watched again."""

from pathlib import Path

from .child import Command, until_ready_s
from .places import folder
from .stores import busy, calm
from .timing import RUNS, Found
from .ward_store import RUNNING
from .wires import wires


def start_paint() -> dict[str, Found]:
    """The frame with the program's name and clock, against a bare window."""
    with folder() as place:
        return {"start_paint": _in_turn((("painted",), Path(place)), (("bare",), Path(place)))}


def start_ready() -> dict[str, Found]:
    """The Ward page of a record of 1,000 infusions, against a bare window, the slow imports and one plot."""
    with folder() as place:
        calm("1000", Path(place))
        return {"start_ready": _in_turn((("opened", "ward"), Path(place)), (("plot",), Path(place)))}


def resume() -> dict[str, Found]:
    """An infusion that was watched for two hours, on the screen and watched again, against `start_ready`."""
    with folder() as place, wires(1) as (wire,):
        quiet, live = Path(place) / "calm", Path(place) / "busy"
        calm("1000", quiet)
        busy("1000", live, wire.name)
        return {"resume": _in_turn((("opened", RUNNING), live), (("opened", "ward"), quiet))}


def _in_turn(ours: tuple[Command, Path], floor: tuple[Command, Path]) -> Found:
    """Once unmeasured, so that every module is compiled and every file is in the cache."""
    until_ready_s(*ours)
    until_ready_s(*floor)
    return [(until_ready_s(*ours), until_ready_s(*floor)) for _ in range(RUNS)]
