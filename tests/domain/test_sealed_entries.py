"""Seals stand packed in an infusion and come back, in their places, as they were."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.facts import LineFlushed, NoteAdded, SamplesSealed
from app.domain.infusion.story import after, as_recorded, replay
from app.domain.log import Entry
from app.domain.people.signatures import misfits
from app.domain.sealed_entries import packed, whole

from .cast import LI, TRIAL
from .play import Play, prepared

CHINA = timezone(timedelta(hours=8))
MINUTE = datetime(2026, 11, 22, 13, 0, 0, 250_000, tzinfo=UTC)


def seal(n: int = 0, **changes: object) -> Entry:
    event = replace(SamplesSealed(MINUTE, 300, f"{n:064x}", (), 2), **{k: v for k, v in changes.items() if k in EVENT})
    entry = Entry(f"{n:032x}", "inf", MINUTE + timedelta(minutes=2), None, event)
    return replace(entry, **{k: v for k, v in changes.items() if k not in EVENT})


EVENT = {"minute", "count", "sha256", "only", "form"}


def test_a_seal_takes_72_bytes_and_comes_back_as_it_was() -> None:
    notes = [Entry(f"e{n}", "inf", MINUTE, "n1", NoteAdded("x")) for n in range(2)]
    rows = packed(seal(1), 0) + packed(seal(2), 1) + packed(seal(3), 1) + packed(seal(4), 2)
    assert len(rows) == 4 * 72
    assert list(whole([], packed(seal(1, count=0), 0), "inf")) == [seal(1, count=0)]
    assert list(whole(notes, rows, "inf")) == [seal(1), notes[0], seal(2), seal(3), notes[1], seal(4)]
    assert list(whole(notes, b"", "inf")) == notes


@pytest.mark.parametrize(
    "changes",
    [
        {"only": (("hr", 1),)}, {"form": 1}, {"count": -1}, {"count": 1 << 32}, {"sha256": "AB" * 32}, {"sha256": "00"},
        {"event_id": "e1"}, {"by": "n1"}, {"co": "n1"}, {"minute": MINUTE.astimezone(CHINA)}, {"at": MINUTE.astimezone(CHINA)},
        {"event": NoteAdded("x")},
    ],
)  # fmt: skip
def test_what_would_not_come_back_as_it_is_stays_as_it_is(changes: dict[str, object]) -> None:
    assert packed(seal(1, **changes), 0) == b""


def seal_minutes(play: Play, count: int = 5) -> None:
    """So many minutes' seals, each with a note after it."""
    for n in range(count):
        play.now += timedelta(minutes=1)
        entry = replace(seal(n), at=play.now)
        play.entries.append(entry)
        play.state = after(play.state, [entry])
        play.do(AddNote(f"note {n}"), LI)


def test_an_infusion_holds_its_seals_packed() -> None:
    play = prepared("running")
    seal_minutes(play)
    state = replay("inf", play.entries, TRIAL)
    assert state == play.state
    assert not any(isinstance(x.event, SamplesSealed) for x in state.entries)
    assert (len(state.seals), state.log) == (5 * 72, play.entries)
    assert (state.last_at, state.newest_at) == (play.now, play.now)
    recorded = as_recorded("inf", play.entries)
    assert (recorded.log, recorded.entries, recorded.newest_at) == (play.entries, state.entries, state.newest_at)


def test_a_signature_and_a_correction_go_by_all_of_it() -> None:
    play = prepared("observed")
    seal_minutes(play)
    play.do(Sign("performed"), LI)
    assert list(misfits(play.state.log)) == []
    seals = play.state.seals
    flushed = next(x for x in play.entries if isinstance(x.event, LineFlushed))
    play.do(Correct(flushed.event_id, "volume_ml", '"21"', "misread"), LI)
    assert (play.state.log, play.state.seals) == (play.entries, seals)
