"""A signature is the person's own: what somebody with the store's key and a day can do to it, and that it is named each time."""

import os
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli import verify
from app.cli.verify import BROKEN, WHOLE
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.log import encode
from app.domain.people.own_keys import KeyMade, key_fingerprint
from app.domain.people.proofs import kept_sha256
from app.domain.people.roles import Person, Role
from app.domain.texts import Text
from app.jobs.first_record import FirstAdministrator, make_first_record
from app.services.access.keeping import Checked
from app.services.access.kept_secrets import hashed
from app.services.access.keyfile import Stretching
from app.services.access.own_key import new_own_key
from app.services.protocol_files import put_together, shipped
from db.engine import driver, driver_connection, open_reader
from db.examine import examine
from db.log.chain import Row, row_hash
from db.log.eventlog import signed_message
from db.log.headfile import Head, write_head
from db.proof.examined import Examined, Since
from db.proof.verified import Verified
from db.queries import StoreReader
from tests.domain.cast import CHEN, LI, WANG, ZHAO
from tests.whole.ward_life import Life

ADMIN = Person("A-01", "Zhao Admin", Role.ADMINISTRATOR)
FIRST, OWN, PIN = "horse battery staple", "green lamp nine", "482915"
QUICK = Stretching(1, 8, 1)
PEOPLE = (LI, WANG, ZHAO, CHEN)


class Ward:
    """A record founded with keys; everybody has proved who they are, as at the sign-in and at each question who signs."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self.key = path, key

    def open(self) -> Life:
        life = Life(self.path, self.key)
        life.record.people.keys.cost = QUICK
        return life

    def check(self, life: Life, person_id: str, secret: str) -> Checked:
        found: list[Checked] = []
        life.record.people.check(person_id, secret, found.append)
        while not found:
            life._posted.get(timeout=60)()
        return found[0]

    def verify(self) -> int:
        return verify.verify(self.path, key=self.key)

    def keys_of(self, person: Person) -> list[KeyMade]:
        with StoreReader(self.path, self.key) as store:
            made = [x.event for x in store.account_entries() if isinstance(x.event, KeyMade)]
        return [event for event in made if event.person_id == person.person_id]

    def raw(self) -> Any:
        """With the store's key and an ordinary tool."""
        other = driver.connect(str(self.path), isolation_level=None)
        other.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
        other.execute("PRAGMA cipher_page_size = 1024")
        return other

    def forge(self, change: Callable[[Any], None]) -> None:
        """Change what is there with the guards off, mend the whole chain behind it, the head row and the head file, and put the
        guards back.
        """
        raw = self.raw()
        guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            raw.execute(f"DROP TRIGGER {name}")
        change(raw)
        (before,) = raw.execute("SELECT genesis FROM store").fetchone()
        found = raw.execute("SELECT * FROM event ORDER BY seq")
        names = [column[0] for column in found.description]
        seq = 0
        for values in found.fetchall():
            row: Row = {**dict(zip(names, values, strict=True)), "prev_hash": before}
            before, seq = row_hash(row), int(row["seq"] or 0)
            raw.execute("UPDATE event SET prev_hash = ?, hash = ? WHERE seq = ?", (row["prev_hash"], before, seq))
        raw.execute("UPDATE chain_head SET seq = ?, hash = ?", (seq, before))
        for _name, sql in guards:
            raw.execute(sql)
        raw.close()
        write_head(self.path, Head(seq, before))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ward:
    path = tmp_path_factory.mktemp("keys") / "ward.db"
    first = make_first_record(path, FirstAdministrator(ADMIN.person_id, ADMIN.name, FIRST, FIRST), QUICK)
    ward = Ward(path, first.key)
    life = ward.open()
    people = life.record.people
    assert people.take_key(ADMIN.person_id, FIRST)
    people.set_pin(ADMIN, PIN, PIN)
    for person in PEOPLE:
        people.add(person.person_id, person.name, person.role, FIRST, FIRST, ADMIN)
    for person in PEOPLE:
        assert ward.check(life, person.person_id, FIRST).person == person
        people.set_password(person.person_id, OWN, OWN, person)
        people.set_pin(person, PIN, PIN)
    life.order()
    life.start()
    life.finish()
    life.close()
    return ward


@pytest.fixture
def ward(made: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    monkeypatch.setenv("LC_ALL", "C")
    for file in made.path.parent.glob("ward.db*"):
        shutil.copy(file, tmp_path / file.name)
    return Ward(tmp_path / "ward.db", made.key)


def test_a_record_signed_by_everybody_is_whole(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    assert ward.verify() == WHOLE, capsys.readouterr().out
    said = capsys.readouterr().out
    assert "Founded with the key " in said
    assert "events since the last signature" in said or "Whole" in said


def test_the_founding_key_is_told_and_compared(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    ring_of = ward.keys_of(ADMIN)
    printed = key_fingerprint(ring_of[0].public_key)
    assert verify.verify(ward.path, key=ward.key, founder=printed.lower().replace("-", " ")) == WHOLE
    assert verify.verify(ward.path, key=ward.key, founder="ABCD-EFGH-IJKL-MNOP") == BROKEN
    assert "it is another record" in capsys.readouterr().out


def test_a_rewritten_entry_is_named_by_every_later_signature(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    """The chain, the hashes in the signatures, head row and head file are mended, too: only the keys are not at hand."""
    ward.forge(lambda raw: raw.execute("UPDATE event SET payload = replace(payload, '\"70.0\"', '\"80.0\"')"))
    assert ward.verify() == BROKEN
    assert capsys.readouterr().out.count("was rewritten after it was given") >= 8


def test_a_nurse_cannot_sign_in_as_a_colleague_by_another_password_hash(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    kept = new_own_key(ZHAO.person_id).wrapped("of my own choice", QUICK)
    raw = ward.raw()
    raw.execute("UPDATE person SET password_hash = ? WHERE person_id = ?", (kept, ZHAO.person_id))
    raw.close()
    life = ward.open()
    assert ward.check(life, ZHAO.person_id, "of my own choice").person is None
    assert ward.check(life, ZHAO.person_id, OWN).person is None
    life.close()
    assert ward.verify() == BROKEN
    assert "password_hash" in capsys.readouterr().out


def test_nor_by_a_hash_of_before_there_were_keys(ward: Ward) -> None:
    raw = ward.raw()
    raw.execute("UPDATE person SET password_hash = ? WHERE person_id = ?", (hashed("of my own choice"), ZHAO.person_id))
    raw.close()
    life = ward.open()
    assert ward.check(life, ZHAO.person_id, "of my own choice").person is None
    life.close()


def test_a_key_that_a_nurse_gives_a_colleague_is_named(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    """She replaces his key in the event and signs in his place with it, from then on."""
    key = new_own_key(ZHAO.person_id)

    def change(raw: Any) -> None:
        rows = raw.execute("SELECT seq, payload FROM event WHERE type = 'KeyMade' ORDER BY seq").fetchall()
        last = ward.keys_of(ZHAO)
        old = encode(last[-1]).decode()
        new = encode(msgspec.structs.replace(last[-1], public_key=key.public_key, sha256=kept_sha256("x"))).decode()
        (seq,) = [seq for seq, payload in rows if payload == old]
        raw.execute("UPDATE event SET payload = ? WHERE seq = ?", (new, seq))

    ward.forge(change)

    def sign_all(raw: Any) -> None:
        his = "SELECT s.seq, e.hash FROM signature s JOIN event e ON e.seq = s.seq WHERE s.person = ?"
        found = raw.execute(his, (ZHAO.person_id,))
        for seq, hash_ in found.fetchall():
            signed = key.sign(signed_message(hash_)).hex()
            raw.execute("UPDATE signature SET public_key = ?, signature = ? WHERE seq = ? AND person = ?",
                        (key.public_key.hex(), signed, seq, ZHAO.person_id))  # fmt: skip

    ward.forge(sign_all)
    assert ward.verify() == BROKEN
    assert "was rewritten after it was given" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM signature WHERE seq = (SELECT max(seq) FROM signature)", "bears no signature of theirs"),
        ("DELETE FROM signature WHERE person = 'A-01'", "is not signed by A-01"),
        ("DELETE FROM signature", "bears no signature of theirs"),
        ("UPDATE signature SET public_key = '00' || substr(public_key, 3)", "with a key that is not"),
        ("UPDATE signature SET signature = '00' || substr(signature, 3)", "does not fit"),
        ("UPDATE signature SET signature = 'x'", "does not fit"),
        ("UPDATE signature SET person = 'nobody' WHERE seq = (SELECT max(seq) FROM signature)", "bears no signature of theirs"),
        ("UPDATE signature SET seq = 90000 WHERE seq = (SELECT max(seq) FROM signature)", "which is not there"),
        ("UPDATE event SET payload = replace(payload, substr(payload, instr(payload, '\"signed_sha256\":\"') + 17, 64), '') "
         "WHERE type = 'SignatureGiven'", "does not say what it was given for"),
    ],
)  # fmt: skip
def test_what_is_taken_away_changed_or_empty_is_named(
    ward: Ward, statement: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ward.forge(lambda raw: raw.execute(statement))
    assert ward.verify() == BROKEN
    assert said in capsys.readouterr().out


def test_an_administrator_gives_a_key_that_cannot_sign_for_the_past(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    life = ward.open()
    people = life.record.people
    assert people.take_key(ADMIN.person_id, FIRST)
    before = people.keys.ring.key(LI.person_id)
    people.set_password(LI.person_id, "given by the office", "given by the office", ADMIN)
    assert people.keys.ring.key(LI.person_id) != before
    account = people.account(LI.person_id)
    assert account is not None
    assert (account.first_password, account.has_pin) == (True, False)
    assert ward.check(life, LI.person_id, OWN).person is None
    assert ward.check(life, LI.person_id, "given by the office").person == LI
    life.record.recorder.flush().result()
    assert [event.how for event in ward.keys_of(LI)] == ["given", "own", "given"]
    life.close()
    assert ward.verify() == WHOLE, capsys.readouterr().out


def test_whoever_signed_out_signs_no_more(ward: Ward) -> None:
    life = ward.open()
    assert ward.check(life, LI.person_id, OWN).person == LI
    people = life.record.people
    assert people.keys.held(LI.person_id) is not None
    people.signed_out(LI, "person")
    assert people.keys.held(LI.person_id) is None
    life.close()


def test_the_pin_is_read_with_the_persons_key_alone(ward: Ward) -> None:
    life = ward.open()
    found: list[Checked] = []
    life.record.people.check(LI.person_id, PIN, found.append, "pin")
    while not found:
        life._posted.get(timeout=60)()
    assert found.pop().person is None
    assert ward.check(life, LI.person_id, OWN).person == LI
    life.record.people.check(LI.person_id, PIN, found.append, "pin")
    while not found:
        life._posted.get(timeout=60)()
    assert found.pop().person == LI
    life.close()
    connection = open_reader(ward.path, ward.key)
    (kept,) = driver_connection(connection).execute("SELECT pin_hash FROM person WHERE person_id = ?", (LI.person_id,)).fetchone()
    connection.close()
    assert "argon2" not in kept


def test_a_reaction_and_a_note_need_no_key_and_are_counted(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    life = ward.open()
    with StoreReader(ward.path, ward.key) as store:
        (life.infusion_id,) = store.streams()
    assert life.do(NoteReaction(life.record.bedside.now(), ("fever",), "continue"), LI).ok
    assert life.do(AddNote("looked in again"), LI).ok
    life.close()
    assert ward.verify() == WHOLE, capsys.readouterr().out
    assert "Note: 3 events since the last signature." in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be cut")
def test_signatures_go_along_into_a_record_that_begins_anew(ward: Ward, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its people are lost with the old file: what holds is said, and a signature that does not fit is named."""
    life = ward.open()
    for person in PEOPLE:
        ward.check(life, person.person_id, OWN)
    recorder = life.record.recorder
    recorder.flush().result()
    os.truncate(ward.path, 4096)
    assert not life.do(AddNote("looked in again"), LI).ok
    ward.path, told = tmp_path / "saved.db", list[Text | None]()
    life.record.rescue.save(ward.path, told.append)
    while not told:
        life._posted.get(timeout=60)()
    recorder.flush().result()
    life.close()
    assert (told, ward.verify()) == ([None], WHOLE), capsys.readouterr().out
    fingerprint = key_fingerprint(ward_key(life, LI))
    assert f"signatures of n1 are given with the key {fingerprint}" in capsys.readouterr().out
    ward.forge(lambda raw: raw.execute("UPDATE event SET payload = replace(payload, '\"70.0\"', '\"80.0\"')"))
    assert ward.verify() == BROKEN


def ward_key(life: Life, person: Person) -> bytes:
    held = life.record.people.keys.held(person.person_id)
    assert held is not None
    return held.public_key


class TestSinceAMark:
    """Only what came since is read: everybody's key, and the last signatures before, are looked at all the same."""

    @pytest.fixture
    def before(self, ward: Ward) -> Verified:
        found = self.examined(ward)
        assert found.verified is not None
        life = ward.open()
        assert [ward.check(life, person.person_id, OWN).person for person in (LI, ZHAO)] == [LI, ZHAO]
        life.order("B-002", "3")
        life.do(RecordWeight(Decimal("70.0")), LI)
        life.close()
        return found.verified

    def examined(self, ward: Ward, since: Verified | None = None) -> Examined:
        held = Since(since) if since else None
        return examine(ward.path, key=ward.key, shipped=shipped(), put_together=put_together, since=held)

    def wrong(self, ward: Ward, since: Verified | None = None) -> str:
        found = self.examined(ward, since)
        assert (found.since is not None) == (since is not None)
        return " ".join(map(str, [*found.faults, *found.differences]))

    def test_nothing_is_wrong_and_the_founder_is_told(self, ward: Ward, before: Verified) -> None:
        assert self.wrong(ward, before) == ""
        assert self.examined(ward, before).founder == key_fingerprint(ward.keys_of(ADMIN)[0].public_key)

    def test_what_is_taken_away_after_it_is_named(self, ward: Ward, before: Verified) -> None:
        ward.forge(lambda raw: raw.execute(f"DELETE FROM signature WHERE seq > {before.head.seq}"))
        assert "bears no signature of theirs" in self.wrong(ward, before)

    def test_a_chain_written_anew_under_a_mark_written_anew_is_named_by_the_last_signatures(
        self, ward: Ward, before: Verified
    ) -> None:
        """The laptop's key lies in the record: whoever rewrote the chain can sign a mark that fits it. Nobody else's key does."""
        ward.forge(lambda raw: raw.execute("UPDATE event SET payload = replace(payload, '\"70.0\"', '\"80.0\"')"))
        with StoreReader(ward.path, ward.key) as store:
            head = Head(before.head.seq, store.hash_at(before.head.seq) or "")
            standing = "".join(f"{seq} {store.hash_at(seq)}\n" for seq in before.standing)
        forged = msgspec.structs.replace(before, head=head, standing_sha256=sha256(standing.encode()).hexdigest())
        assert "was rewritten after it was given" in self.wrong(ward, forged)
