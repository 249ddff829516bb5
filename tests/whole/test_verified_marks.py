"""What came since a record was found whole is read alone only where the mark beside its newest backup is believed."""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from app.cli import main, verify
from app.domain.errors import Refused
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.facts import SamplesSealed
from app.domain.infusion.summary import FORM
from app.domain.log import Entry
from app.domain.people.accounts import PersonAdded
from app.domain.people.proofs import RowsRebuilt
from app.domain.products.parcel import Laptop
from app.domain.texts import Text
from app.jobs.verified_marks import MARK, WHOLE_EVERY, newest_mark
from app.jobs.witnessing import backed_up, believed_mark, own_laptop
from app.services.access.seals import Own
from app.services.protocol_files import put_together, shipped
from db import surely
from db.copies.store_backup import MANIFEST
from db.engine import driver
from db.examine import examine
from db.log.batch import Batch, SampleRow
from db.log.chain import row_hash, seal
from db.log.headfile import Head, write_head
from db.proof.examined import Examined, Since
from db.proof.verified import Mark
from db.queries import StoreReader
from tests.cli.stores import KEY
from tests.db.making import at, recorder
from tests.domain.cast import LI
from tests.whole.ward_life import Life

MADE_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
OTHER_KEY = bytes(range(1, 33))
VERSION = "0.1.0"


def samples(infusion: str, minute: int) -> list[SampleRow]:
    start = at(minute)
    return [SampleRow(infusion, "hr", start + timedelta(seconds=n), 60.0 + n, "ok", "ecg") for n in range(60)]


def put(path: Path, infusion: str, minute: int) -> None:
    """A sealed minute more."""
    writing = recorder(path, key=KEY)
    rows = samples(infusion, minute)
    writing.add_samples(rows)
    event = SamplesSealed(at(minute), *seal(rows), (), 2)
    writing.append(Batch((Entry(f"sealed {infusion} {minute}", infusion, at(minute + 1), None, event),))).result()
    writing.close()


class Made(NamedTuple):
    """A record of two infusions, of which one goes on; the folder its backups go to."""

    path: Path
    stick: Path
    signed: str
    running: str

    def back_up(self, days: float = 0, is_drawn: bool = False, version: str = VERSION) -> Path:
        made_at = MADE_AT + timedelta(days=days)
        return backed_up(self.path, KEY, self.stick, made_at, version, lambda _share: True, lambda: is_drawn).folder

    def own(self) -> Own:
        with StoreReader(self.path, KEY) as reader:
            own = own_laptop(reader)
        assert own is not None
        return own

    def mark(self, version: str = VERSION) -> Mark:
        return newest_mark(self.stick, self.own(), KEY, version)

    def go_on(self) -> None:
        """An event and a minute of samples more on the infusion that goes on."""
        life = Life(self.path, KEY)
        life.infusion_id = self.running
        assert life.do(AddNote("goes on"), LI).ok
        life.close()
        put(self.path, self.running, 100)

    def examined(self, mark: Mark | None = None, told: Callable[[float], None] | None = None) -> Examined:
        since = None if mark is None else Since(mark.verified)
        more = {} if told is None else {"told": told}
        return examine(self.path, key=KEY, shipped=shipped(), put_together=put_together, since=since, **more)  # type: ignore[arg-type]

    def raw(self, *statements: str, mend: int | None = None) -> None:
        """With the store's key and an ordinary tool, the guards off. `mend`: the chain from this event on, and the head."""
        raw: Any = driver.connect(str(self.path), isolation_level=None)
        with closing(raw):
            raw.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
            raw.execute("PRAGMA cipher_page_size = 1024")
            guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _sql in guards:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            if mend is not None:
                self._mend(raw, mend)
            for _name, sql in guards:
                raw.execute(sql)

    def _mend(self, raw: Any, first: int) -> None:
        found = raw.execute("SELECT * FROM event WHERE seq >= ? ORDER BY seq", (first,))
        names = [column[0] for column in found.description]
        (before,) = raw.execute("SELECT hash FROM event WHERE seq = ?", (first - 1,)).fetchone()
        for values in found.fetchall():
            row = {**dict(zip(names, values, strict=True)), "prev_hash": before}
            before = row_hash(row)
            raw.execute("UPDATE event SET prev_hash = ?, hash = ? WHERE seq = ?", (row["prev_hash"], before, row["seq"]))
        raw.execute("UPDATE chain_head SET hash = ?", (before,))
        (last,) = raw.execute("SELECT max(seq) FROM event").fetchone()
        write_head(self.path, Head(last, before))

    def one(self, sql: str) -> Any:
        raw: Any = driver.connect(str(self.path))
        with closing(raw):
            raw.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
            raw.execute("PRAGMA cipher_page_size = 1024")
            return raw.execute(sql).fetchone()[0]


def wrong(found: Examined) -> list[str]:
    return [str(text) for text in (*found.faults, *found.differences, *found.unread)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With a first backup, and what came since."""
    folder = tmp_path_factory.mktemp("kept")
    path, stick = folder / "ward.db", folder / "stick"
    stick.mkdir()
    life = Life(path, KEY)
    life.order("B-001", "1")
    signed = life.infusion_id
    life.start()
    life.finish()
    life.order("B-002", "2")
    running = life.infusion_id
    life.close()
    put(path, signed, 0)
    put(path, running, 1)
    made = Made(path, stick, signed, running)
    made.back_up()
    shutil.copytree(folder, folder / "before", ignore=shutil.ignore_patterns("stick", "before", "*.lock"))
    made.go_on()
    return made


@pytest.fixture
def made(kept: Made, tmp_path: Path) -> Made:
    shutil.copytree(kept.path.parent, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
    return kept._replace(path=tmp_path / "ward.db", stick=tmp_path / "stick")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


def backup_of(made: Made) -> Path:
    (folder,) = made.stick.iterdir()
    return folder


def rewritten(made: Made, mark: Mark) -> None:
    (backup_of(made) / MARK).write_bytes(msgspec.json.encode(mark))


def signed(mark: Mark, own: Own) -> Mark:
    mark = msgspec.structs.replace(mark, public_key=own.card.public_key, laptop=own.card.name, signature=b"")
    return msgspec.structs.replace(mark, signature=own.signature(mark.message()))


# --- what is read


def test_what_came_since_is_read_and_what_it_touches(made: Made) -> None:
    mark = made.mark()
    events, found = made.one("SELECT count(*) FROM event"), made.examined(mark)
    assert (wrong(found), found.since, found.events) == ([], mark.verified.head, events)
    assert found.sealed == 3
    assert found.verified is not None
    assert found.verified == made.examined().verified


def test_the_work_does_not_grow_with_the_record(made: Made) -> None:
    whole: list[float] = []
    new: list[float] = []
    mark = made.mark()
    made.examined(None, whole.append)
    made.examined(mark, new.append)
    since = made.one(f"SELECT count(*) FROM event WHERE seq > {mark.verified.head.seq}")
    assert len(new) == since + 3  # each new event, the one infusion that goes on, the file's beginning and end
    assert len(whole) == made.one("SELECT count(*) FROM event") + 4


def test_a_backup_goes_on_from_the_one_before_and_says_when_all_was_read(made: Made) -> None:
    first = made.mark()
    made.back_up(days=1)
    second = made.mark()
    assert (second.whole_at, second.verified.head.seq > first.verified.head.seq) == (first.whole_at, True)
    assert wrong(made.examined(second)) == []


@pytest.mark.parametrize(("days", "is_drawn"), [(WHOLE_EVERY / timedelta(days=1), False), (1, True), (-1, False)])
def test_a_month_later_by_lot_or_by_a_clock_that_went_back_all_of_it_is_read(made: Made, days: float, is_drawn: bool) -> None:
    made.raw("UPDATE sample SET value = 7 WHERE infusion = 1")
    with pytest.raises(Refused, match="were changed"):
        made.back_up(days, is_drawn)
    made.back_up(days=2)  # and this is what a mark cannot see


def test_a_store_without_encryption_is_always_read_as_a_whole(tmp_path: Path) -> None:
    life = Life(tmp_path / "ward.db")
    life.order()
    life.close()
    for number in range(2):
        made_at = MADE_AT + timedelta(days=number)
        folder = backed_up(life.record.file.path, None, tmp_path / "stick", made_at, VERSION, lambda _: True, lambda: False).folder
        assert surely.read(folder / MARK, Mark).whole_at == made_at


# --- a mark that does not fit


def by_the_stores_key(mark: Mark, _own: Own) -> Mark:
    return signed(mark, Own(Laptop(mark.verified.store_id, mark.laptop), KEY, False))


def by_another_laptop(mark: Mark, own: Own) -> Mark:
    own.card = msgspec.structs.replace(own.card, name="the clinic's")
    return signed(mark, own)


def changed(mark: Mark, _own: Own) -> Mark:
    return msgspec.structs.replace(mark, whole_at=mark.whole_at + timedelta(days=300))


@pytest.mark.parametrize("forged", [by_the_stores_key, by_another_laptop, changed])
def test_a_mark_that_this_laptop_did_not_sign_is_not_believed(made: Made, forged: Callable[[Mark, Own], Mark]) -> None:
    rewritten(made, forged(made.mark(), made.own()))
    with pytest.raises(Refused, match="is not signed by this laptop"):
        made.mark()


def test_a_mark_of_another_backup_or_record_is_not_believed(made: Made, tmp_path: Path) -> None:
    own, first = made.mark(), backup_of(made)
    other = Life(tmp_path / "other.db", KEY)
    other.order()
    other.close()
    strange = backed_up(other.record.file.path, KEY, tmp_path / "strange", MADE_AT, VERSION, lambda _: True, lambda: False).folder
    rewritten(made, signed(surely.read(strange / MARK, Mark), made.own()))
    with pytest.raises(Refused, match="does not fit its manifest"):
        made.mark()
    shutil.rmtree(made.stick)
    shutil.copytree(strange, made.stick / strange.name)
    with pytest.raises(Refused, match="no backup of this record"):
        made.mark()
    found = made.examined(surely.read(strange / MARK, Mark))
    assert (found.since, wrong(found)) == (None, [])
    assert own.verified.store_id not in first.name


def test_a_manifest_that_was_changed_takes_its_mark_along(made: Made) -> None:
    file = backup_of(made) / MANIFEST
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(Refused, match="does not fit its manifest"):
        made.mark()


def test_killed_between_backup_and_mark_the_next_reading_is_of_the_whole(made: Made) -> None:
    second = made.back_up(days=1)
    (second / MARK).unlink()
    with pytest.raises(Refused, match="bears no mark"):
        made.mark()
    made.back_up(days=2)
    assert made.mark().whole_at == MADE_AT + timedelta(days=2)


def test_another_version_of_the_program_reads_all_of_it(made: Made) -> None:
    with pytest.raises(Refused, match=r"made by version 0\.1\.0"):
        made.mark("0.2.0")
    made.back_up(days=1, version="0.2.0")
    assert made.mark("0.2.0").whole_at == MADE_AT + timedelta(days=1)


def test_a_mark_of_before_an_old_copy_was_put_back_is_not_gone_on_from(made: Made) -> None:
    made.back_up(days=1)
    mark = made.mark()
    for file in (made.path.parent / "before").glob("ward.db*"):
        shutil.copy(file, made.path.parent)
    assert made.examined(mark).since is None
    made.go_on()
    life = Life(made.path, KEY)
    life.infusion_id = made.running
    for number in range(5):
        assert life.do(AddNote(f"on another way {number}"), LI).ok
    life.close()
    assert made.one("SELECT max(seq) FROM event") > mark.verified.head.seq
    found = made.examined(mark)
    assert (found.since, wrong(found)) == (None, [])


@pytest.mark.parametrize("what", ["revision", "last_key", "standing_sha256", "genesis"])
def test_a_mark_of_another_form_or_other_counts_is_not_gone_on_from(made: Made, what: str) -> None:
    mark = made.mark()
    other: dict[str, Any] = {what: 99 if what == "last_key" else "0001"}
    found = made.examined(msgspec.structs.replace(mark, verified=msgspec.structs.replace(mark.verified, **other)))
    assert (found.since, wrong(found)) == (None, [])


def test_rows_that_were_all_made_anew_are_all_read_anew(made: Made) -> None:
    mark = made.mark()
    writing = recorder(made.path, key=KEY)
    writing.append(Batch((Entry("rebuilt", "people", at(200), None, RowsRebuilt(2, FORM)),))).result()
    writing.close()
    assert made.examined(mark).since is None


def test_a_record_in_which_something_is_wrong_gets_no_mark(made: Made) -> None:
    made.raw("UPDATE infusion SET bed = '9'")
    made.back_up(days=40)
    with pytest.raises(Refused, match="bears no mark"):
        made.mark()


# --- what is seen


BEFORE = [
    "UPDATE sample SET value = 7 WHERE infusion = 1",
    "DELETE FROM sample WHERE infusion = 1",
    "UPDATE infusion SET bed = '9' WHERE id = 1",
    "DELETE FROM vital_check WHERE infusion = 1",
]


@pytest.mark.parametrize("statement", BEFORE)
def test_a_change_before_the_mark_is_seen_by_the_whole_reading_alone(made: Made, statement: str) -> None:
    mark = made.mark()
    made.raw(statement)
    assert wrong(made.examined())
    found = made.examined(mark)
    assert (wrong(found), found.since) == ([], mark.verified.head)


def test_an_event_before_the_mark_is_looked_at_where_its_infusion_goes_on(made: Made) -> None:
    mark = made.mark()
    made.raw("UPDATE event SET payload = payload || ' ' WHERE type = 'Ordered'")
    assert len([text for text in wrong(made.examined()) if "was changed" in text]) == 2
    assert len([text for text in wrong(made.examined(mark)) if "was changed" in text]) == 1


def test_people_and_keys_of_before_the_mark_are_looked_at_always(made: Made) -> None:
    life = Life(made.path, KEY)
    life.record.people.happened(PersonAdded("n9", "Wu Guangming", LI.role), None)
    life.record.recorder.flush().result()
    life.close()
    made.raw("INSERT INTO person VALUES ('n9', 'Wu Guangming', 'nurse', '', NULL, '')")
    made.back_up(days=1)
    mark = made.mark()
    assert mark.verified.standing
    made.raw(f"UPDATE event SET payload = replace(payload, 'Wu', 'Hu') WHERE seq = {mark.verified.standing[-1]}",
             "UPDATE person SET name = 'Hu Guangming'")  # fmt: skip
    found = made.examined(mark)
    assert found.since is None
    assert wrong(found)


AFTER = {
    "event": "UPDATE event SET payload = payload || ' ' WHERE seq = (SELECT max(seq) FROM event)",
    "lost event": "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "the mark's own event": "UPDATE event SET payload = payload || ' ' WHERE seq = {seq}",
    "sample": "UPDATE sample SET value = 7 WHERE infusion = 2 AND t % 60000 = 7000",
    "one more sample": "INSERT INTO sample SELECT infusion, t + 1, vital, value, quality, source FROM sample WHERE infusion = 2",
    "row": "UPDATE infusion SET bed = '9' WHERE id = 2",
    "new row": "INSERT INTO infusion (infusion_id, phase) VALUES ('other', 'running')",
    "setting": "UPDATE setting SET value = '{{}}' WHERE key = 'signing key'",
    "person": "INSERT INTO person VALUES ('n9', 'Wu Guangming', 'nurse', '', NULL, '')",
    "guard": "DROP VIEW vital_sample",
    "store": "UPDATE store SET app_version = '9'",
    "head": "UPDATE chain_head SET hash = 'x'",
    "protocol file": "UPDATE protocol_file SET data = x'00'",
}


@pytest.mark.parametrize("what", AFTER)
def test_a_change_after_the_mark_or_of_what_is_always_looked_at_is_seen(made: Made, what: str) -> None:
    made.back_up(days=1)
    mark = made.mark()
    life = Life(made.path, KEY)
    life.infusion_id = made.running
    assert life.do(AddNote("after the mark"), LI).ok
    life.close()
    assert wrong(made.examined(mark)) == []
    if what == "person":
        life = Life(made.path, KEY)
        life.record.people.happened(PersonAdded("n8", "Li Na", LI.role), None)
        life.close()
    made.raw(AFTER[what].format(seq=mark.verified.head.seq))
    assert wrong(made.examined(mark))


def test_a_chain_written_anew_after_the_mark_is_named_by_the_head_file_that_was_kept(made: Made) -> None:
    mark = made.mark()
    with StoreReader(made.path, KEY) as reader:
        head = reader.head()
    made.raw(f"UPDATE event SET wall_utc = at WHERE seq = {mark.verified.head.seq + 1}", mend=mark.verified.head.seq + 1)
    write_head(made.path, head)
    assert wrong(made.examined(mark))


# --- the command


def test_the_command_says_since_when_and_that_the_rest_was_not_read(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    seq = made.mark().verified.head.seq
    assert verify.verify(made.path, key=KEY, mark=made.mark()) == verify.WHOLE
    told = capsys.readouterr().out
    assert f"Whole since event {seq}: " in told
    assert "What is older was not read again; all of it was last read on 2026-12-01" in told


def test_without_a_mark_the_command_says_why_and_reads_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    life = Life(tmp_path / "ward.db")
    life.order()
    life.close()
    command = partial(main, ["verify", "--db", str(tmp_path / "ward.db"), "--new", "--backups", str(tmp_path / "stick")])
    assert command() == verify.WHOLE
    told = capsys.readouterr().out
    assert "holds no backup of this record. So all of the record was read." in told
    assert "Whole: " in told
    assert main(["backup", "--db", str(tmp_path / "ward.db"), "--to", str(tmp_path / "stick")]) == 0
    capsys.readouterr()
    assert command() == verify.WHOLE
    assert "Whole since event" in capsys.readouterr().out


@pytest.mark.parametrize("key", ["signing key", "backup"])
@pytest.mark.parametrize("value", ["3", "{}", "no JSON", '{"folder":3}', '"0g"'])
def test_settings_that_somebody_wrote_make_no_mark_and_stop_nothing(made: Made, key: str, value: str) -> None:
    made.raw(f"INSERT OR REPLACE INTO setting VALUES ('{key}', '{value}', 'x')")
    found = believed_mark(made.path, KEY, None if key == "backup" else made.stick, VERSION)
    assert isinstance(found, Text)
    assert wrong(made.examined())
    assert not (made.back_up(days=1) / MARK).exists()


def test_a_record_without_its_own_row_is_told_broken(made: Made) -> None:
    made.raw("DELETE FROM store")
    assert verify.verify(made.path, key=KEY, mark=believed_mark(made.path, KEY, made.stick, VERSION)) == verify.BROKEN
