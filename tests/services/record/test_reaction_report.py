"""The report of a reaction: one page, what happened and before, what was done, both signatures."""

import os
from pathlib import Path

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.story import replay
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.domain.people.signatures import signed
from app.domain.protocol import Protocol
from app.services.record.record_pdf import sheet_bytes
from app.services.record.sheets.sheet_names import sheets_of
from app.services.record.source import RecordSource
from app.services.words.words import Words

from .bad_day import bad_day
from .paper import page_count, text_of
from .story import LIN, ZHAO, at
from .test_sheets import LANGUAGES, until

BEGUN, CLOSED = at(36), at(60)


def with_more(source: RecordSource, *events: tuple[Event, Person]) -> RecordSource:
    entries = list(source.entries)
    for n, (event, who) in enumerate(events):
        when = entries[-1].at
        entries.append(Entry(f"more{n}", entries[0].stream, when, who.person_id, signed(entries, event, who)))
    state = replay(source.state.infusion_id, entries, source.state.protocol)
    return msgspec.structs.replace(source, entries=entries, state=state)


@pytest.fixture(scope="module")
def bad(protocol: Protocol) -> RecordSource:
    return bad_day(protocol)


def said(source: RecordSource, language: str = "en") -> str:
    return text_of(sheet_bytes(source, "reaction", Words(language)))


def reported(bad: RecordSource) -> RecordSource:
    """Drugs, a call, the bag kept, over and signed."""
    known = bad.state.reaction
    assert known is not None
    drug = e.DrugGiven("chlorphenamine", "10 mg", known.onset_at)
    full = msgspec.structs.replace(known, called="Dr Zhao", called_at=known.onset_at, drugs=(drug,))
    bag = next(iter(bad.state.bags))
    return with_more(
        bad, (full, LIN), (e.BagKept(bag), LIN), (e.ReactionSigned("performed"), LIN), (e.ReactionSigned("reviewed"), ZHAO)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page(bad: RecordSource, language: str) -> None:
    made = sheet_bytes(reported(bad), "reaction", Words(language))
    assert page_count(made) == 1
    if out := os.environ.get("PICTURES"):
        Path(out, f"reaction_{language}.pdf").write_bytes(made)


def test_what_happened_what_was_done_and_both_signatures(bad: RecordSource) -> None:
    told = said(reported(bad))
    for words in ("chills", "chlorphenamine 10 mg", "called: Dr Zhao", "kept for examination", "Immediate steps",
                  LIN.name, ZHAO.name, "performed", "reviewed", "NEWS2"):  # fmt: skip
        assert words in told, words


def test_open_still_and_without_signatures(bad: RecordSource) -> None:
    early = until(bad, next(x.at for x in bad.entries if isinstance(x.event, e.ReactionNoted)))
    told = said(early)
    assert "still open" in told
    assert "No vital signs were recorded since the onset." in told


def test_without_a_monitor_it_says_so(bad: RecordSource) -> None:
    assert "No monitor gave values in the 15 min before." in said(msgspec.structs.replace(bad, samples=[]))


def test_a_signature_for_what_was_corrected_is_struck_through(bad: RecordSource) -> None:
    whole = reported(bad)
    noted = next(x for x in whole.entries if isinstance(x.event, e.ReactionUpdated))
    mended = e.Corrected(noted.event_id, "text", '"saline"', '"saline 500 ml"', "mistyped")
    assert LIN.name in said(with_more(whole, (mended, LIN)))


def test_it_is_offered_only_where_a_reaction_was_noted(bad: RecordSource) -> None:
    assert "reaction" in sheets_of(bad.state)
    before = until(bad, at(0))
    assert "reaction" not in sheets_of(before.state)
