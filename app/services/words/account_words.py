"""What happens to accounts and to the store as a whole, in words, one line each. Who and when stand beside it."""

from collections.abc import Mapping

from app.domain.log import Event
from app.domain.people import accounts as a
from app.domain.people.laptops import PersonMet
from app.domain.people.roles import ROLE_NAMES
from app.domain.texts import Text, parts, say

from .trail_scope import looked_words, scope_words


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
    if isinstance(event, a.Reviewed) and event.spans:
        return parts(say("Trail reviewed: {looked}: {scope}", looked=looked_words(event), scope=values["scope"]), *event.further())
    if isinstance(event, a.NameKept) and event.is_erased:
        return say("Name of subject {subject} erased", **values)
    if isinstance(event, a.BackedUp) and event.drill:
        return parts(say("Restore drill of the backup in {folder} passed: {events} events", **values), *event.further())
    return parts(Text(event.sentence.msgid, values), *event.further())
