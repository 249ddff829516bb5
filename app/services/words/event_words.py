"""Every event in words, one line each: for the timeline and for the record. Who and when stand beside it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import WORDS
from app.domain.infusion.wording import People, how_entered
from app.domain.log import Entry, Event
from app.domain.people.signatures import meaning_of, void_by
from app.domain.texts import Text, number, parts

from .signature_words import void_words


def describe(entry: Entry, state: Infusion, people: People) -> Text:
    """What happened, in one line; a signature that a correction made void says so."""
    void = void_by(state.entries, entry) if meaning_of(entry.event) else None
    said = happened(entry, state, people)
    return said if void is None else parts(said, void_words(void))


def monitor_named(entry: Entry, name: Callable[[str], str]) -> Entry:
    """A monitor by its own name, `name` of the protocol that it speaks, and its port's: no code and no folder is for a reader."""
    event = entry.event
    if not isinstance(event, e.LinkLost | e.LinkFound):
        return entry
    return replace(entry, event=replace(event, protocol=name(event.protocol), port=_port_name(event.port)))


def _port_name(port: str) -> str:
    """A port without the folder that it lies in: “ttyUSB0”, “COM3”, “socket://10.0.0.7:4601”; a file is no port."""
    if port.startswith("/") and not port.startswith("/dev/"):
        return "—"
    return port if "://" in port else PurePath(port).name


def happened(entry: Entry, state: Infusion, people: People) -> Text:
    """What happened then. `people` names the second person of an event; unknown ids stand as they are."""
    event = entry.event
    words = WORDS.get(type(event))
    if words is not None:
        return words(event, state, people)
    assert event.sentence is not None
    line = Text(event.sentence.msgid, _fields(event, people))
    return parts(line, *_reason(event, event.sentence.msgid), how_entered(getattr(event, "entry", None)))


def _fields(event: Event, people: People) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    return {name: _shown(name, value, people) for name, value in values.items()}


_WHO = ("witness", "to", "authorised_by", "handed_by")


def _shown(name: str, value: Any, people: People) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str) and name in _WHO:
        return people.get(value, value)
    if isinstance(value, str) and name == "meaning":
        return codes.word(value, codes.MEANINGS)
    if isinstance(value, str) and name == "reason":
        return codes.word(value)
    return value


def _reason(event: Event, held: str) -> Iterable[Text | str]:
    """A reason or free text that the sentence itself does not hold."""
    for name in ("reason", "text"):
        value = getattr(event, name, "")
        if value and f"{{{name}}}" not in held:
            yield codes.word(value)
