"""Events on streams of every kind in one real store: a subject's or the trial's are never an infusion's."""

from pathlib import Path

import pytest

from app.cli import verify
from app.cli.verify import BROKEN, WHOLE
from app.domain.infusion.facts import Ordered
from app.domain.infusion.summary import summary
from app.domain.log import PEOPLE, Entry, UnknownKind, stream_text
from app.domain.people.accounts import SignedIn
from db.engine import driver_connection
from db.log.batch import Batch, Projection
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from tests.domain.play import prepared

from .making import INFUSION, at, entry, faults, newer, recorder, save

SUBJECT, TRIAL = "subject:B-001", "trial"


@pytest.fixture
def mixed(path: Path) -> Path:
    """One event on a stream of each kind; the infusion's is the oldest."""
    signed_in = Entry("e3", stream_text(PEOPLE), at(3), "nurse-1", SignedIn("nurse-1"))
    save(path, Batch((entry(1), entry(2, stream=SUBJECT), signed_in, entry(4, stream=TRIAL))))
    return path


def test_only_an_infusions_events_are_an_infusions(mixed: Path) -> None:
    with StoreReader(mixed) as reading:
        assert reading.streams() == [INFUSION]
        assert list(reading.each_entry("infusion")) == [entry(1)]
        assert dict(reading.each_infusion()) == {INFUSION: [entry(1)]}
        assert reading.standing() == []
        assert [x.event_id for x in reading.account_entries()] == ["e3"]


def test_each_stream_is_read_by_its_own(mixed: Path) -> None:
    with StoreReader(mixed) as reading:
        assert reading.entries(SUBJECT) == [entry(2, stream=SUBJECT)]
        assert reading.entries(TRIAL) == [entry(4, stream=TRIAL)]
        assert [x.event_id for x in reading.each_entry("subject", "trial")] == ["e2", "e4"]


def test_only_an_infusions_event_says_that_somebody_watched(mixed: Path) -> None:
    with StoreReader(mixed) as reading:
        last = reading.last_watched()
        assert last is not None
        assert (last.seq, last.at) == (1, at(1))
        newest = reading.last_event()
        assert newest is not None
        assert newest.seq == 4


def test_nobody_watched_where_there_is_no_infusion(path: Path) -> None:
    save(path, Batch((entry(1, stream=SUBJECT), entry(2, stream=TRIAL))))
    newer(path)
    with StoreReader(path) as reading:
        assert reading.last_watched() is None


def test_an_infusion_stands_as_before_beside_what_happened_to_its_subject(path: Path) -> None:
    play = prepared("signed")
    writing = recorder(path)
    writing.append(Batch(tuple(play.entries), (Projection("inf", summary(play.state, play.now).infusion),))).result()
    writing.append(Batch((entry(901, stream="subject:S-001"), entry(902, stream=TRIAL)))).result()
    writing.close()
    with StoreReader(path) as reading:
        assert [(row.infusion_id, row.subject) for row in reading.standing()] == [("inf", "S-001")]
        assert reading.entries("inf") == list(play.entries)
        assert isinstance(dict(reading.each_infusion())["inf"][0].event, Ordered)
        found = {x.entry.event_id: (x.subject, x.bed) for x in reading.trail(TrailFilter(text="s-001"))}
        assert found["e901"] == ("S-001", "")
        assert found.keys() == {"e901", *(x.event_id for x in play.entries)}
    assert faults(path) == []


def test_a_record_with_every_kind_is_whole(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.verify(mixed) == WHOLE
    assert "\nWhole: 4 events, " in capsys.readouterr().out


def test_an_unknown_kind_is_named_as_a_fault(
    mixed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    newer(mixed)
    assert verify.verify(mixed) == BROKEN
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "Event 5 is of a kind that this version of Bedside does not know: “robot”."
    assert len(faults(mixed)) == 1


def test_an_unknown_kind_is_refused_by_name_wherever_events_are_read(mixed: Path) -> None:
    newer(mixed)
    with StoreReader(mixed) as reading:
        for read in (
            reading.streams,
            lambda: list(reading.each_entry("infusion")),
            lambda: reading.entries("robot:1"),
            lambda: reading.trail(TrailFilter()),
        ):
            with pytest.raises(UnknownKind, match="“robot”"):
                read()
        watched = reading.last_watched()
        assert watched is not None
        assert watched.seq == 1


def test_an_unknown_kind_is_never_written(path: Path) -> None:
    writing = recorder(path)
    with pytest.raises(UnknownKind, match="“robot”"):
        writing.append(Batch((entry(1, stream="robot:1"),)))
    writing.close()


def test_where_the_database_ended_the_moment_by_itself_the_cause_is_told(mixed: Path) -> None:
    """As it does where the disk fails or there is no memory left."""
    with StoreReader(mixed) as reading:
        raw = driver_connection(reading._connection)

        def failing() -> None:
            raw.execute("ROLLBACK")
            raise OSError("the disk failed")

        with pytest.raises(OSError, match="the disk failed"), reading.one_moment():
            failing()
        with reading.one_moment():
            assert reading.streams() == [INFUSION]
