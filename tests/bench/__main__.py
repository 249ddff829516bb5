"""`python -m tests.bench [NAME…]`: each measure, or those that a NAME begins, as `name ours floor ratio goal`."""

import sys
from pathlib import Path

import msgspec

from . import CannotRun
from .measures import MEASURES, Measure


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the table as it is kept. `holds` None: there is no goal, or it could not be measured."""

    ours: float | None = None
    floor: float | None = None
    ratio: float | None = None
    goal: str = ""
    holds: bool | None = None
    why_not: str = ""


def main(names: list[str]) -> None:
    wanted = [name for name in MEASURES if not names or any(_is_meant(name, given) for given in names)]
    told = {}
    for name in wanted:
        told[name] = found = _measured(MEASURES[name])
        print(_line(name, found), flush=True)
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")


def _is_meant(name: str, given: str) -> bool:
    return name == given or name.startswith(f"{given}_")


def _measured(measure: Measure) -> Told:
    try:
        ours, floor = measure.run()
    except CannotRun as reason:
        return Told(goal=str(measure.goal), why_not=str(reason))
    return Told(ours, floor, ours / floor, str(measure.goal), measure.goal.holds(ours / floor))


def _line(name: str, told: Told) -> str:
    if told.ours is None or told.floor is None or told.ratio is None:
        return f"{name:<20} not measured: {told.why_not}"
    missed = "  missed" if told.holds is False else ""
    return f"{name:<20} {told.ours:>12.6g} {told.floor:>12.6g} {told.ratio:>8.3g}  {told.goal}{missed}"


main(sys.argv[1:])
