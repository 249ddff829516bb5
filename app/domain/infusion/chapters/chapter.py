"""What a chapter of the story is: what can be asked for in it, what that leads to, what it changes, and how it is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.domain.texts import Text


class Command(msgspec.Struct, frozen=True):
    """Base of what a person can ask for, in the imperative; fields as in the events that it leads to.

    `is_urgent`: it acts at once, before it is saved, and nothing ever refuses it while the infusion runs. `in_emergency`:
    somebody who could not sign in may do it at the bed, to look after the patient and write it down.
    `refusal_is_recorded`: that somebody tried stands in the record.
    """

    title: ClassVar[Text]
    is_urgent: ClassVar[bool] = False
    in_emergency: ClassVar[bool] = False
    refusal_is_recorded: ClassVar[bool] = False


Events = list[e.InfusionEvent]
Rules = dict[type[Command], Callable[[Infusion, Any, Person, datetime], Events]]
"""What a command leads to, or `Refused`."""
Effects = dict[type[Event], Callable[[Infusion, Entry, Any], None]]
"""What an event changes in the state."""
Wordings = dict[type[Event], Callable[[Any, Infusion, People], Text]]
"""How an event is told that takes more than its own sentence."""


class Chapter(Protocol):
    RULES: Rules
    EFFECTS: Effects
    WORDS: Wordings
