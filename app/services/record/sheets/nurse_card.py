"""The nurse's card: the protocol's rules at the bed on one page of A4, line by line in both languages."""

from collections.abc import Callable, Iterable

from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from app.services.record.blocks import ColumnHead, Document, Section, TableBlock
from app.services.words import rules_told as told
from app.services.words.words import Words

_PARTS: tuple[tuple[Text, Callable[[Protocol], Iterable[Text]]], ...] = (
    (say("Before the start"), told.before_the_start),
    (say("The drip"), told.the_drip),
    (say("Vital signs"), told.the_checks),
    (say("Values that worry"), told.the_limits),
    (say("In a reaction"), told.a_reaction),
    (say("After the end"), told.afterwards),
    (say("Keys"), told.the_keys),
)


def nurse_card(protocol: Protocol, languages: tuple[Words, ...], made_by: str) -> Document:
    """`languages`: side by side, in this order. `made_by`: the protocol's name and version."""

    def both(text: Text) -> str:
        return " · ".join(dict.fromkeys(words.tr(text) for words in languages))

    title = both(say("Nurse's card"))
    return Document(
        language=languages[0].language,
        title=title,
        subtitle=" · ".join(words.pick(protocol.title) for words in languages),
        status=both(say("It does not replace the patient monitor or the physician's order.")),
        banner="",
        running_head=f"{title} · {made_by}",
        running_foot=both(say("Protocol file SHA-256")),
        page_of="§n / §m",
        sections=tuple(Section("", (_part(name, rules(protocol), languages),)) for name, rules in _PARTS),
    )


def _part(name: Text, lines: Iterable[Text], languages: tuple[Words, ...]) -> TableBlock:
    columns = tuple(ColumnHead(words.tr(name), "1fr") for words in languages)
    return TableBlock(columns, tuple(tuple(words.tr(line) for words in languages) for line in lines))
