"""The log as one flat trail for a reviewer: each event with who, when by which clock, where, what, and how it came in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import dropwhile
from typing import Protocol

import msgspec

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import correction
from app.domain.infusion.state import Infusion
from app.domain.log import Entry, Event, stream_of
from app.domain.people import accounts as a
from app.domain.safety.safety_facts import SafetyFact
from app.domain.site.site_facts import SiteEvent
from app.domain.texts import Text, joined, listed, say
from app.domain.vitals.vital_signs import VITALS
from db.log.log_pages import Saved, TrailFilter

from .account_words import describe_account
from .desk_words import describe_desk
from .event_words import describe
from .safety_words import describe_safety
from .site_words import describe_site
from .stream_words import stream_words

PAGE = 100
Detail = tuple[Text, Text | str]


class Log(Protocol):
    """Where the trail is read, newest first."""

    def trail(self, wanted: TrailFilter, before_seq: int | None = None, most: int = PAGE, /) -> list[Saved]: ...

    def entries(self, stream: str, /) -> list[Entry]: ...


class TrailLine(msgspec.Struct, frozen=True):
    """One event as the trail tells it. `said`: what happened, in one line; `recorded_on`: the laptop where it was recorded first,
    of what came with a release from another.
    """

    saved: Saved
    said: Text
    recorded_on: str | None = None


class Trail:
    """The trail of one moment. `read` makes an infusion of its events; `names` are those of people by id."""

    def __init__(self, log: Log, read: Callable[[str, list[Entry]], Infusion], names: Mapping[str, str]) -> None:
        self._log, self._read, self._names = log, read, names
        self._infusions: dict[str, Infusion] = {}

    def lines(self, wanted: TrailFilter, before_seq: int | None = None, most: int = PAGE) -> list[TrailLine]:
        """At most so many events, the newest first."""
        return [TrailLine(x, self._said(x), self._recorded_on(x)) for x in self._log.trail(wanted, before_seq, most)]

    def reviewed(self) -> Saved | None:
        """The newest sign-off of a review."""
        return next(iter(self._log.trail(TrailFilter(kinds=(a.Reviewed.__name__,)), None, 1)), None)

    def _said(self, saved: Saved) -> Text:
        entry, names = saved.entry, self._names
        match stream_of(entry.stream).kind:
            case "infusion":
                return describe(entry, self._infusion(entry.stream), names)
            case "people":
                return describe_account(entry.event, names)
            case "trial" if isinstance(entry.event, SiteEvent):
                return describe_site(entry.event)
            case "subject" if isinstance(entry.event, SafetyFact):
                return describe_safety(entry.event)
            case "subject" | "trial":
                return describe_desk(entry.event)

    def _recorded_on(self, saved: Saved) -> str | None:
        if stream_of(saved.entry.stream).kind != "infusion":
            return None
        entries = self._infusion(saved.entry.stream).entries
        following = [*dropwhile(lambda x: x.event_id != saved.entry.event_id, entries)][1:]
        return next((x.event.from_name for x in following if isinstance(x.event, e.ReleaseArrived)), None)

    def _infusion(self, stream: str) -> Infusion:
        if stream not in self._infusions:
            self._infusions[stream] = self._read(stream, self._log.entries(stream))
        return self._infusions[stream]


def who(person_id: str | None, names: Mapping[str, str]) -> Text | str:
    """Name and number."""
    if person_id is None:
        return say("the program")
    name = names.get(person_id)
    return f"{name} ({person_id})" if name and name != person_id else person_id


def details(line: TrailLine, names: Mapping[str, str]) -> list[Detail]:
    """Everything that is known of one event, by name."""
    saved, entry, stamp = line.saved, line.saved.entry, line.saved.stamp
    return [
        (say("Event"), str(saved.seq)),
        (say("What"), line.said),
        *(_changed(entry.event) if stream_of(entry.stream).kind == "infusion" else ()),
        (say("Belongs to"), _about(saved)),
        (say("Who"), who(entry.by, names)),
        (say("Co-signer"), who(entry.co, names) if entry.co else "—"),
        (say("How entered"), entered(entry.event) or "—"),
        (say("UTC"), _utc(entry.at)),
        (say("Local time"), _local(entry.at, stamp.utc_offset_min)),
        (say("Saved at (UTC)"), _utc(stamp.wall_utc)),
        (say("Steady clock"), say("{s} s since the computer was started", s=f"{stamp.steady_s:.3f}")),
        (say("Start of the computer"), stamp.boot_id),
        *(((say("Recorded on"), line.recorded_on),) if line.recorded_on is not None else ()),
        (say("Where"), stamp.laptop),
        (say("Program version"), stamp.version),
        (say("Kind"), type(entry.event).__name__),
        (say("Hash"), saved.hash),
    ]


def _about(saved: Saved) -> Text | str:
    stream = stream_of(saved.entry.stream)
    if stream.kind != "infusion":
        return stream_words(stream)
    return say("Subject {subject}, bed {bed}, infusion {infusion}",
               subject=saved.subject or "—", bed=saved.bed or "—", infusion=saved.entry.stream)  # fmt: skip


def _changed(event: Event) -> Iterator[Detail]:
    """Old and new value and the reason, of a correction."""
    if isinstance(event, e.Corrected):
        found = correction(event)
        yield say("Field"), found.field
        yield say("Old value"), found.old
        yield say("New value"), found.new
        yield say("Reason"), codes.word(event.reason)


def entered(event: Event) -> Text | None:
    """Scanned, typed or taken from a monitor, where the event knows."""
    if isinstance(event, e.VitalsRecorded):
        return listed([joined(": ", (VITALS[v.vital].short, codes.word(v.source, codes.ENTRIES))) for v in event.values])
    how: str | None = event.bag.entry if isinstance(event, e.BagScanned) else getattr(event, "entry", None)
    return joined("", (codes.word(how, codes.ENTRIES),)) if how else None


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}"


def _local(at: datetime, offset_min: int) -> str:
    return at.astimezone(timezone(timedelta(minutes=offset_min))).isoformat(sep=" ", timespec="seconds")
