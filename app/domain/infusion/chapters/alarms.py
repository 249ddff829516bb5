"""Alarms: raised and ended by the program, acknowledged, paused and reset by people (the rules: `app/domain/watch/`)."""

from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.texts import Text, parts, revived, say
from app.domain.watch.alarm_words import PRIORITY_NAMES, what
from app.domain.watch.priority import Priority

from .chapter import Effects, Rules, Wordings

_PRIORITIES = {"high": Priority.HIGH, "medium": Priority.MEDIUM, "low": Priority.LOW}


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


RULES: Rules = {}
EFFECTS: Effects = {}
WORDS: Wordings = {
    e.AlarmRaised: _raised, e.AlarmAcknowledged: _acknowledged, e.AlarmReset: _reset, e.AlarmCleared: _cleared,
}  # fmt: skip
