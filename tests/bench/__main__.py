"""`python -m tests.bench [NAME…]`: each measure, or those that a NAME begins, as `name ours floor ratio goal met|missed`.

How often each was measured, how far the repeats lie apart and how busy the machine was stands on stderr and in build/bench.json.
"""

import os
import sys
from pathlib import Path

import msgspec

from app.services.clock import wall_utc

from .judging import Goal, Told, judged, line, remark, total
from .measures import MEASURES
from .running import Answer, Run, apart, chosen

_KEPT = Path("build") / "bench.json"
_MAKING_S = 3600.0


def main(names: list[str]) -> int:
    found = chosen(MEASURES, names)
    if not found:
        print(f"no measure is called {' or '.join(names)}", file=sys.stderr)
        return 2
    told: dict[str, Told] = {}
    for run, goals in found:
        for name, one in _measured(run, goals).items():
            told[name] = one
            print(line(name, one), flush=True)
            print(remark(name, one), file=sys.stderr, flush=True)
        _keep(told)
    print(total(told))
    return 0


def _measured(run: Run, goals: dict[str, Goal]) -> dict[str, Told]:
    missing = next((why for kind in run.stores if (why := _store(kind))), "")
    at, load = wall_utc(), os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    got = Answer(why_not=missing) if missing else apart(["-m", "tests.bench.one", next(iter(run.goals))], run.limit_s)
    return {
        name: judged(got.found[name], goal, at, load)
        if got.found.get(name)
        else Told(str(goal), False, at, load, why_not=got.why_not or "it was not measured")
        for name, goal in goals.items()
    }


def _store(kind: str) -> str:
    """Why a record that is measured on is not there; it is made where it is not."""
    why = apart(["-m", "tests.bench.stores", kind], _MAKING_S).why_not
    return f"the record {kind} could not be made: {why}" if why else ""


def _keep(told: dict[str, Told]) -> None:
    """What was measured now, in place of what was measured before by the same names."""
    kept = msgspec.json.decode(_KEPT.read_bytes(), type=dict[str, msgspec.Raw]) if _KEPT.exists() else {}
    now = {name: msgspec.Raw(msgspec.json.encode(one)) for name, one in told.items()}
    _KEPT.parent.mkdir(exist_ok=True)
    _KEPT.write_bytes(msgspec.json.format(msgspec.json.encode({**kept, **now}), indent=1) + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
