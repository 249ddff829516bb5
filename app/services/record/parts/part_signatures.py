"""The signatures: printed name, role, meaning, both times, what each is bound to, and whether it still stands."""

from collections.abc import Iterator

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.people.roles import ROLE_NAMES
from app.domain.people.signatures import MEANING_NAMES, Signature
from app.domain.people.signatures import signatures as all_signatures
from app.domain.texts import Text, parts, say
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Run, Section, TableBlock
from app.services.record.telling import DASH, Teller
from app.services.words.signature_words import state_words

#: What the two at the end are given for; with the others the record's own line says it.
_CLOSING: dict[str, Text] = {
    "performed": say("Performed: I carried out this infusion as recorded"),
    "reviewed": say("Reviewed: I have reviewed this record"),
}


def signatures(t: Teller) -> Section:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Meaning")), "1fr"),
        ColumnHead(tr(say("Printed name")), "28mm"),
        ColumnHead(tr(say("Role")), "22mm"),
        ColumnHead(tr(say("Local time")), "33mm"),
        ColumnHead("SHA-256", "30mm"),
    )
    rows = tuple(row for part in (_given, _wanted) for row in part(t))
    return Section(tr(say("Signatures")), (TableBlock(columns, rows), *_notes(t)), kept_together=True)


def _given(t: Teller) -> Iterator[tuple[Cell, ...]]:
    for s in all_signatures(t.source.entries):
        yield (_meaning(t, s), s.printed_name or t.name(s.by), _role(t, s.by), t.stamp(s.at), _hash(s))
        if said := state_words(s):
            yield ((Run(t.tr(parts(*said)), "strong"),),)


def _meaning(t: Teller, s: Signature) -> Cell:
    return (Run(t.both(MEANING_NAMES[s.meaning]), "plain" if s.void_by is None else "old"), Run("\n"), Run(_what(t, s), "quiet"))


def _what(t: Teller, s: Signature) -> str:
    event = s.entry.event
    if not isinstance(event, e.SignatureGiven):
        return t.line(s.entry, with_state=False)
    why = say("took no part: {reason}", reason=codes.word(event.reason)) if event.reason else None
    return t.tr(parts(_CLOSING[event.meaning], why))


def _role(t: Teller, person_id: str | None) -> str:
    person = t.source.people.get(person_id or "")
    return t.tr(ROLE_NAMES[person.role]) if person else DASH


def _hash(s: Signature) -> Cell:
    return (Run(s.short_sha256, "mono"),) if s.sha256 else DASH


def _wanted(t: Teller) -> Iterator[tuple[Cell, ...]]:
    """The two at the end, where nobody has given them or they no longer stand."""
    for name, what in _CLOSING.items():
        if name not in t.state.signatures:
            meaning = (Run(t.both(MEANING_NAMES[name])), Run("\n"), Run(t.tr(what), "quiet"))
            yield (meaning, (Run(t.tr(say("not signed")), "strong"),), DASH, DASH, DASH)


def _notes(t: Teller) -> Iterator[NoteBlock]:
    yield NoteBlock(t.tr(say("A signature is given for everything recorded of this infusion before it. The hash is that of these"
                        " entries: it fits nothing else.")))  # fmt: skip
    early = [s for s in all_signatures(t.source.entries) if s.status == "void" and not s.closes_the_record]
    if early:
        why = say("Signatures of dispensing, receipt, checks and approvals are not asked for again when an entry before"
                  " them is corrected: what they allowed has been done, on what was known then. The two signatures at"
                  " the end are given for the record with its corrections.")  # fmt: skip
        yield NoteBlock(t.tr(why))
