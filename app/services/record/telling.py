"""How a record speaks: one language, names of people, times and numbers as they stand on paper."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import correction, corrections_of
from app.domain.log import Entry, Event
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import UNITS
from app.services.words.event_words import describe, happened, monitor_named
from app.services.words.words import Words

from .blocks import Cell, Run
from .source import RecordSource

DASH = "—"
_TENTH = Decimal("0.1")


class Teller:
    """Puts one record's facts into one language."""

    def __init__(self, source: RecordSource, words: Words, both: bool = True) -> None:
        self.source = source
        self.state = source.state
        self.words = words
        self._other = Words("en" if words.language != "en" else "zh_CN") if both else None
        day = self.state.started_at or self.state.ordered_at
        self.day = words.date(day)
        self.offset = offset(day)

    def tr(self, text: Text | str) -> str:
        """A `Text` in this language; a plain string was typed by a person and stands as it is."""
        return self.words.tr(text) if isinstance(text, Text) else text

    def both(self, text: Text) -> str:
        """In this language, then in the other one where it can be printed."""
        return " / ".join(filter(None, (self.tr(text), self._other.tr(text) if self._other else "")))

    def name(self, person_id: str | None) -> str:
        if person_id is None:
            return DASH
        person = self.source.people.get(person_id)
        return person.name if person else person_id

    def names(self, ids: Iterable[str]) -> str:
        return ", ".join(map(self.name, ids)) or DASH

    def prescriber(self) -> str:
        """Who orders it, and when they signed; an older record names only who wrote it."""
        who, signed_at = self.state.order.prescriber, self.state.order_signed_at
        if who is None:
            return self.name(self.state.ordered_by)
        if signed_at is None:
            return self.tr(say("{name}, not signed yet", name=self.name(who)))
        return self.tr(say("{name}, signed {at}", name=self.name(who), at=self.at(signed_at)))

    def stamp(self, at: datetime | None) -> str:
        """Date and local time; the offset from UTC stands once on the first page, and here where it is another one."""
        if at is None:
            return DASH
        shown = f"{self.words.date(at)} {self.words.clock(at)}"
        return shown if offset(at) == self.offset else f"{shown} UTC{offset(at)}"

    def at(self, at: datetime | None) -> str:
        """Local time; with its date where it is not that of the page's head."""
        if at is None:
            return DASH
        return self.words.clock(at) if self.words.date(at) == self.day and offset(at) == self.offset else self.stamp(at)

    def monitor(self, protocol: str) -> str:
        """What the monitor that speaks this protocol is called."""
        return self.tr(self.source.monitors.get(protocol, protocol))

    def line(self, entry: Entry, with_state: bool = True) -> str:
        """`with_state`: of a signature also whether it still stands."""
        return self.tr((describe if with_state else happened)(monitor_named(entry, self.monitor), self.state, self.source.names))

    def entries(self, *kinds: type[Event]) -> list[Entry]:
        return [x for x in self.source.entries if isinstance(x.event, kinds)]

    def mended(self, entry: Entry | None) -> tuple[Run, ...]:
        """The corrections of one event: the old value struck through, the new one, and why."""
        if entry is None:
            return ()
        runs: list[Run] = []
        for found in corrections_of(entry.event_id, self.state):
            assert isinstance(found.event, e.Corrected)
            said = correction(found.event, self.state.known_protocol)
            who = f" ({self.tr(codes.word(found.event.reason))}; {self.name(found.by)}, {self.at(found.at)})"
            runs += [Run(f"† {self.tr(said.field)}: "), Run(self.tr(said.old), "old"),
                     Run(" " + self.tr(said.new), "strong"), Run(who + " ")]  # fmt: skip
        return tuple(runs)

    def with_mended(self, text: str, entry: Entry | None) -> Cell:
        runs = self.mended(entry)
        return (Run(text + " "), *runs) if runs else text

    def volume(self, value: Decimal | None) -> str:
        """ml to 0.1 with its unit."""
        return DASH if value is None else self.tr(say("{n} ml", n=ml(value)))

    def unit(self, unit: str) -> str:
        return self.tr(UNITS[unit])


def whose(order: e.Ordered) -> Text:
    """For whom, where, and which dose: at the head of every page."""
    if not order.group:
        return say("{subject}, bed {bed}", subject=order.subject, bed=order.bed)
    return say("{subject} · bed {bed} · group {group}, dose {dose}", subject=order.subject, bed=order.bed,
               group=order.group, dose=order.dose_number)  # fmt: skip


def offset(at: datetime) -> str:
    """The local offset from UTC at that moment, as `+08:00`."""
    raw = at.astimezone().strftime("%z")
    return f"{raw[:3]}:{raw[3:]}"


def utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def ml(value: Decimal | None) -> str:
    """ml to 0.1."""
    return DASH if value is None else f"{value.quantize(_TENTH, rounding=ROUND_HALF_UP):f}"


def at_least(value: Decimal) -> str:
    return f"{value.quantize(_TENTH, rounding=ROUND_FLOOR):f}"


def at_most(value: Decimal) -> str:
    return f"{value.quantize(_TENTH, rounding=ROUND_CEILING):f}"


def whole(value: Decimal | int) -> str:
    """A whole number in groups of three."""
    return f"{value:,.0f}"


def plain(value: Any) -> str:
    """A number as it was given: no exponent, no trailing zeros after the point."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
