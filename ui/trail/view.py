"""The trail as the page shows it: rows of the table, the filters that are set, the line about the last review."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.log import PEOPLE, stream_of, stream_text
from app.domain.people.accounts import TOLD, Reviewed, Scope
from app.domain.texts import Dated, Text, say
from app.services.words.stream_words import stream_cell, stream_words
from app.services.words.trail import TrailLine, who
from app.services.words.trail_scope import GROUP_NAMES, QUIET, TOLD_NAME, dose_of, kinds, looked_words
from app.services.words.words import Words, from_local
from db.log.log_pages import Saved, TrailFilter
from ui.kit.table import Column, TableLine, TableState
from ui.records.view import RecordRow

COLUMNS = (
    Column(say("Event"), 1.15, right=True),
    Column(say("When"), 2.35),
    Column(say("Who"), 1.6),
    Column(say("Subject"), 1.25),
    Column(say("What"), 4.0, strong=True),
)
_DAY = timedelta(days=1)
OLDER = say("Older ones: type the subject’s code")


class FilterChoice(NamedTuple):
    """One entry of a filter; an empty key: all."""

    key: str
    name: Text | str


def wanted(scope: Scope) -> TrailFilter:
    """Raises ValueError for a day that is none."""
    until, of_kind = day(scope.to_day), () if scope.kind == TOLD else kinds(scope.kind)
    return TrailFilter(
        scope.text, scope.person, of_kind, scope.stream, day(scope.from_day), until + _DAY if until else None,
        QUIET if scope.kind == TOLD else (),
    )  # fmt: skip


def day(typed: str) -> datetime | None:
    """The beginning of a local day. Raises ValueError."""
    return from_local(datetime.strptime(typed, "%Y-%m-%d")) if typed else None


class RowsInWords:
    """Rows of the trail in a language, made where they are read: the window's thread has no more to do than to show them."""

    def __init__(self, names: Mapping[str, str], words: Words) -> None:
        self._names, self._words = names, words
        self._made: Mapping[int, TableLine] = {}

    def make(self, found: Sequence[TrailLine]) -> None:
        """In place of those made before. On the reading thread."""
        self._made = {line.saved.seq: _row(line, self._names, self._words) for line in found}

    def table(self, found: Sequence[TrailLine], words: Words) -> TableState:
        """In other words, or where others were read meanwhile, they are made now."""
        made = self._made if words is self._words else {}
        return TableState(COLUMNS, tuple(made.get(line.saved.seq) or _row(line, self._names, words) for line in found))


def _row(line: TrailLine, names: Mapping[str, str], words: Words) -> TableLine:
    saved, at = line.saved, line.saved.entry.at
    about = stream_cell(stream_of(saved.entry.stream), saved.subject)
    cells = (str(saved.seq), f"{words.date(at)} {words.clock(at)}", who(saved.entry.by, names), about, line.said)
    return TableLine(str(saved.seq), cells)


def reviewed_line(saved: Saved | None, names: Mapping[str, str]) -> Text:
    """Up to which event somebody has read the trail."""
    event = saved.entry.event if saved else None
    if saved is None or not isinstance(event, Reviewed):
        return say("Not reviewed yet")
    return reviewed_words(event, who(saved.entry.by, names), saved.entry.at)


def reviewed_words(event: Reviewed, by: Text | str, at: datetime) -> Text:
    if event.spans:
        return say("{looked}, reviewed by {who} on {at}", looked=looked_words(event), who=by, at=Dated(at))
    return say("Reviewed up to event {n} by {who} on {at}", n=event.up_to, who=by, at=Dated(at))


def kind_choices() -> list[FilterChoice]:
    groups = (FilterChoice(group.value, name) for group, name in GROUP_NAMES.items())
    return [FilterChoice(TOLD, TOLD_NAME), FilterChoice("", say("All kinds")), *groups]


def infusion_choices(rows: Sequence[RecordRow], chosen: RecordRow | None, most: int) -> list[FilterChoice]:
    """`chosen`: the one that is looked at, which stays among them. Where there are `most`, the last says how to find older ones."""
    listed = {row.infusion_id: row for row in (*rows, *([] if chosen is None else [chosen]))}
    found = [FilterChoice(row.infusion_id, dose_of(row.subject, row.dose_number)) for row in listed.values()]
    accounts = FilterChoice(stream_text(PEOPLE), stream_words(PEOPLE))
    older = [FilterChoice("", OLDER)] if len(rows) >= most else []
    return [FilterChoice("", say("All infusions")), accounts, *found, *older]
