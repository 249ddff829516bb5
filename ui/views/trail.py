"""The trail as the page shows it: rows of the table, the filters that are set, the line about the last review."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from app.domain.accounts import AccountEntry, Reviewed
from app.domain.texts import Dated, Text, say
from app.services.trail import KINDS, Detail, Trail, kinds
from app.services.words import Words, from_local
from db.trail import Saved, Wanted
from ui.widgets.table import Column, Row, TableState

COLUMNS = (
    Column(say("Event"), 0.85, right=True),
    Column(say("When"), 2.35),
    Column(say("Who"), 1.6),
    Column(say("Subject"), 1.25),
    Column(say("What"), 4.3, strong=True),
)
_DAY = timedelta(days=1)


class Choice(NamedTuple):
    """One entry of a filter; an empty key: all."""

    key: str
    name: Text | str


class Filters(msgspec.Struct, frozen=True):
    """What was chosen on the page. `from_day`, `to_day`: local dates as typed, both inclusive, or empty."""

    text: str = ""
    person: Choice = Choice("", "")
    kind: Choice = Choice("", "")
    infusion: Choice = Choice("", "")
    from_day: str = ""
    to_day: str = ""

    def wanted(self) -> Wanted:
        """Raises ValueError for a day that is none."""
        until = day(self.to_day)
        return Wanted(self.text, self.person.key, kinds(self.kind.key), self.infusion.key, day(self.from_day),
                      until + _DAY if until else None)  # fmt: skip

    def set(self) -> list[Detail]:
        """Those that leave something out."""
        chosen: tuple[Detail, ...] = (
            (say("Text in the event"), self.text),
            (say("Person"), self.person.name if self.person.key else ""),
            (say("Kind"), self.kind.name if self.kind.key else ""),
            (say("Infusion"), self.infusion.name if self.infusion.key else ""),
            (say("From"), self.from_day),
            (say("Until"), self.to_day),
        )
        return [(name, value) for name, value in chosen if value]


def day(typed: str) -> datetime | None:
    """The beginning of a local day. Raises ValueError."""
    return from_local(datetime.strptime(typed, "%Y-%m-%d")) if typed else None


def table(found: list[Saved], trail: Trail, words: Words) -> TableState:
    return TableState(COLUMNS, tuple(_row(saved, trail, words) for saved in found))


def _row(saved: Saved, trail: Trail, words: Words) -> Row:
    at, who = saved.entry.at, trail.who(saved.entry.by)
    about = say("Accounts") if isinstance(saved.entry, AccountEntry) else saved.subject
    return Row(str(saved.seq), (str(saved.seq), f"{words.date(at)} {words.clock(at)}", who, about, trail.said(saved)))


def reviewed_line(saved: Saved | None, trail: Trail) -> Text:
    """Up to which event somebody has read the trail."""
    event = saved.entry.event if saved else None
    if saved is None or not isinstance(event, Reviewed):
        return say("Not reviewed yet")
    return reviewed_words(event, trail.who(saved.entry.by), saved.entry.at)


def reviewed_words(event: Reviewed, who: Text | str, at: datetime) -> Text:
    return say("Reviewed up to event {n} by {who} on {at}", n=event.up_to, who=who, at=Dated(at))


def kind_choices() -> list[Choice]:
    return [Choice("", say("All kinds")), *(Choice(key, name) for key, (name, _) in KINDS.items())]
