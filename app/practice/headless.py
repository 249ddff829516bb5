"""Practice where there is no display: the same infusion at speed, its record, and pictures of the pages."""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.texts import say
from app.practice.record_lost import RecordLost
from app.practice.rehearsal import Plan, nobody, rehearse
from app.practice.usual import usual_group, usual_pair, why_not_rehearsed
from app.services.protocol_files import Trial, load
from app.services.words.words import tr

if TYPE_CHECKING:
    from app.practice.pictures import Pictures
    from app.program.open_record import OpenRecord

_SPEED = 600.0


def practise(monitor: str, out: Path, trial: Trial | None = None) -> int:
    """Leave the record and the pictures in `out`, and say how to see the window. Exit codes: 0, 1 without the monitor."""
    print(tr(say("There is no display: the practice infusion runs without a window, at ×{speed}.", speed=int(_SPEED))))
    pictures = _pictures(out / "pages")
    trial = trial or load()
    weight_kg, drop_factor = usual_pair(trial.protocol)
    group = usual_group(trial.protocol)
    plan = Plan(weight_kg, drop_factor, group, _SPEED, out, monitor, (("unplug", 20.0),), seed=1)
    try:
        told = rehearse(plan, trial, _progress, _Album(pictures).look if pictures else nobody)
    except RecordLost as lost:
        print(f"{tr(lost.text)}\n{tr(lost.unsaved)}", file=sys.stderr)
        return 1
    print(tr(say("The record: {path}", path=told["files"]["record.pdf"])))
    if pictures:
        print(tr(say("Pictures of the pages: {path}", path=str(out / "pages"))))
    print(tr(say("To see the window, run “make run” on a desktop, or under Xvfb with “xvfb-run make run”.")))
    why = why_not_rehearsed(told)
    if why is not None:
        print(tr(why), file=sys.stderr)
    return 0 if why is None else 1


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _pictures(folder: Path) -> "Pictures | None":
    """A window nobody sees; None where Qt cannot be loaded at all."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from app.practice.pictures import Pictures
    except ImportError as error:
        print(tr(say("No pictures can be made: {why}.", why=str(error))), file=sys.stderr)
        return None
    return Pictures(folder)


class _Album:
    """Takes each picture once, when its moment has come."""

    def __init__(self, pictures: "Pictures") -> None:
        self._pictures = pictures
        self._wanted = _moments()
        self._next = next(self._wanted, None)

    def look(self, record: "OpenRecord", state: Infusion) -> None:
        while self._next is not None and _has_come(self._next, state, record):
            self._pictures.take(record, state.infusion_id, self._next[0])
            self._next = next(self._wanted, None)


_Moment = tuple[str, Phase, int]


def _moments() -> Iterator[_Moment]:
    """Page, the phase in which to take it, minutes after that phase was reached."""
    yield "dispense", Phase.ORDERED, 2
    yield "infusion", Phase.RUNNING, 38
    yield "ward", Phase.RUNNING, 39
    for page in ("records", "trail", "settings"):
        yield page, Phase.OBSERVED, 0


def _has_come(moment: _Moment, state: Infusion, record: "OpenRecord") -> bool:
    _page, phase, minutes = moment
    reached = state.reached.get(phase)
    return reached is not None and record.bedside.now() >= reached + timedelta(minutes=minutes)
