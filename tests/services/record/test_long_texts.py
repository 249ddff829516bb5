"""No text can kill a record, and none is cut: what was stored before there was an end to a text too."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typst

from app.domain.errors import Refused
from app.domain.infusion.story import replay
from app.domain.log import Entry, encode
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.services.record.document import document
from app.services.record.folder import NAMES, write_all
from app.services.record.paper_fonts import breakable, installed
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import RecordSource
from app.services.words.words import Words

from . import story
from .bad_day import bad_day
from .paper import seen_in

LETTERS = 64_000
TIMES = 1500
#: What people wrote; codes are looked up by what they say.
WRITTEN = {"text", "discomfort_text", "late_reason", "called", "allergies", "reason"}


def replaced(source: RecordSource, protocol: Protocol) -> tuple[RecordSource, set[str]]:
    """A record in which each text that somebody wrote is a word of its own, 1500 times: more than a page wherever it stands."""
    marks: set[str] = set()
    entries: list[Entry] = []
    for entry in source.entries:
        fields: dict[str, Any] = json.loads(encode(entry.event))
        for name in WRITTEN & fields.keys():
            if isinstance(fields[name], str) and fields[name]:
                mark = f"w{len(marks):03}z"
                marks.add(mark)
                fields[name] = " ".join([mark] * TIMES)
        entries.append(msgspec.structs.replace(entry, event=decode("infusion", json.dumps(fields).encode())))
    state = replay("i-1", entries, protocol)
    return msgspec.structs.replace(source, state=state, entries=tuple(entries)), marks


@pytest.mark.long
@pytest.mark.parametrize("made", [story.source, bad_day])
def test_what_does_not_fit_is_continued_never_cut(
    made: Callable[[Protocol], RecordSource], protocol: Protocol, english: Words
) -> None:
    source, marks = replaced(made(protocol), protocol)
    assert len(marks) >= 4
    laid_out = str(document(source, english, True))
    found = seen_in(pdf_bytes(source, english))
    told = {mark: (laid_out.count(mark), found.count(mark)) for mark in marks}
    assert all(wanted >= TIMES for wanted, _ in told.values())
    assert {mark: counts for mark, counts in told.items() if counts[0] != counts[1]} == {}


@pytest.mark.long
@pytest.mark.parametrize("letter", ["x", "长", "<", "1"])
def test_letters_without_a_blank_are_all_printed(letter: str, protocol: Protocol, english: Words) -> None:
    found = seen_in(pdf_bytes(story.source(protocol, note=letter * LETTERS), english))
    assert found.count(letter) >= LETTERS


def test_a_page_of_letters_without_a_blank_is_printed(protocol: Protocol, english: Words) -> None:
    found = seen_in(pdf_bytes(story.source(protocol, note="x" * 5000, to_the_end=False), english))
    assert found.count("x") >= 5000


def test_a_run_may_break_and_a_hash_and_a_drawing_stay() -> None:
    hash_, run = "5f" * 32, "y" * 130
    assert breakable([hash_, {"svg": run, "text": run}, 3]) == [
        hash_, {"svg": run, "text": "\u200b".join(["y" * 12] * 10 + ["y" * 10])}, 3,
    ]  # fmt: skip


class Panics:
    """A typesetter that falls as the real one falls: with what is no `Exception`."""

    def compile(self, **_options: object) -> bytes:
        raise PanicException("range end index 3156 out of range")


class PanicException(BaseException):
    pass


def test_the_data_are_there_where_the_typesetter_falls(
    source: RecordSource, english: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typst, "Compiler", lambda *_a, **_k: Panics())
    installed()
    with pytest.raises(Refused, match=r"The typesetter failed.*out of range.*The data files of this record are written"):
        write_all(source, english, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(NAMES) - {"record.pdf"}
