"""Stores as a ward has them after a year, and with one infusion that has run for two hours."""

from datetime import datetime, timedelta
from functools import cache
from math import sin
from pathlib import Path

import msgspec

from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.state import Infusion
from app.domain.infusion.summary import summary
from app.domain.log import Entry
from app.jobs.record_clock import stamp
from db.batch import Batch, Projection, SampleRow
from db.recorder import Recorder
from tests.domain.cast import LI, clock
from tests.domain.play import prepared

_OF_A_YEAR = 1000
#: Where the program looks for it in a folder of user data.
STORE = Path("bedside") / "bedside.db"
RUNNING = "running"
BED = "12"


@cache
def _signed() -> tuple[list[Entry], Infusion]:
    made = prepared("signed")
    return made.entries, made.state


def year(path: Path) -> None:
    """1,000 signed infusions, the last of them yesterday."""
    path.parent.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(path, stamp)
    for number in range(_OF_A_YEAR):
        earlier = timedelta(days=1) + timedelta(days=365) * (_OF_A_YEAR - number) / _OF_A_YEAR
        recorder.append(batch(*_signed(), f"inf-{number}", earlier))
    recorder.flush().result()
    recorder.close()


def batch(entries: list[Entry], state: Infusion, infusion_id: str, earlier: timedelta = timedelta(0)) -> Batch:
    """The same infusion under another name, and so much earlier."""
    rows = summary(state, state.entries[-1].at).infusion
    times = {name: at - earlier for name, at in msgspec.structs.asdict(rows).items() if isinstance(at, datetime)}
    named = Projection(infusion_id, msgspec.structs.replace(rows, **times))
    return Batch(tuple(at_bed(entry, infusion_id, earlier) for entry in entries), (named,))


def at_bed(entry: Entry, infusion_id: str, earlier: timedelta = timedelta(0)) -> Entry:
    """The same event of another infusion."""
    named = f"{infusion_id}-{entry.event_id}"
    return msgspec.structs.replace(entry, event_id=named, stream=infusion_id, at=entry.at - earlier)


def two_hours(path: Path, port: str) -> None:
    """One more infusion that runs since two hours, with a value of four vital signs a second, and its bed's monitor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(path, stamp)
    made = prepared("stepped up")
    made.do(AddNote("two hours by now"), LI, clock("16:00"))
    recorder.append(batch(made.entries, made.state, RUNNING)).result()
    recorder.add_samples(_samples())
    recorder.put_setting("monitors", {BED: [(port, "datex-s5")]}).result()
    recorder.close()


def _samples() -> list[SampleRow]:
    middle = {"hr": 84.0, "spo2": 97.0, "rr": 17.0, "temp": 36.8}
    start = clock("14:00")
    return [
        SampleRow(RUNNING, code, start + timedelta(seconds=n), round(value + sin(n / 60), 1), "ok", "ecg")
        for n in range(7200)
        for code, value in middle.items()
    ]
