"""At any time: a note, and the hand-over to another nurse."""

from datetime import datetime

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class AddNote(Command, frozen=True):
    title = say("add a note")
    in_emergency = True

    text: str


class HandOver(Command, frozen=True):
    title = say("hand over")

    to: Person


def add_note(_state: Infusion, command: AddNote, _by: Person, _now: datetime) -> Events:
    if not command.text.strip():
        raise Refused(say("The note is empty."))
    return [e.NoteAdded(command.text.strip())]


def hand_over(_state: Infusion, command: HandOver, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.role(command.to, BEDSIDE)
    if command.to.person_id == by.person_id:
        raise Refused(say("Hand over to another person."))
    return [e.HandedOver(command.to.person_id)]


def _handed_over(s: Infusion, _entry: Entry, ev: e.HandedOver) -> None:
    s.nurse = ev.to


RULES: Rules = {AddNote: add_note, HandOver: hand_over}
EFFECTS: Effects = {e.HandedOver: _handed_over}
WORDS: Wordings = {}
