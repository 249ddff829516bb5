"""One eventful infusion, played through the rules: two bags, a wrong bag, a pulled cable, a pause, a late and a
missed check, a reaction, corrections, lost watch, a moved clock, two signatures."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RecordCertificate, ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.notes import HandOver
from app.domain.infusion.chapters.pause import Pause, Resume
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.reaction import NoteReaction, ResolveReaction
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ThawBag
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.infusion.decide import decide
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import after, replay
from app.domain.log import Entry, Event, encode
from app.domain.people.roles import Person, Role
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.domain.texts import say
from app.services.record.source import ChainHead, RecordSource, SampleRow
from devices.models import MODELS

D = Decimal
ORDERED = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
START = ORDERED + timedelta(minutes=60)
LIN = Person("p-lin", "Lin Mei", Role.NURSE)
WANG = Person("p-wang", "Wang Wei", Role.NURSE)
CHEN = Person("p-chen", "Chen Jing", Role.PHARMACIST)
ZHAO = Person("p-zhao", "Zhao Ming", Role.INVESTIGATOR)
PEOPLE = {p.person_id: p for p in (LIN, WANG, CHEN, ZHAO)}
BAGS = ("UC-2611-043", "UC-2611-044")
NOTE = "Sat up to drink; drip slower for a minute."


def at(minute: float) -> datetime:
    """Minutes from the start."""
    return START + timedelta(minutes=minute)


class Story:
    """Plays commands; every event passes through the table like in the program."""

    def __init__(self, protocol: Protocol, practice: bool) -> None:
        self.protocol = protocol
        self.entries: list[Entry] = []
        order = e.Ordered("S-017", "12", "B", 1, protocol.id, protocol.version, "5f" * 32, practice)
        self.state: Infusion
        self.happen(order, ORDERED, ZHAO)

    def happen(self, event: Event, when: datetime, by: Person | None = None) -> str:
        event_id = f"e{len(self.entries) + 1}"
        saved = decode("infusion", encode(event))
        entry = Entry(event_id, "i-1", when, by.person_id if by else None, saved)
        self.entries.append(entry)
        self.state = after(self.state, [entry]) if self.entries[1:] else replay("i-1", self.entries, self.protocol)
        return event_id

    def do(self, command: Command, by: Person, when: datetime) -> str:
        """The id of the last event that the command led to."""
        event_id = ""
        for event in decide(self.state, command, by, when):
            event_id = self.happen(event, when, by)
        return event_id


def vitals(hr: int = 82, monitor: bool = True, **more: Any) -> RecordVitals:
    source: Any = "monitor" if monitor else "typed"
    age = 4 if monitor else None
    values = {"hr": hr, "pr": hr + 1, "spo2": 97, "nibp_sys": 118 + hr % 7, "nibp_dia": 74, "nibp_map": 89, "rr": 16}
    entries = [e.VitalEntry(k, D(v), source, 72 if age and k.startswith("nibp") else age) for k, v in values.items()]
    entries.append(e.VitalEntry("temp", D("36.8"), "typed"))
    return RecordVitals(tuple(entries), False, "A", **{"discomfort": False, **more})


def without_rr(why: str) -> RecordVitals:
    whole = vitals(85)
    values = tuple(e.VitalEntry("rr", None, "none", None, why) if v.vital == "rr" else v for v in whole.values)
    return RecordVitals(values, True, "A", False)


@cache
def story(protocol: Protocol, practice: bool = False, note: str = NOTE, to_the_end: bool = True) -> Story:
    """Or up to its minute 23."""
    s = Story(protocol, practice)
    _bench(s)
    _bedside(s)
    _first_half(s, note)
    if to_the_end:
        _second_half(s)
        _observation(s)
    return s


def _bench(s: Story) -> None:
    s.do(RecordWeight(D("70.0"), D("69.2")), LIN, at(-58))
    tests = dict.fromkeys(s.protocol.product.certificate_tests, True)
    for n, bag_id in enumerate(BAGS):
        bag = e.Bag(bag_id, "L2611-07", 100_000_000, D(100), at(60 * 24 * 90), "scan")
        s.do(ScanBag(bag), CHEN, at(-55 + n))
        s.do(RecordCertificate(bag_id, D("92.5") - n, tests, True, True), CHEN, at(-54.5 + n))
    s.do(ChooseSet(20), CHEN, at(-52))
    s.do(Release(), CHEN, at(-50))
    s.do(Receive(), LIN, at(-45))


def _bedside(s: Story) -> None:
    s.do(CheckIdentity("S-017", ("UC-2611-043", "UC-2611-099")), LIN, at(-44))
    s.do(CheckIdentity("S-017", BAGS), LIN, at(-43))
    s.do(CheckIdentity("S-017", BAGS), WANG, at(-42))
    given = GivePremedication(D(5), at(-36), "penicillin (rash, 2019)", False, "drawn")
    given_id = s.do(given, LIN, at(-35))
    new = at(-40).isoformat().replace("+00:00", "Z")
    s.do(Correct(given_id, "given_at", f'"{new}"', "read off the wrong clock"), LIN, at(-34))
    s.happen(e.CommandRefused("Start", say("Too early: the start is possible from {at}.", at=at(-10))), at(-20), LIN)
    s.happen(e.LinkFound("/dev/ttyUSB0", "datex-s5", s.state.order.practice), at(-19))
    s.do(ThawBag(BAGS[0], at(-16)), LIN, at(-15))
    s.do(CheckBag(BAGS[0], BAGS[0], True), LIN, at(-8))
    s.do(CheckBag(BAGS[0], BAGS[0], True), WANG, at(-7))
    s.do(HangBag(BAGS[0]), LIN, at(-5))
    s.do(vitals(80), LIN, at(-2))


def _seal(s: Story, first: int, last: int) -> None:
    for minute in range(first, last):
        s.happen(e.SamplesSealed(at(minute), 60, f"{minute:02x}" * 32), at(minute + 1))


def _first_half(s: Story, note: str) -> None:
    s.do(Start(D(20)), LIN, at(0))
    s.do(MeasureRate(D("20.4"), "taps", 6, D("2.2")), LIN, at(3))
    _seal(s, 0, 6)
    s.happen(e.NoteAdded(note), at(6), LIN)
    s.do(Pause("patient sat up"), LIN, at(8))
    s.do(Resume(D(20), None, "lies flat again"), LIN, at(9.5))
    check_id = s.do(vitals(84), LIN, at(15.4))
    s.do(Correct(check_id, "values", _with_hr(s, "88"), "typing error"), LIN, at(16))
    s.do(StepUp(D(56)), LIN, at(16.8))
    s.do(MeasureRate(D("54.5"), "taps", 9, D("3.1")), LIN, at(18))
    s.happen(e.LinkLost("/dev/ttyUSB0", "datex-s5"), at(20))
    s.happen(e.LinkFound("/dev/ttyUSB0", "datex-s5", s.state.order.practice), at(23))


def _with_hr(s: Story, value: str) -> str:
    """The last check's values as JSON, with another heart rate."""
    event = s.state.checks[-1].event
    assert isinstance(event, e.VitalsRecorded)
    values = [msgspec.structs.replace(v, value=D(value)) if v.vital == "hr" else v for v in event.values]
    return msgspec.json.encode(values).decode()


def _second_half(s: Story) -> None:
    noted = NoteReaction(at(25), ("chills", "flushing"), "slow", 1, ("blanket",), "Dr Zhao", "", D(48))
    s.do(noted, LIN, at(25.5))
    s.do(ResolveReaction(at(29), "warm again"), LIN, at(29.5))
    s.do(SetRate(D(58), ""), LIN, at(30))
    late = vitals(91, monitor=False, late_reason="attending to the reaction")
    s.do(late, LIN, at(37))
    s.do(MeasureRate(D(57), "count", 14), LIN, at(38))
    s.do(ThawBag(BAGS[1], at(39)), LIN, at(39))
    s.do(CheckBag(BAGS[1], BAGS[1], True), LIN, at(43))
    s.do(CheckBag(BAGS[1], BAGS[1], True), WANG, at(44))
    s.do(HangBag(BAGS[1]), LIN, at(47))
    s.do(MeasureRate(D(58), "taps", 8, D("1.9")), LIN, at(49))
    s.happen(e.WatchLost(at(51), "slept"), at(52))
    s.do(ReadRemaining(D(83)), WANG, at(53))
    s.happen(e.ClockStepped(D("-3600")), at(54))
    s.do(MeasureRate(D(59), "taps", 8, D("2.4")), WANG, at(54.5))
    s.do(vitals(86), WANG, at(60))
    s.do(End(D(61), "the last ml ran slowly"), WANG, at(62.5))
    s.do(FlushLine(D(20)), WANG, at(63))


def _observation(s: Story) -> None:
    end = 62.5
    s.do(DestroyLeftover(BAGS[1], D(61), LIN), WANG, at(end + 10))
    s.do(HandOver(LIN), WANG, at(end + 20))
    s.do(without_rr("sensor_off"), LIN, at(end + 31))
    s.do(vitals(78), LIN, at(end + 58))
    s.do(vitals(76), LIN, at(end + 90))
    s.do(vitals(75), LIN, at(end + 119))
    s.do(CloseObservation("reaction_resolved", ("chills",), "attending to the reaction"), LIN, at(end + 121))
    s.do(Sign("performed"), LIN, at(end + 123))
    s.do(Sign("reviewed"), ZHAO, at(end + 180))


def samples() -> list[SampleRow]:
    """Every 5 s from 10 min before the start; none while the cable is out; a cuff pressure every 15 min."""
    found: list[SampleRow] = []
    for step in range(-120, 184 * 12):
        minute = step / 12
        when = at(minute)
        out = 20 <= minute < 23
        pulse = 80 + 6 * math.sin(minute / 7) + 2 * math.sin(step * 1.7) + (9 if 25 < minute < 30 else 0)
        found.append(("hr", when, None if out else D(round(pulse))))
        found.append(("spo2", when, None if out else D(round(97 + math.sin(minute / 3)))))
        found.append(("rr", when, None if out else D(round(16 + 2 * math.sin(minute / 5)))))
        if step % 180 == 0:
            found.append(("nibp_sys", when, D(120 + step % 11)))
            found.append(("nibp_dia", when, D(74 + step % 5)))
    return found


def source(protocol: Protocol, practice: bool = False, note: str = NOTE, to_the_end: bool = True) -> RecordSource:
    told = story(protocol, practice, note, to_the_end)
    return RecordSource(
        state=told.state,
        entries=tuple(told.entries),
        people=PEOPLE,
        samples=tuple(samples()),
        head=ChainHead(len(told.entries), "a9" * 32),
        store_id="ward-1-5b0f",
        version="0.1.0",
        made_at=at(62.5 + 185),
        monitors={name: model.label for name, model in MODELS.items()},
    )
