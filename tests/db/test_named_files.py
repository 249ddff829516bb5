"""The protocol files that the log names: which are gone, changed, or only come with the program."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256

import pytest

from app.domain.infusion import facts as e
from app.domain.log import Event, encode
from app.domain.site.site_facts import ProtocolCame, ProtocolTaken
from db.log.chain import Row
from db.log.named_files import NamedFiles
from tests.domain.cast import LI

FIRST, SECOND = b'id = "first"', b'id = "second"'
ONE, TWO = sha256(FIRST).hexdigest(), sha256(SECOND).hexdigest()
CAME = ProtocolCame(ONE, "msc-icaht", "1")
TAKEN = ProtocolTaken(protocol_sha256=TWO, protocol_id="msc-icaht", protocol_version="2", before_sha256=ONE, changes=1)


def order(by: str) -> e.Ordered:
    return e.Ordered("S-001", "12", "A", 1, "msc-icaht", "1", by, False)


def row(seq: int, event: Event, stream: str = "trial") -> Row:
    return {"seq": seq, "type": type(event).__name__, "stream": stream, "payload": encode(event).decode()}


def named(*rows: Row) -> NamedFiles:
    found = NamedFiles()
    for one in rows:
        found.take(one)
    return found


@pytest.fixture
def raw() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def kept(raw: sqlite3.Connection, **files: object) -> None:
    """`ONE`, `TWO`: what lies under the hash of that file."""
    raw.execute("CREATE TABLE protocol_file (sha256 TEXT PRIMARY KEY, data BLOB)")
    raw.executemany(
        "INSERT INTO protocol_file VALUES (?, ?)", [({"ONE": ONE, "TWO": TWO}[name], data) for name, data in files.items()]
    )


def judged(found: NamedFiles, raw: sqlite3.Connection, *shipped: str) -> list[list[str]]:
    return [[str(text) for text in texts] for texts in found.judged(raw, shipped)]


TWO_ORDERS = row(1, CAME), row(2, order(ONE), "inf-1"), row(3, TAKEN), row(4, order(TWO), "inf-2"), row(5, order(TWO), "inf-3")


def test_each_file_that_was_taken_is_kept_with_its_own_bytes(raw: sqlite3.Connection) -> None:
    kept(raw, ONE=FIRST, TWO=SECOND)
    assert judged(named(*TWO_ORDERS), raw) == [[], [], []]


def test_a_file_that_is_gone_is_named_with_the_infusions_ordered_by_it(raw: sqlite3.Connection) -> None:
    kept(raw, ONE=FIRST)
    assert judged(named(*TWO_ORDERS), raw, TWO) == [
        [f"The protocol file {TWO} that was taken with event 3 is missing. Infusions ordered by it: inf-2, inf-3."], [], []
    ]  # fmt: skip


def test_without_the_table_every_file_taken_is_gone_since_it_was_taken_first(raw: sqlite3.Connection) -> None:
    assert judged(named(row(1, CAME), row(7, CAME)), raw) == [
        [f"The protocol file {ONE} that was taken with event 1 is missing. Infusions ordered by it: —."], [], []
    ]  # fmt: skip


@pytest.mark.parametrize("bytes_now", [SECOND, b"", FIRST.decode(), None, 7])
def test_other_bytes_under_the_hash_of_a_file_are_a_fault(bytes_now: object, raw: sqlite3.Connection) -> None:
    kept(raw, TWO=SECOND, ONE=bytes_now)
    assert judged(named(*TWO_ORDERS), raw) == [[f"The protocol file {ONE} was changed in the record."], [], []]


def test_of_a_record_of_before_files_were_kept_those_that_come_with_the_program_are_noted(raw: sqlite3.Connection) -> None:
    found = named(row(1, order(TWO), "inf-1"), row(2, order(ONE), "inf-2"), row(3, order(TWO), "inf-3"))
    missing = "The protocol file of infusion {} is missing ({}): it is shown as recorded, and nothing of it is computed."
    assert judged(found, raw, ONE) == [
        [],
        [missing.format("inf-1", TWO), missing.format("inf-3", TWO)],
        [f"The protocol file of infusion inf-2 ({ONE[:12]}) is not kept in the record; it comes with the program."],
    ]
    kept(raw, TWO=SECOND)
    assert judged(found, raw) == [[], [missing.format("inf-2", ONE)], []]


@pytest.mark.parametrize("payload", ["no JSON", '{"protocol_sha256": 7}', '"\udc80"'])
def test_an_event_that_cannot_be_read_names_no_file(payload: str, raw: sqlite3.Connection) -> None:
    found = named({**row(1, CAME), "payload": payload}, {**row(2, order(ONE), "inf-1"), "payload": payload})
    assert judged(found, raw) == [[], [], []]


def test_other_events_name_no_file(raw: sqlite3.Connection) -> None:
    handed = {**row(1, e.HandedOver(LI.person_id), "inf-1"), "payload": f'{{"protocol_sha256":"{ONE}"}}'}
    assert judged(named(handed), raw) == [[], [], []]


def test_a_kept_file_is_read_byte_for_byte(raw: sqlite3.Connection) -> None:
    reading = NamedFiles().reading(raw)
    assert reading(ONE) is None
    kept(raw, ONE=FIRST, TWO="a text")
    assert [reading(name) for name in (ONE, TWO, "0" * 64)] == [FIRST, None, None]
