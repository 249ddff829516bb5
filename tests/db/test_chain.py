"""The chain by itself: whatever is done to one row is named, for any rows."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db.log.chain import Row, chain_faults, head_row_faults, row_hash, seal_of, told_faults
from db.log.headfile import Head

GENESIS = "0" * 64
few = settings(max_examples=50, deadline=None)
TEXTS = ("event_id", "stream", "at", "payload")

content = st.fixed_dictionaries(
    {name: st.text(max_size=8) for name in TEXTS}
    | {"by": st.none() | st.text(max_size=4), "utc_offset_min": st.integers(-720, 840)}
)
contents = st.lists(content, min_size=2, max_size=6)


def chained(found: list[dict[str, Any]]) -> list[Row]:
    rows, hash_ = [], GENESIS
    for seq, one in enumerate(found, 1):
        row: Row = {**one, "seq": seq, "event_id": f"{seq}-{one['event_id']}", "prev_hash": hash_}
        row["hash"] = hash_ = row_hash(row)
        rows.append(row)
    return rows


def named(rows: list[Row]) -> list[tuple[int, str]]:
    return [(fault.seq, str(fault.text)) for fault in chain_faults(rows, Head(0, GENESIS))]


@few
@given(contents)
def test_a_whole_chain_has_no_faults(found: list[dict[str, Any]]) -> None:
    assert named(chained(found)) == []


@few
@given(contents, st.data())
def test_a_change_of_any_value_is_named_once_where_it_lies(found: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chained(found)
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from([*TEXTS, "by", "prev_hash", "hash"]))
    row[column] = data.draw(st.text(max_size=8).filter(lambda text: text != row[column]))
    assert named(rows) == [(row["seq"], f"Event {row['seq']} was changed.")]


@few
@given(contents, st.data())
def test_a_missing_row_is_named(found: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chained(found)
    gone = data.draw(st.integers(1, len(rows)))
    head = Head(len(rows), str(rows[-1]["hash"]))
    left = [row for row in rows if row["seq"] != gone]
    last = Head(int(left[-1]["seq"] or 0), str(left[-1]["hash"]))
    all_faults = [*named(left), *((f.seq, str(f.text)) for f in head_row_faults(last, head))]
    assert all_faults == [(gone, f"Event {gone} is missing.")]


@few
@given(contents, st.data())
def test_two_swapped_rows_are_named_together(found: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chained(found)
    a, b = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True).map(sorted))
    rows[a], rows[b] = {**rows[b], "seq": a + 1}, {**rows[a], "seq": b + 1}
    assert named(rows) == [(a + 1, f"Events {a + 1} and {b + 1} were swapped.")]


@few
@given(contents, st.data())
def test_a_row_written_anew_with_its_own_hash_breaks_the_next_link(found: list[dict[str, Any]], data: st.DataObject) -> None:
    rows = chained(found)
    row = data.draw(st.sampled_from(rows))
    row["payload"] = f"{row['payload']}!"
    row["hash"] = row_hash(row)
    seq = int(row["seq"] or 0)
    last = Head(len(rows), str(rows[-1]["hash"]))
    before = Head(len(rows), str(chained(found)[-1]["hash"]))
    said = [*(seq for seq, _ in named(rows)), *(f.seq for f in head_row_faults(last, before))]
    assert said == [seq + 1 if seq < len(rows) else seq]


def test_a_head_file_may_lie_behind_but_not_say_anything_else() -> None:
    last = Head(5, "e")
    assert list(told_faults(last, Head(5, "e"), "e", "f")) == []
    assert list(told_faults(last, Head(3, "c"), "c", "f")) == []
    assert [f.seq for f in told_faults(last, Head(3, "c"), "x", "f")] == [3]
    assert [f.seq for f in told_faults(last, Head(3, "c"), None, "f")] == [3]
    assert [f.seq for f in told_faults(last, Head(7, "g"), None, "f")] == [6]


def test_a_seal_does_not_depend_on_the_order_of_arrival() -> None:
    first, second = ("hr", 1000, 60.0, "ok", "ecg"), ("spo2", 1000, None, "sensor_off", "pleth")
    assert seal_of([first, second]) == seal_of([second, first])
    assert seal_of([first, second]) != seal_of([first, ("spo2", 1000, 0.0, "sensor_off", "pleth")])
