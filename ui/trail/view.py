"""The trail as the page shows it: rows of the table, the filters that are set, the line about the last review."""

from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.log import stream_of
from app.domain.people.accounts import TOLD, Reviewed, Scope
from app.domain.texts import Dated, Text, say
from app.services.words.stream_words import stream_cell
from app.services.words.trail import Trail
from app.services.words.trail_scope import GROUP_NAMES, QUIET, TOLD_NAME, kinds, looked_words
from app.services.words.words import Words, from_local
from db.log.log_pages import Saved, TrailFilter
from ui.kit.table import Column, TableLine, TableState

COLUMNS = (
    Column(say("Event"), 0.85, right=True),
    Column(say("When"), 2.35),
    Column(say("Who"), 1.6),
    Column(say("Subject"), 1.25),
    Column(say("What"), 4.3, strong=True),
)
_DAY = timedelta(days=1)


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


def table(found: list[Saved], trail: Trail, words: Words) -> TableState:
    return TableState(COLUMNS, tuple(_row(saved, trail, words) for saved in found))


def _row(saved: Saved, trail: Trail, words: Words) -> TableLine:
    at, who = saved.entry.at, trail.who(saved.entry.by)
    about = stream_cell(stream_of(saved.entry.stream), saved.subject)
    return TableLine(str(saved.seq), (str(saved.seq), f"{words.date(at)} {words.clock(at)}", who, about, trail.said(saved)))


def reviewed_line(saved: Saved | None, trail: Trail) -> Text:
    """Up to which event somebody has read the trail."""
    event = saved.entry.event if saved else None
    if saved is None or not isinstance(event, Reviewed):
        return say("Not reviewed yet")
    return reviewed_words(event, trail.who(saved.entry.by), saved.entry.at)


def reviewed_words(event: Reviewed, who: Text | str, at: datetime) -> Text:
    if event.spans:
        return say("{looked}, reviewed by {who} on {at}", looked=looked_words(event), who=who, at=Dated(at))
    return say("Reviewed up to event {n} by {who} on {at}", n=event.up_to, who=who, at=Dated(at))


def kind_choices() -> list[FilterChoice]:
    groups = (FilterChoice(group.value, name) for group, name in GROUP_NAMES.items())
    return [FilterChoice(TOLD, TOLD_NAME), FilterChoice("", say("All kinds")), *groups]
