"""One infusion played by the program's own rules, its samples sealed; and the same again under other names and times."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import sin
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import MeasureRate
from app.domain.infusion.chapters.ordering import OrderedBy, Wanted, prescribed
from app.domain.infusion.drip_volume import offered_rates
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.log import Entry
from app.domain.people.signatures import signed
from app.domain.vitals.vital_signs import VITALS
from app.services.ward.sealing import SEAL_AFTER, Sealing
from db.log.batch import Projection, SampleRow, projection, sample_line
from db.log.canonical import utc_ms
from db.log.chain import SealedSample, seal_of
from tests.domain.cast import LI, SHA256, TRIAL, ZHAO, clock
from tests.domain.play import Play, Preparation, signed_anew, vitals

#: As `Play` calls them, and as no word of an event is.
_ID, _SUBJECT, _BED = "inf", "S-001", "77"
_GROUP = "C"
DOSES = TRIAL.doses_in(_GROUP)
_WATCHED_S = 9000
_MEASURED = ("hr", "spo2", "rr", "temp")
_MINUTE = timedelta(minutes=1)
T = TypeVar("T")


class Name(NamedTuple):
    """Whose infusion it is. `earlier`: than the one that was played."""

    infusion_id: str
    subject: str
    bed: str
    dose_number: int
    earlier: timedelta = timedelta(0)


class Played(NamedTuple):
    """`minutes`: what was sampled, by when the minute began (ms since 1970)."""

    entries: tuple[Entry, ...]
    state: Infusion
    rows: Projection
    minutes: dict[int, list[SealedSample]]
    bags: tuple[str, ...]

    @property
    def samples(self) -> Iterator[SealedSample]:
        return (sample for minute in self.minutes.values() for sample in minute)


def signed_infusion(weight: str, every_s: int = 1) -> Played:
    """By the book up to both signatures; four vital signs for 2.5 h, each every so many seconds."""
    made = Preparation(_ordered(), weight, 20)
    return _sampled(made.until("signed"), made.ids, _WATCHED_S, every_s)


def running_infusion(every_s: int = 1) -> Played:
    """Ordered and watched for two hours, its drip is stepped up, and nothing is due within five minutes."""
    made = Preparation(_ordered("12:20"), "70.0", 20)
    play = made.until("stepped up")
    rate = Decimal(offered_rates(play.state, 1, play.now)[0])
    play.do(MeasureRate(rate, "taps", 6, Decimal(4)), LI, clock("14:18"))
    play.do(vitals(), LI, clock("14:24"))
    return _sampled(play, made.ids, 7200, every_s)


def ordered_infusion() -> Played:
    """Just ordered, and signed for."""
    return _sampled(_ordered(), [], 0, 1)


def _ordered(at: str = "13:00") -> Play:
    """On an investigator's signature."""
    wanted = Wanted(_SUBJECT, _BED, _GROUP, 1)
    order, signature = prescribed(wanted, ZHAO, (), OrderedBy(TRIAL, SHA256["msc-icaht"], practice=False))
    assert isinstance(order, e.Ordered)
    play = Play(ordered=at, order=order)
    play.entries[0] = replace(play.entries[0], by=ZHAO.person_id)
    play.state = replay(_ID, play.entries, TRIAL)
    play.take(signed(play.entries, signature, ZHAO), ZHAO.person_id)
    return play


def _sampled(play: Play, bags: list[str], seconds: int, every_s: int) -> Played:
    """Of so many seconds up to the last event, with the samples of its watch, sealed minute by minute as the ward does."""
    watched_from = play.now - timedelta(seconds=seconds)
    sealing, minutes, seals = Sealing(watched_from - _MINUTE), dict[int, list[SealedSample]](), list[Entry]()
    for second in range(0, seconds, every_s):
        at = watched_from + timedelta(seconds=second)
        rows = [SampleRow(_ID, vital, at, _value(vital, second), "ok", "ecg") for vital in _MEASURED]
        sealing.keep(rows)
        for row in rows:
            minutes.setdefault(utc_ms(at) // 60_000 * 60_000, []).append(sample_line(row)[1:])
    for seal in sealing.over(play.now, None):
        seals.append(Entry(f"s{len(seals)}", _ID, seal.minute + SEAL_AFTER, None, seal))
    seals = [x for x in seals if x.at <= play.now]
    kept = {utc_ms(x.event.minute) for x in seals if isinstance(x.event, e.SamplesSealed)}
    entries = signed_anew(sorted([*play.entries, *seals], key=lambda x: x.at))
    state = replay(_ID, list(entries), TRIAL)
    return Played(entries, state, projection(state), {t: found for t, found in minutes.items() if t in kept}, tuple(bags))


def _value(vital: str, second: int) -> float:
    low = float(VITALS[vital].plausible_low)
    return round(low + 40 + 5 * sin(second / 60) + second % 7 / 10, 1)


def again(played: Played, name: Name) -> tuple[tuple[Entry, ...], Projection]:
    """The same events of another infusion, so much earlier: its samples sealed anew, its signatures given anew."""
    ids = {x.event_id: f"{name.infusion_id}-{x.event_id}" for x in played.entries}
    bags = {bag: f"U-{name.infusion_id}-{n}" for n, bag in enumerate(played.bags)}
    names = {**ids, **bags, _ID: name.infusion_id, _SUBJECT: name.subject, _BED: name.bed}
    entries = [_again(played, x, names, name) for x in played.entries]
    rows = _moved(played.rows, names, name.earlier)
    infusion: Any = rows.infusion
    return signed_anew(entries), replace(rows, infusion=replace(infusion, dose_number=name.dose_number))


def _again(played: Played, entry: Entry, names: dict[str, str], name: Name) -> Entry:
    event = entry.event
    if isinstance(event, e.SamplesSealed):
        new: Any = _sealed(played.minutes[utc_ms(event.minute)], event, name.earlier)
    else:
        new = _moved(event, names, name.earlier)
        if isinstance(new, e.Ordered):
            new = replace(new, dose_number=name.dose_number)
    return Entry(names[entry.event_id], name.infusion_id, entry.at - name.earlier, entry.by, new, entry.co)


def _sealed(minute: list[SealedSample], event: e.SamplesSealed, earlier: timedelta) -> e.SamplesSealed:
    off = earlier // timedelta(milliseconds=1)
    count, sha256 = seal_of([(vital, t - off, value, quality, source) for vital, t, value, quality, source in minute])
    return replace(event, minute=event.minute - earlier, count=count, sha256=sha256)


def _moved(value: T, names: dict[str, str], earlier: timedelta) -> T:
    """All the way down: names that are known, and every time."""
    found: Any = value
    match value:
        case msgspec.Struct():
            fields = {f: getattr(value, f) for f in value.__struct_fields__}
            new = {f: moved for f, old in fields.items() if (moved := _moved(old, names, earlier)) is not old}
            found = replace(value, **new) if new else value
        case str():
            found = names.get(value, value)
        case date() if earlier:
            found = value - earlier
        case tuple() if value and not hasattr(value, "_fields"):
            parts = [_moved(item, names, earlier) for item in value]
            found = tuple(parts) if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        case dict():
            found = {_moved(k, names, earlier): _moved(v, names, earlier) for k, v in value.items()}
    return found  # type: ignore[no-any-return]
