"""The timeline's rows: every event in words, newest first; what was corrected is struck through, and a void signature too."""

from functools import partial

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import corrections_of
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.signatures import Signature, signatures
from app.domain.texts import Text, parts
from app.domain.vitals.worrying import worries
from app.domain.watch.bed_seen import judged_by
from app.services.words.event_words import describe, happened, monitor_named
from app.services.words.signature_words import state_words
from app.services.words.words import Words
from devices.models import MODELS
from ui.infusion.timeline import TimelineRow


def rows(s: Infusion, people: People, words: Words, unsaved: int) -> tuple[TimelineRow, ...]:
    """`unsaved`: how many of the newest events are not on the disk yet."""
    saved = len(s.entries) - unsaved
    pairs = zip(s.entries, as_corrected(s.entries), strict=True)
    void = {x.entry.event_id: x for x in signatures(s.entries) if x.void_by is not None}
    found = [
        _void(s, void[entry.event_id], people, words) if entry.event_id in void else _row(s, entry, now, people, words, at >= saved)
        for at, (entry, now) in enumerate(pairs)
        if not entry.event.is_quiet
    ]
    return tuple(reversed(found))


def correctable_rows(s: Infusion, people: People, words: Words) -> tuple[TimelineRow, ...]:
    """Only what a person may correct."""
    return tuple(row for row in rows(s, people, words, 0) if row.key)


def _row(s: Infusion, entry: Entry, corrected: Entry, people: People, words: Words, unsaved: bool) -> TimelineRow:
    old, reason = _old(s, entry, corrected, people)
    text = describe(monitor_named(corrected, partial(_monitor, words)), s, people)
    key = entry.event_id if entry.event.correctable and not unsaved else ""
    return TimelineRow(words.clock(entry.at), text, _who(entry, people), old, reason, unsaved, key, _worrying(s, corrected))


def _worrying(s: Infusion, entry: Entry) -> Text | str:
    """What of a check lies beyond its limits, or moved from the baseline as in a reaction."""
    if not isinstance(entry.event, e.VitalsRecorded):
        return ""
    values = {value.vital: value.value for value in entry.event.values}
    return parts(*(found.words for found in worries(judged_by(s, entry.at), values).values()))


def _monitor(words: Words, protocol: str) -> str:
    return words.tr(MODELS[protocol].label) if protocol in MODELS else protocol


def _void(s: Infusion, signature: Signature, people: People, words: Words) -> TimelineRow:
    entry, why = signature.entry, parts(*state_words(signature))
    return TimelineRow(words.clock(entry.at), why, _who(entry, people), happened(entry, s, people))


def _old(s: Infusion, entry: Entry, corrected: Entry, people: People) -> tuple[Text | str, Text | str]:
    """What stood there before the correction, and why it was corrected."""
    if corrected.event == entry.event:
        return "", ""
    last = corrections_of(entry.event_id, s)[-1].event
    assert isinstance(last, e.Corrected)
    return describe(entry, s, people), codes.word(last.reason)


def _who(entry: Entry, people: People) -> str:
    return " + ".join(people.get(person, person) for person in (entry.by, entry.co) if person)
