"""What happens to accounts and to the store as a whole, in words, one line each. Who and when stand beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.log import Event
from app.domain.people import accounts as a
from app.domain.people.laptops import PersonMet
from app.domain.people.roles import ROLE_NAMES
from app.domain.texts import Text, parts, say

from .trail_scope import scope_words

_CAUSES: dict[str, Text] = {
    "person": say("by the person"),
    "idle": say("nobody was there"),
    "closed": say("the program was closed"),
}


def describe_account(event: Event, people: Mapping[str, str]) -> Text:
    """What happened, in one line. `people`: names by person id; unknown ids stand as they are."""
    assert event.sentence is not None
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    if isinstance(event, a.PersonAdded | PersonMet):
        values |= {"number": event.person_id, "role": ROLE_NAMES[event.role]}
    elif "person_id" in values:
        values["person_id"] = people.get(values["person_id"], values["person_id"])
    elif isinstance(event, a.Reviewed):
        values["scope"] = scope_words(event.scope, people)
    if isinstance(event, a.NameKept) and event.is_erased:
        return say("Name of subject {subject} erased", **values)
    if isinstance(event, a.BackedUp) and event.drill:
        return parts(say("Restore drill of the backup in {folder} passed: {events} events", **values), _head(event))
    return parts(Text(event.sentence.msgid, values), *_more(event))


def _more(event: Event) -> Sequence[Text | str | None]:
    """What the sentence itself does not hold."""
    more = _MORE.get(type(event))
    return more(event) if more else ()


def _failed(event: a.SignInFailed) -> tuple[Text | None, ...]:
    wrong = say("wrong password") if event.secret == "password" else say("wrong PIN")
    return wrong, say("{n} times", n=event.times) if event.times > 1 else None


def _head(event: a.BackedUp) -> Text:
    return say("head {head}", head=event.head)


_MORE: dict[type[Event], Callable[[Any], Sequence[Text | str | None]]] = {
    a.PersonDisabled: lambda ev: (ev.reason,),
    a.PasswordSet: lambda ev: (say("to be changed at the first sign-in") if ev.first else None,),
    a.SignedOut: lambda ev: (_CAUSES[ev.cause],),
    a.SignInFailed: _failed,
    a.BackedUp: lambda ev: (_head(ev),),
    a.Exported: lambda ev: (f"SHA-256 {ev.sha256}",),
    a.Reviewed: lambda ev: (ev.remark,),
}
