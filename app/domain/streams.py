"""What may happen on each kind of stream: the one place where a kind meets its events."""

from typing import Any

import msgspec

from app.domain.infusion.facts import AlarmAcknowledged, AlarmCleared, AlarmRaised, InfusionEvent, NoteAdded
from app.domain.log import Event, StreamKind
from app.domain.people.accounts import Happened
from app.domain.safety.safety_facts import SafetyHappened
from app.domain.site.site_facts import SiteEvent
from app.domain.trial.decision_facts import DeskDecision
from app.domain.trial.subject.subject_facts import SubjectHappened

SubjectAlarm = AlarmRaised | AlarmAcknowledged | AlarmCleared
"""The clock of a serious adverse event alarms at no bed: its alarms stand with the subject."""
SubjectEvent = SubjectHappened | SafetyHappened | SubjectAlarm
TrialEvent = NoteAdded | SiteEvent | DeskDecision

_DECODERS: dict[StreamKind, msgspec.json.Decoder[Any]] = {
    "infusion": msgspec.json.Decoder(InfusionEvent),
    "people": msgspec.json.Decoder(Happened),
    "subject": msgspec.json.Decoder(SubjectEvent),
    "trial": msgspec.json.Decoder(TrialEvent),
}


class _Named(msgspec.Struct):
    type: str


def decode(kind: StreamKind, payload: bytes | str) -> Event:
    """Read an event back. Raises `msgspec.ValidationError`, which names it, for an event or a field that the kind does not have."""
    try:
        event: Event = _DECODERS[kind].decode(payload)
    except msgspec.ValidationError as error:
        name = msgspec.json.decode(payload, type=_Named).type
        raise msgspec.ValidationError(f"{name} of {kind}: {error}") from error
    return event
