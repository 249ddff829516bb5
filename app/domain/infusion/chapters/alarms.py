"""Alarms: raised and ended by the program, acknowledged, paused and reset by people (the rules: `app/domain/watch/`).

Their limits are the protocol's, and those that this patient was given of their own; so is the scale of NEWS2.
"""

from datetime import datetime

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.protocol import Limits
from app.domain.texts import Text, listed, parts, revived, say
from app.domain.vitals.news2 import Scale
from app.domain.vitals.own_limits import OwnLimits, checked, near
from app.domain.vitals.vital_signs import VITALS, limits_text
from app.domain.watch.alarm_words import PRIORITY_NAMES, what
from app.domain.watch.priority import Priority

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings

_PRIORITIES = {"high": Priority.HIGH, "medium": Priority.MEDIUM, "low": Priority.LOW}


class ChangeLimits(Command, frozen=True):
    """Those that stay as they are may be named too."""

    title = say("change alarm limits")

    limits: tuple[OwnLimits, ...]
    reason: str
    from_baseline: bool = False


class OrderScale(Command, frozen=True):
    title = say("order the SpO₂ scale")

    scale: Scale
    reason: str


def change_limits(state: Infusion, command: ChangeLimits, by: Person, _now: datetime) -> Events:
    """Nearer or further within the protocol's room (`own_limits`); a limit is never off."""
    allow.role(by, BEDSIDE)
    reason = allow.reason(command.reason)
    stated = {of.vital: of for of in state.protocol.vitals.limits}
    in_force = {of.vital: near(of) for of in state.vitals.limits}
    changed = [own for own in command.limits if own != in_force.get(own.vital)]
    if not changed:
        raise Refused(say("Nothing has changed."))
    if len({own.vital for own in changed}) != len(changed) or not all(own.vital in stated for own in changed):
        raise Refused(say("Each vital sign once."))
    limits = tuple(checked(stated[own.vital], own) for own in changed)
    return [e.LimitsChanged(limits, tuple(in_force[own.vital] for own in limits), reason, command.from_baseline)]


def order_scale(state: Infusion, command: OrderScale, by: Person, _now: datetime) -> Events:
    """Scale 2 is for patients whose target is 88–92 %; nobody but an investigator orders it."""
    allow.role(by, {Role.INVESTIGATOR})
    if command.scale == state.scale:
        raise Refused(say("Nothing has changed."))
    return [e.ScaleOrdered(command.scale, allow.reason(command.reason))]


def _changed(s: Infusion, _entry: Entry, ev: e.LimitsChanged) -> None:
    s.own_limits |= {own.vital: own for own in ev.limits}


def _ordered(s: Infusion, _entry: Entry, ev: e.ScaleOrdered) -> None:
    s.scale = ev.scale


def _limits_words(ev: e.LimitsChanged, _s: Infusion, _p: People) -> Text:
    line = say("Alarm limits of this patient: {limits}", limits=listed(map(_one_words, ev.before, ev.limits)))
    return parts(line, say("from the baseline") if ev.from_baseline else None, codes.word(ev.reason))


def _one_words(before: OwnLimits, own: OwnLimits) -> Text:
    return say("{vital} {before} → {now}", vital=VITALS[own.vital].short, before=_ends(before), now=_ends(own))


def _ends(of: OwnLimits) -> str:
    return limits_text(Limits(of.vital, of.low, of.high))


def _scale_words(ev: e.ScaleOrdered, _s: Infusion, _p: People) -> Text:
    return parts(say("NEWS2 counts SpO₂ by scale {n}", n=ev.scale), ev.reason)


def _raised(ev: e.AlarmRaised, _s: Infusion, _p: People) -> Text:
    priority = _PRIORITIES[ev.priority]
    return parts(say("Alarm: {what}", what=_said(ev, priority)), PRIORITY_NAMES[priority])


def _said(ev: e.AlarmRaised, priority: Priority) -> Text:
    return revived(ev.text) if ev.text else what(ev.key, priority, ev.value, ev.limit, ev.before)


def _named(key: str, priority: e.AlarmPriority, s: Infusion) -> Text:
    """An alarm as it was raised last."""
    raised = (x.event for x in reversed(s.entries) if isinstance(x.event, e.AlarmRaised))
    found = next((ev for ev in raised if ev.key == key), None)
    return _said(found, _PRIORITIES[priority]) if found else what(key, _PRIORITIES[priority])


def _acknowledged(ev: e.AlarmAcknowledged, s: Infusion, _p: People) -> Text:
    return say("Alarm acknowledged: {what}", what=_named(ev.key, ev.priority, s))


def _reset(ev: e.AlarmReset, s: Infusion, _p: People) -> Text:
    return say("Alarm reset: {what}", what=_named(ev.key, "medium", s))


def _cleared(ev: e.AlarmCleared, s: Infusion, _p: People) -> Text:
    line = say("Alarm over since {since}: {what}", since=ev.since, what=_named(ev.key, ev.priority, s))
    worst = say("worst {value}", value=ev.worst) if ev.worst is not None else None
    return parts(line, say("came {n} times", n=ev.count) if ev.count > 1 else None, worst)


RULES: Rules = {ChangeLimits: change_limits, OrderScale: order_scale}
EFFECTS: Effects = {e.LimitsChanged: _changed, e.ScaleOrdered: _ordered}
WORDS: Wordings = {
    e.AlarmRaised: _raised, e.AlarmAcknowledged: _acknowledged, e.AlarmReset: _reset, e.AlarmCleared: _cleared,
    e.LimitsChanged: _limits_words, e.ScaleOrdered: _scale_words,
}  # fmt: skip
