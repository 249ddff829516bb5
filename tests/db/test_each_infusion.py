"""A whole reading keeps one infusion at a time: its memory is that of one, however many there are."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.domain.infusion.facts import Signing
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import replay
from app.domain.log import Entry, Event
from app.services.protocol_files import put_together, shipped
from db.examine import examine
from db.log.batch import Batch, projection
from db.proof.examined import Examined
from tests.domain.cast import TRIAL
from tests.domain.play import prepared

from .making import recorder

FEW, MANY = 2, 16


def store(path: Path, count: int) -> Path:
    """So many infusions, each observed to its end."""
    entries = prepared("observed").entries
    writing = recorder(path)
    for number in range(count):
        name = f"inf-{number}"
        moved = [msgspec.structs.replace(x, event_id=f"{name}-{x.event_id}", stream=name, event=unsigned(x.event)) for x in entries]
        writing.append(Batch(tuple(moved), (projection(replay(name, moved, TRIAL)),)))
    writing.close()
    return path


def unsigned(event: Event) -> Event:
    """A signature of before signatures said what they were given for."""
    return msgspec.structs.replace(event, signed_sha256="") if isinstance(event, Signing) else event


def read(path: Path) -> Examined:
    return examine(path, shipped=shipped(), put_together=put_together)


def peak_bytes(path: Path) -> int:
    tracemalloc.start()
    try:
        found = read(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert (found.faults, found.differences, found.unread) == ([], [], [])


@pytest.mark.uncounted
def test_many_infusions_take_the_memory_of_few(tmp_path: Path) -> None:
    few, many = store(tmp_path / "few.db", FEW), store(tmp_path / "many.db", MANY)
    read(few)  # what is made once
    of_few, of_many = peak_bytes(few), peak_bytes(many)
    an_infusion = len(msgspec.json.encode(prepared("observed").entries))
    assert of_many - of_few < (MANY - FEW) * an_infusion / 4


def test_what_is_wrong_with_one_is_named_and_the_others_are_looked_at(tmp_path: Path) -> None:
    path = store(tmp_path / "ward.db", 3)
    seen: list[str] = []

    def broken(_kept: Callable[[str], bytes | None]) -> Callable[[str, list[Entry]], Infusion]:
        def put(infusion: str, entries: list[Entry]) -> Infusion:
            seen.append(infusion)
            if infusion == "inf-1":
                raise ValueError("nothing fits")
            return replay(infusion, entries, TRIAL)

        return put

    found = examine(path, shipped=shipped(), put_together=broken)
    assert seen == ["inf-0", "inf-1", "inf-2"]
    assert [str(text) for text in found.differences] == [
        "The events of infusion inf-1 cannot be put together: ValueError: nothing fits"
    ]
