"""What is said of a chain that is not as it was written, and the very bytes that are hashed and signed: they never change."""

from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.infusion.facts import NoteAdded
from app.domain.log import Entry, UnknownKind
from db.log.canonical import utc_from_ms, utc_ms, utc_text
from db.log.chain import Row, chain_faults, head_row_faults, is_whole, row_hash, seal, seal_of, told_faults
from db.log.eventlog import event_row, signed_message
from db.log.genesis import OwnRow, first_form, fits, names_its_store, new_genesis
from db.log.headfile import Head, head_path, keep_aside, kept_paths, move_head, read_head, write_head

from .making import at, entry, heart_rates, stamp

GENESIS = "0" * 64


def whole(count: int) -> list[Row]:
    """Events with nothing in them but a number."""
    rows, hash_ = [], GENESIS
    for seq in range(1, count + 1):
        row: Row = {"seq": seq, "event_id": f"e{seq}", "payload": f"note {seq}", "prev_hash": hash_}
        row["hash"] = hash_ = row_hash(row)
        rows.append(row)
    return rows


def written_anew(rows: list[Row], at: int, **other: str) -> list[Row]:
    """One row changed, with a hash of its own that fits."""
    row = {**rows[at], **other}
    return [*rows[:at], {**row, "hash": row_hash(row)}, *rows[at + 1 :]]


def told(rows: list[Row], genesis: str = GENESIS) -> list[tuple[int, str]]:
    return [(seq, str(text)) for seq, text in chain_faults(rows, Head(0, genesis))]


def test_the_bytes_that_are_hashed() -> None:
    """The hash before it, then every column but the two hashes as JSON with sorted keys."""
    row: Row = {"seq": 1, "by": None, "payload": "ä", "prev_hash": GENESIS, "hash": "anything"}
    assert row_hash(row) == sha256((GENESIS + '{"by":null,"payload":"ä","seq":1}').encode()).hexdigest()
    assert is_whole({**row, "hash": row_hash(row)})
    assert not is_whole(row)
    for hash_ in ("", None, GENESIS):
        assert not is_whole({**row, "payload": "\ud800", "hash": hash_})


def test_the_bytes_that_are_sealed() -> None:
    """In order of time, then of the vital sign; values as numbers."""
    samples = [("spo2", 2000, 97.0, "ok", "x"), ("hr", 2000, 60.0, "ok", "x"), ("spo2", 1000, None, "sensor_off", "x")]
    text = '[["spo2",1000,null,"sensor_off","x"],["hr",2000,60.0,"ok","x"],["spo2",2000,97.0,"ok","x"]]'
    assert seal_of(samples) == (3, sha256(text.encode()).hexdigest())
    rows = heart_rates(2)
    text = f'[["hr",{utc_ms(at())},60.0,"ok","ecg"],["hr",{utc_ms(at()) + 1000},61.0,"ok","ecg"]]'
    assert seal(rows) == (2, sha256(text.encode()).hexdigest())


def test_the_bytes_that_a_person_signs() -> None:
    assert signed_message("ab12") == b"bedside event 1\x00ab12"


def test_the_columns_of_an_event() -> None:
    kept = Entry("e1", "inf-1", at(1), "nurse-1", NoteAdded("note"), "nurse-2")
    assert event_row(kept, stamp()) == {
        "event_id": "e1", "stream": "inf-1", "at": "2026-03-01T08:01:00.000000Z", "wall_utc": "2026-03-01T08:00:00.000000Z",
        "utc_offset_min": 480, "steady_s": "12.500000", "boot_id": "boot-1", "laptop": "ward-laptop", "version": "0.1.0",
        "by": "nurse-1", "co": "nurse-2", "type": "NoteAdded", "payload": '{"text":"note","type":"NoteAdded"}',
    }  # fmt: skip


def test_what_could_not_be_stored_is_refused_before_it_is() -> None:
    with pytest.raises(UnknownKind):
        event_row(entry(1, stream="robot:1"), stamp())
    with pytest.raises(UnicodeEncodeError):
        event_row(entry(1, NoteAdded("\ud800")), stamp())
    with pytest.raises(UnicodeEncodeError):
        event_row(Entry("e1", "inf-1", at(1), "nurse \ud800", NoteAdded("note")), stamp())


def test_a_whole_chain_says_nothing() -> None:
    assert told(whole(3)) == []
    assert told([]) == []


def test_a_gap_is_named_by_its_first_event() -> None:
    rows = whole(6)
    assert told(rows[1:]) == [(1, "Event 1 is missing.")]
    assert told([rows[0], *rows[2:]]) == [(2, "Event 2 is missing.")]
    assert told([rows[0], *rows[3:]]) == [(2, "Events 2 to 3 are missing.")]
    assert told([rows[0], rows[2], rows[5]]) == [(2, "Event 2 is missing."), (4, "Events 4 to 5 are missing.")]


def test_a_changed_event_is_named_alone() -> None:
    rows = whole(4)
    for number in range(4):
        changed = [*rows[:number], {**rows[number], "payload": "other"}, *rows[number + 1 :]]
        assert told(changed) == [(number + 1, f"Event {number + 1} was changed.")]
    both = [{**rows[0], "payload": "x"}, {**rows[1], "payload": "y"}, *rows[2:]]
    assert told(both) == [(1, "Event 1 was changed."), (2, "Event 2 was changed.")]


def test_an_event_whose_bytes_are_no_text_is_changed_whatever_its_hash_says() -> None:
    """An empty hash made it pass for whole once."""
    rows = whole(2)
    assert told([rows[0], {**rows[1], "payload": "\ud800", "hash": ""}]) == [(2, "Event 2 was changed.")]


def test_an_event_from_elsewhere_does_not_follow() -> None:
    rows = whole(3)
    assert told(rows, "1" * 64) == [(1, "Event 1 does not hang on the beginning of this record: it was put in from elsewhere.")]
    for number in (0, 1):
        assert told(written_anew(rows, number, payload="other")) == [
            (number + 2, f"Event {number + 2} does not follow from event {number + 1}: one of the two was put in from elsewhere.")
        ]
    assert told(written_anew(rows, 2, payload="other")) == []  # the head row says it


def swapped(rows: list[Row], a: int, b: int, *with_the_content: str) -> list[Row]:
    """Two rows each in the other's place, all of them or what is named."""
    names = with_the_content or tuple(rows[a])
    found = list(rows)
    found[a] = {**rows[a], **{name: rows[b][name] for name in names}, "seq": a + 1}
    found[b] = {**rows[b], **{name: rows[a][name] for name in names}, "seq": b + 1}
    return found


def test_two_swapped_events_are_named_together() -> None:
    rows = whole(5)
    both = (2, "Events 2 and 4 were swapped.")
    assert told(swapped(rows, 1, 3)) == [both]
    assert told(swapped(rows, 1, 3, "event_id", "payload")) == [both]
    assert told(swapped(swapped(rows, 1, 3), 0, 2)) == [(1, "Events 1 and 3 were swapped."), both]
    and_one = swapped(rows, 1, 3)
    and_one[4] = {**and_one[4], "payload": "other"}
    assert told(and_one) == [both, (5, "Event 5 was changed.")]
    assert told([*swapped(rows, 1, 3)[:3], {**rows[3], "payload": "x"}, rows[4]]) == [
        (2, "Event 2 was changed."), (4, "Event 4 was changed."),
    ]  # fmt: skip


def test_among_a_hundred_changed_events_swaps_are_looked_for_and_not_among_more() -> None:
    rows = swapped(whole(101), 0, 1)
    a_hundred = [*rows[:2], *({**row, "payload": "x"} for row in rows[2:100]), rows[100]]
    assert told(a_hundred)[0] == (1, "Events 1 and 2 were swapped.")
    more = [*rows[:2], *({**row, "payload": "x"} for row in rows[2:])]
    assert told(more)[:2] == [(1, "Event 1 was changed."), (2, "Event 2 was changed.")]


def test_the_row_that_names_the_last_event_is_held_against_it() -> None:
    def said(head: Head | None) -> list[tuple[int, str]]:
        return [(seq, str(text)) for seq, text in head_row_faults(Head(5, "e"), head)]

    assert said(Head(5, "e")) == []
    assert said(None) == [(5, "The row that names the last event is missing.")]
    assert said(Head(6, "f")) == [(6, "Event 6 is missing.")]
    assert said(Head(8, "h")) == [(6, "Events 6 to 8 are missing.")]
    assert said(Head(4, "d")) == [
        (5, "Events after 4 were added, or the row that names the last event was changed, without the program.")
    ]
    assert said(Head(5, "x")) == [(5, "The last event, 5, is not the one that was saved last.")]


def test_a_head_file_is_held_against_the_chain() -> None:
    def said(told: Head, there: str | None) -> list[tuple[int, str]]:
        return [(seq, str(text)) for seq, text in told_faults(Head(5, "e"), told, there, "ward.head")]

    rewritten = "Event {} is not the one that the file ward.head knows: the record was rewritten or replaced."
    assert said(Head(5, "e"), "e") == said(Head(3, "c"), "c") == []
    assert said(Head(5, "x"), "e") == [(5, rewritten.format(5))]
    assert said(Head(3, "c"), None) == [(3, rewritten.format(3))]
    assert said(Head(7, "g"), None) == [
        (6, "The file ward.head knows event 7, but the record ends with event 5: the end is missing, or an older copy was put "
            "in its place.")
    ]  # fmt: skip


def test_a_head_file_put_aside_is_named_by_what_it_knows(tmp_path: Path) -> None:
    store, head = tmp_path / "ward.db", Head(7, "0123456789abcdef")
    assert write_head(store, head)
    assert (tmp_path / "ward.db.head").read_bytes() == b'{"seq":7,"hash":"0123456789abcdef"}\n'
    same_file = head_path(store).stat().st_ino
    assert move_head(store, head)
    assert head_path(store).stat().st_ino == same_file  # moved in place, not replaced
    kept = keep_aside(store, head)
    assert kept.name == "ward.db.head.kept-7-0123456789ab"
    assert kept_paths(store) == [kept]
    assert (read_head(kept), read_head(head_path(store))) == (head, None)


@pytest.mark.usefixtures("in_shanghai")
def test_times_are_written_in_utc_wherever_the_laptop_stands() -> None:
    assert utc_text(at(1)) == "2026-03-01T08:01:00.000000Z"
    assert utc_text(at(1).astimezone()) == "2026-03-01T08:01:00.000000Z"


def test_times_are_whole_milliseconds() -> None:
    assert utc_from_ms(utc_ms(at(1))) == at(1)
    assert utc_ms(utc_from_ms(1)) == 1


def test_a_beginning_names_its_store() -> None:
    """Form, mark, 31 random digits, 31 of the hash over all that and the store's own row."""
    row = OwnRow("store 1", "2026-03-01", "0.1.0", 0)
    genesis = new_genesis(row)
    assert len(genesis) == 64
    drawn, bound = genesis[:33], genesis[33:]
    text = f'["{drawn}","store 1","2026-03-01","0.1.0",0]'
    assert bound == sha256(text.encode()).hexdigest()[:31]
    assert names_its_store(genesis)
    assert fits(genesis, row)
    assert first_form(genesis) == int(genesis[0])
    assert not fits(genesis, row._replace(practice=1))
    for of_before in (GENESIS, genesis[:-1], f"x{genesis[1:]}", f"{genesis[0]}t{genesis[2:]}"):
        assert not names_its_store(of_before)
        assert first_form(of_before) == 0
