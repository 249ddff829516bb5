"""A signature in words: that it is void, by which correction, and what took its place."""

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import correction
from app.domain.log import Entry
from app.domain.people.signatures import Signature
from app.domain.texts import Dated, Text, say


def void_words(by: Entry) -> Text:
    """Since when and by which correction."""
    assert isinstance(by.event, e.Corrected)
    found = correction(by.event)
    return say("VOID since {at} by the correction of {field}: “{old}” is now “{new}” ({reason})", at=Dated(by.at),
               field=found.field, old=found.old, new=found.new, reason=codes.word(by.event.reason))  # fmt: skip


def state_words(s: Signature) -> tuple[Text, ...]:
    """Everything but that it stands: void, given again, or never asked for again."""
    said = [void_words(s.void_by)] if s.void_by is not None else []
    if s.replaced_by is not None:
        said.append(say("given again {at}", at=Dated(s.replaced_by.at)))
    elif s.void_by is not None and s.closes_the_record:
        said.append(say("to be given again"))
    elif s.void_by is not None:
        said.append(say("not asked for again: it was given for an act that is over"))
    return tuple(said)
