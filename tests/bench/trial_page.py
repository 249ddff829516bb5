"""The Trial page: from a store that is open to a page that can be read, and how that grows with the subjects."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from time import process_time
from types import TracebackType
from typing import Self

import msgspec
from PySide6.QtWidgets import QApplication

from app.domain.infusion.facts import Ordered
from app.domain.log import Entry, stream_of
from app.domain.texts import say
from app.jobs.record_maker import ReportMaker
from app.practice.made_up_trial import MadeUpTrial
from app.program.open_record import OpenRecord, open_record
from app.services.clock import ScaledClock, wall_utc
from app.services.protocol_files import load, load_rules
from db.log.batch import Batch
from tests.accounts import people_of
from tests.domain.cast import EVERYBODY, ZHAO
from tests.fakes import NoRecords, at_once
from ui.frame.desk import Desk
from ui.frame.shell import Shell
from ui.trial.page import TrialPage

from .places import folder
from .timing import Found, in_turn

SUBJECTS, MANY = 24, 500


def trial_page() -> dict[str, Found]:
    """A trial of 24 subjects over 18 months, against an empty one: the page is made, read and painted."""
    with folder() as place, Opened(Path(place) / "full.db", SUBJECTS) as full, Opened(Path(place) / "none.db", 0) as none:
        return {"trial_page": in_turn(full.open_page, none.open_page, process_time)}


def trial_page_many() -> dict[str, Found]:
    """500 subjects against 24."""
    with folder() as place, Opened(Path(place) / "many.db", MANY) as many, Opened(Path(place) / "full.db", SUBJECTS) as full:
        return {"trial_page_500": in_turn(many.open_page, full.open_page, process_time)}


@cache
def shell() -> Shell:
    made = Shell("en", "light", practice=True, ward=say("Practice ward"))
    made.window.resize(1366, 768)
    made.window.show()
    return made


class Opened:
    """A store with so many subjects, open, as it is when somebody turns to the page."""

    def __init__(self, path: Path, subjects: int) -> None:
        self.record: OpenRecord = open_record(path, load(), ScaledClock(), at_once, practice=True)
        if subjects:
            self.record.recorder.append(Batch(tuple(entries_of(subjects)))).result()
        people = people_of(EVERYBODY, "", self.record.executor, at_once)
        self.desk = Desk(shell().kit, self.record.bedside, people, self.record.exchange, NoRecords(), shell().window)
        self.desk.sign_in(ZHAO)
        self.files = ReportMaker(self.record.file, self.record.executor, at_once)
        trial = self.record.trial_desk()
        assert trial is not None
        trial.data()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.record.close()

    def open_page(self) -> None:
        page = TrialPage(self.desk, self.record.trial_desk(), self.record.settings, self.files)
        page.resize(1280, 660)
        page.refresh()
        page.grab()
        page.deleteLater()
        QApplication.processEvents()


def entries_of(subjects: int) -> list[Entry]:
    """Made-up trials of 24 side by side: the board's ceiling would keep more out of one."""
    found: list[Entry] = []
    for n in range(-(-subjects // SUBJECTS)):
        kept = [x for x in _trial() if _number(x) <= subjects - n * SUBJECTS]
        found += [_renamed(x, f"T{n:02}") for x in kept] if n else kept
    return sorted(found, key=lambda x: x.at)


@cache
def _trial() -> Sequence[Entry]:
    now: datetime = wall_utc()
    trial = load()
    made = MadeUpTrial(SUBJECTS, now, 25, trial, load_rules(trial.protocol), timezone(timedelta(hours=8)), whole=False)
    return made.entries


def _number(entry: Entry) -> int:
    code = entry.stream.partition("S-" if "S-" in entry.stream else "s-")[2]
    return int(code[:3])


def _renamed(entry: Entry, before: str) -> Entry:
    stream = stream_of(entry.stream)
    text = f"subject:{before}-{stream.id}" if stream.kind == "subject" else f"{before}-{entry.stream}"
    event = entry.event
    if isinstance(event, Ordered):
        event = msgspec.structs.replace(event, subject=f"{before}-{event.subject}")
    return msgspec.structs.replace(entry, event_id=f"{before}-{entry.event_id}", stream=text, event=event)
