"""The result 24 h after the infusion on paper: signed, and what it took the place of."""

from datetime import timedelta

import msgspec

from app.domain.log import Entry
from app.domain.protocol import Protocol
from app.domain.safety.safety_facts import AcuteChecked
from app.services.record.source import RecordSource

from .story import LIN, at, source
from .test_unusual import said

SEEN = at(62.5) + timedelta(hours=25)


def with_results(protocol: Protocol, *found: AcuteChecked) -> RecordSource:
    entries = [Entry(f"a{n}", "subject:B-007", SEEN + timedelta(hours=n), LIN.person_id, event) for n, event in enumerate(found)]
    return msgspec.structs.replace(source(protocol), addenda=entries, made_at=SEEN + timedelta(days=2))


def result(**other: object) -> AcuteChecked:
    told = AcuteChecked(infusion_id="i", seen_at=SEEN, contact="bedside", outcome="no_reaction", printed_name=LIN.name,
                        signed_sha256="c0ffee" * 10 + "beef")  # fmt: skip
    return msgspec.structs.replace(told, **other)


def test_nothing_yet(protocol: Protocol) -> None:
    assert "not recorded, though its time has passed" in said(with_results(protocol))


def test_a_signed_result(protocol: Protocol) -> None:
    told = said(with_results(protocol, result()))
    assert "no reaction · seen at the bedside" in told
    assert f"{LIN.name} · performed · " in told
    assert "c0ffeec0ffee" in told
    assert "not recorded" not in told


def test_the_former_answer_stands_struck_through_with_its_reason(protocol: Protocol) -> None:
    told = said(with_results(protocol, result(), result(outcome="reaction", text="chills at night", reason="told later")))
    assert "a reaction: see the text · seen at the bedside" in told
    assert "no reaction · seen at the bedside (told later; " in told
