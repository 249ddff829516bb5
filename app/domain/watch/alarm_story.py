"""A story of beds, played through the ward's own conditions and machine: what is alarming and heard after each step.

A story is a closed world: the link is live, sound works, disk and clock are well, and nothing is due unless it says so. A
value holds, repeated once a second, until the next step that names it, its sensor goes off or the link is lost.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.phases import Phase
from app.domain.protocol import Limits, Protocol
from app.domain.protocol_ranges import RANGES
from app.domain.texts import say
from app.domain.vitals.news2 import Scale
from app.domain.vitals.vital_signs import VITALS, Quality

from .bed_seen import BedSeen, by_hand, limits_of
from .latch import LONGEST_PAUSE, Alarm, heard, rank
from .played_bed import MONITOR, PlayedBed

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_LONGEST_DELAY_S = int(RANGES["vitals.limits.delay_s"][1])
_LONGEST_S = 7 * 24 * 3600
_SOMEBODY = "somebody"

Said = Decimal | bool | str | None
"""A vital sign, `oxygen` (bool), `acvpu` (A C V P U)."""


class StoryLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a story or a site says of one vital sign; what it does not name stays as it is, nothing is ever off."""

    low: Decimal | msgspec.UnsetType = msgspec.UNSET
    high: Decimal | msgspec.UnsetType = msgspec.UNSET
    very_low: Decimal | msgspec.UnsetType = msgspec.UNSET
    very_high: Decimal | msgspec.UnsetType = msgspec.UNSET
    delay_s: int | msgspec.UnsetType = msgspec.UNSET


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`values` come from the monitor, `typed` from a person, who answers a check with them. `do`: `acknowledge KEY`, `reset KEY`,
    `pause audio` or `restart`, after all else.
    """

    t_s: int
    bed: str = "01"
    values: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    sensor_off: tuple[str, ...] = ()
    link: Literal["lost", "live"] | None = None
    do: str = ""
    by: str = _SOMEBODY


class AlarmStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tasks`: t_s 0 is the start of the infusion, whose checks fall due; the one before the start was done."""

    steps: tuple[Step, ...]
    phase: Phase = Phase.RUNNING
    baseline: dict[str, Any] = {}
    limits: dict[str, StoryLimits] = {}
    tasks: bool = False
    scale: Scale = 1


class ShownAlarm(msgspec.Struct, frozen=True):
    bed: str
    key: str
    priority: str
    state: str
    audible: bool


class AfterStep(msgspec.Struct, frozen=True):
    """`sound`: the priority heard; `paused_s`: how long the sound still rests."""

    t_s: int
    active: list[ShownAlarm]
    sound: str | None
    paused_s: int


def with_limits(protocol: Protocol, changed: Mapping[str, StoryLimits]) -> Protocol:
    """The protocol with other limits. Raises `Refused` for what is no limit."""
    limits = {code: limits_of(protocol, code) for code in VITALS}
    for code, said in changed.items():
        if code not in VITALS:
            raise Refused(say("“{code}” is not known. Known: {known}.", code=code, known=", ".join(VITALS)))
        named = {name: value for name in said.__struct_fields__ if (value := getattr(said, name)) is not msgspec.UNSET}
        limits[code] = _checked(msgspec.structs.replace(limits[code], **named))
    rules = msgspec.structs.replace(protocol.vitals, limits=tuple(limits.values()))
    return msgspec.structs.replace(protocol, vitals=rules)


def _checked(of: Limits) -> Limits:
    ends = [end for end in (of.very_low, of.low, of.high, of.very_high) if end is not None]
    is_ordered = all(end.is_finite() for end in ends) and ends == sorted(set(ends))
    if not is_ordered or not 0 <= of.delay_s <= _LONGEST_DELAY_S:
        raise Refused(say("The limits of {code} do not fit: {order}, a delay of up to {most} s.",
                          code=of.vital, order="very_low < low < high < very_high", most=_LONGEST_DELAY_S))  # fmt: skip
    return of


def read_story(data: object) -> AlarmStory:
    """A story from its JSON. Raises `Refused`."""
    try:
        story = msgspec.convert(data, AlarmStory)
    except msgspec.ValidationError as error:
        raise Refused(say("The story is wrong: {why}.", why=str(error))) from None
    times = [step.t_s for step in story.steps]
    if times != sorted(times) or any(not 0 <= t <= _LONGEST_S for t in times):
        raise Refused(say("The steps of a story follow each other, from 0 to {most} s.", most=_LONGEST_S))
    for said in (story.baseline, *(one for step in story.steps for one in (step.values, step.typed))):
        for code, value in said.items():
            _check_said(code, value)
    for step in story.steps:
        _check_step(step)
    return story


def _check_step(step: Step) -> None:
    for code in step.sensor_off:
        if code not in VITALS:
            raise Refused(say("“{code}” is not known. Known: {known}.", code=code, known=", ".join(VITALS)))
    verb, _, key = step.do.partition(" ")
    if step.do not in ("", "pause audio", "restart") and not (verb in ("acknowledge", "reset") and key.strip()):
        raise Refused(say("“{do}” cannot be done in a story.", do=step.do))


def _check_said(code: str, value: object) -> None:
    if code == "oxygen":
        right = isinstance(value, bool)
    elif code == "acvpu":
        right = isinstance(value, str) and value in tuple("ACVPU")
    elif code in VITALS:
        right = value is None or _number(value) is not None
    else:
        raise Refused(say("“{code}” is not known. Known: {known}.", code=code, known=", ".join(VITALS)))
    if not right:
        raise Refused(say("“{value}” is no value of {code}.", value=str(value), code=code))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


class _StoryBed:
    """What holds at one bed."""

    def __init__(self, story: AlarmStory, protocol: Protocol, name: str) -> None:
        self.name = name
        self.played = PlayedBed(name)
        self._story, self._protocol = story, protocol
        self._held: dict[str, tuple[Decimal, bool]] = {}
        self._asked: dict[str, Any] = {k: v for k, v in story.baseline.items() if k in ("oxygen", "acvpu")}
        baseline = {code: _number(value) for code, value in story.baseline.items() if code in VITALS}
        self._baseline = {code: value for code, value in baseline.items() if value is not None}
        self._answered_at = _BEGIN

    def take(self, step: Step, now: datetime) -> None:
        if step.link is not None:
            self.played.silent = {MONITOR: now} if step.link == "lost" else {}
            self._held = {} if step.link == "lost" else self._held
        for said, is_typed in ((step.values, False), (step.typed, True)):
            for code, value in said.items():
                self._say(code, value, is_typed, now)
        if step.typed:
            self._answered_at = now
        for code in step.sensor_off:
            self._held.pop(code, None)
            self.played.hear(code, None, Quality.SENSOR_OFF, now)

    def _say(self, code: str, value: object, is_typed: bool, now: datetime) -> None:
        if code not in VITALS:
            self._asked[code] = value
        elif (number := _number(value)) is not None:
            self._held[code] = (number, is_typed)
        else:
            self._held.pop(code, None)
            self.played.hear(code, None, Quality.UNAVAILABLE, now)

    def look(self, now: datetime) -> None:
        """A second of this bed: what holds is said again."""
        for code, (value, is_typed) in self._held.items():
            if is_typed:
                self.played.newest[code] = by_hand(code, value, now)
            else:
                self.played.hear(code, value, Quality.OK, now)
        self.played.look(self._seen(now), now)

    def _seen(self, now: datetime) -> BedSeen:
        return BedSeen(
            self._protocol, self._story.phase, self.played.newest, self.played.gone, self._baseline,
            self._asked.get("oxygen"), self._asked.get("acvpu"), self._story.scale,
            unchecked_since=self._unchecked_since(now), silent=self.played.silent,
        )  # fmt: skip

    def _unchecked_since(self, now: datetime) -> datetime | None:
        """The first check after the last answer; one may be answered a little before its time."""
        if not self._story.tasks:
            return None
        rules = self._protocol.vitals
        every = timedelta(minutes=rules.interval_min)
        answered = (self._answered_at - _BEGIN + timedelta(minutes=float(rules.early_min))) // every
        due_at = _BEGIN + every * (answered + 1)
        return due_at if due_at <= now else None


def play(story: AlarmStory, protocol: Protocol) -> Iterator[AfterStep]:
    """What stands after each step. Raises `Refused` for limits that are none."""
    rules = with_limits(protocol, story.limits)
    beds = {name: _StoryBed(story, rules, name) for name in dict.fromkeys(step.bed for step in story.steps)}
    ward = _StoryWard(beds)
    t_s = 0
    for step in story.steps:
        for second in range(t_s, step.t_s):
            ward.look(_BEGIN + timedelta(seconds=second))
        t_s = step.t_s
        yield ward.step(step, _BEGIN + timedelta(seconds=t_s))


class _StoryWard:
    """All beds, and the one pause of the sound."""

    def __init__(self, beds: Mapping[str, _StoryBed]) -> None:
        self._beds = beds
        self._paused_until: datetime | None = None

    def look(self, now: datetime) -> None:
        before = self._news()
        for bed in self._beds.values():
            bed.look(now)
        if self._news() != before:
            self._paused_until = None

    def _news(self) -> int:
        return sum(bed.played.news for bed in self._beds.values())

    def step(self, step: Step, now: datetime) -> AfterStep:
        self._beds[step.bed].take(step, now)
        self.look(now)
        self._do(step, now)
        self.look(now)
        left = max(self._paused_until - now, timedelta(0)) if self._paused_until else timedelta(0)
        standing = [(bed.name, alarm) for bed in self._beds.values() for alarm in bed.played.alarms.standing.values()]
        standing.sort(key=lambda pair: rank(pair[1]))
        sound = heard((alarm for _, alarm in standing), left > timedelta(0))
        shown = [_shown(name, alarm, left > timedelta(0)) for name, alarm in standing]
        return AfterStep(step.t_s, shown, None if sound is None else sound.name.lower(), int(left.total_seconds()))

    def _do(self, step: Step, now: datetime) -> None:
        verb, _, key = step.do.partition(" ")
        bed = self._beds[step.bed].played
        if verb == "acknowledge":
            bed.acknowledge(key.strip(), step.by, now)
        elif verb == "reset":
            bed.reset(key.strip(), step.by, now)
        elif verb == "pause":
            self._paused_until = now + LONGEST_PAUSE
        elif verb == "restart":
            for each in self._beds.values():
                each.played.restart()


def _shown(bed: str, alarm: Alarm, paused: bool) -> ShownAlarm:
    return ShownAlarm(bed, alarm.key, alarm.priority.name.lower(), alarm.signal.value, alarm.is_heard(paused))
