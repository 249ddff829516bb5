"""A signed record never changes: an amended protocol file is taken by two people, and counts for new orders only."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli import main
from app.domain.errors import Refused
from app.domain.infusion.chapters.weighing import RecordWeight
from app.domain.people.roles import Person, Role
from app.domain.people.signatures import misfits
from app.domain.products.dose import dose_cells
from app.jobs.record_folder import source, write_record
from app.practice.rehearsal import Plan, rehearse
from app.services.protocol_files import DEFAULT, load, shipped
from app.services.ward.ports import Outcome
from app.services.words.trail import Trail
from app.services.words.words import Words
from db.log.log_pages import TrailFilter
from tests.domain.cast import EVERYBODY, LI, PROTOCOLS, ZHAO
from tests.whole.ward_life import Life

QIAN = Person("a1", "Qian", Role.ADMINISTRATOR)
PEOPLE = {person.person_id: person for person in (*EVERYBODY, QIAN)}
INVENTED = PROTOCOLS["three-stage"].with_name("invented.toml")
LATE = "The protocol file is wrong at vitals.late_from_min"
GUARDS = ("protocol_file_no_update", "protocol_file_no_delete", "event_no_update", "event_no_delete")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    made = Life(tmp_path / "ward.db")
    yield made
    made.close()


@pytest.fixture
def amended(tmp_path: Path) -> Path:
    """The trial's file with 3 × 10⁶ cells/kg."""
    text = DEFAULT.read_text(encoding="utf-8")
    made = tmp_path / "amended.toml"
    made.write_text(text.replace("cells_per_kg = 2_000_000", "cells_per_kg = 3_000_000").replace('version = "2"', 'version = "3"'),
                    encoding="utf-8")  # fmt: skip
    return made


def take(life: Life, file: Path) -> None:
    told: list[Outcome] = []
    site = life.record.site
    site.take(site.read(file), QIAN, ZHAO, told.append)
    assert life._until(told).ok


def files_of(life: Life, infusion_id: str, at: datetime, folder: Path) -> dict[str, bytes]:
    """The record as it is made on that day, byte for byte."""
    life.record.recorder.flush().result()
    made_from = source(life.record.file.path, infusion_id, PEOPLE, at)
    return {name: path.read_bytes() for name, path in write_record(made_from, "en", folder).items()}


def projections(life: Life, infusion_id: str) -> list[Any]:
    store = life.record.store
    (row,) = (row for row in store.infusions() if row.infusion_id == infusion_id)
    return [tuple(row), [tuple(check) for check in store.checks(infusion_id)], tuple(store.observation(infusion_id) or ())]


def test_a_signed_record_stays_byte_for_byte_and_a_running_infusion_keeps_its_file(
    life: Life, amended: Path, tmp_path: Path
) -> None:
    life.order()
    life.start()
    life.finish()
    signed, made_at = life.infusion_id, life.record.bedside.now()
    before = files_of(life, signed, made_at, tmp_path / "before"), projections(life, signed)
    life.order("B-002", "13")
    running = life.infusion_id
    assert life.do(RecordWeight(Decimal("70.0")), LI).ok

    new = life.record.site.read(amended)
    assert [(c.key, c.before, c.now) for c in new.changes] == [("version", "2", "3"), ("dose.cells_per_kg", "2000000", "3000000")]
    take(life, amended)

    assert (files_of(life, signed, made_at, tmp_path / "after"), projections(life, signed)) == before
    keeps = life.record.bedside.infusion(running)
    assert keeps.plan is not None
    assert (keeps.protocol.version, keeps.plan.dose_cells) == ("2", 140_000_000)
    life.order("B-003", "14")
    assert life.do(RecordWeight(Decimal("70.0")), LI).ok
    follows = life.record.bedside.infusion(life.infusion_id)
    assert follows.plan is not None
    assert (follows.protocol.version, follows.plan.dose_cells) == ("3", 210_000_000)


def test_what_is_in_force_goes_on_after_a_restart_and_both_signatures_fit(life: Life, amended: Path, tmp_path: Path) -> None:
    assert life.record.site.in_force.by is None
    life.order()
    take(life, amended)
    since = life.record.site.in_force
    assert (since.protocol_version, since.by) == ("3", ZHAO.person_id)
    life.close()
    again = Life(tmp_path / "ward.db")
    try:
        assert again.record.site.in_force == since
        assert again.record.bedside.trial.protocol.dose.cells_per_kg == 3_000_000
        assert dose_cells(Decimal(70), again.record.bedside.infusion(again.infusion_id).protocol) == 140_000_000
        entries = again.record.store.entries("trial")
        assert [type(entry.event).__name__ for entry in entries] == ["ProtocolCame", "ProtocolProposed", "ProtocolTaken"]
        assert [entry.by for entry in entries] == [None, QIAN.person_id, ZHAO.person_id]
        assert list(misfits(entries)) == []
        trail = Trail(again.record.store, again.record.bedside.read, {})
        told = [str(line.said) for line in reversed(trail.lines(TrailFilter(stream="trial")))]
        assert told[0].startswith("Protocol file in force: msc-icaht, version 2 · came with the program · SHA-256 ")
        assert told[2].startswith("New protocol file in force, signed by an investigator: msc-icaht, version 3 · values changed: 2")
    finally:
        again.close()
    assert main(["verify", "--db", str(tmp_path / "ward.db")]) == 0


def test_a_setting_of_the_site_counts_for_new_orders(life: Life, tmp_path: Path) -> None:
    life.order()
    before, site = life.infusion_id, life.record.site
    for key, value in (("vitals.late_from_min", "3"), ("vitals.limits.spo2.low", "92"), ("weight.usual_kg", "[35, 150]"),
                       ("thaw.warn_min", ""), ("verification.pharmacists", '"others"')):  # fmt: skip
        told: list[Outcome] = []
        site.set(key, value, "as the ward's round decided", QIAN, told.append)
        assert life._until(told).ok
    assert site.offered["vitals.limits.spo2.low"] == "92"
    life.order("B-002", "13")
    now, then = (life.record.bedside.infusion(one).protocol for one in (life.infusion_id, before))
    for rules, late, low, usual, warn in ((then, 5, 90, 30, 45), (now, 3, 92, 35, None)):
        limits = rules.vitals.limits_of("spo2")
        assert limits is not None
        found = (rules.vitals.late_from_min, limits.low, rules.weight.usual_kg[0], rules.thaw.warn_min)
        assert [None if x is None else int(x) for x in found] == [late, low, usual, warn]
    assert (then.verification.pharmacists, now.verification.pharmacists) == ("none", "others")
    life.close()
    again = Life(tmp_path / "ward.db")
    try:
        assert again.record.bedside.trial.protocol == now
        assert {s.infusion_id: s.protocol for s in again.record.bedside.infusions} == {before: then, life.infusion_id: now}
        trail = Trail(again.record.store, again.record.bedside.read, {})
        told_now = [str(line.said) for line in trail.lines(TrailFilter(stream="trial"))]
        assert "Site setting thaw.warn_min: 45 → — (as the ward's round decided)" in told_now
    finally:
        again.close()


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("dose.cells_per_kg", "3000000", "dose.cells_per_kg is no setting of the site"),
        ("vitals.late_from_min", "5", "This is the value in force."),
        ("vitals.late_from_min", "1e400", "“1e400” is not a value"),
        ("vitals.late_from_min", "nan", "“nan” is not a value"),
        ("vitals.late_from_min", "1e9", f"{LATE}: 1000000000. Allowed: a number from 0.1 to 120."),
        ("vitals.late_from_min", "11", f"{LATE}: 11. Allowed: less than missed_from_min."),
        ("vitals.late_from_min", "5\n[dose]", "“5\n[dose]” is not a value"),
        ("vitals.late_from_min", "soon", "“soon” is not a value"),
        ("vitals.limits.hr.high", "20", "The protocol file is wrong at vitals.limits[0]"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused(life: Life, key: str, value: str, why: str) -> None:
    with pytest.raises(Refused) as refusal:
        life.record.site.set(key, value, "why", QIAN)
    assert str(refusal.value).startswith(why)


def test_who_may_not_and_what_is_there_already_is_refused(life: Life, amended: Path) -> None:
    site = life.record.site
    new = site.read(amended)
    for administrator, investigator in ((ZHAO, ZHAO), (QIAN, LI)):
        with pytest.raises(Refused, match="This needs another role"):
            site.take(new, administrator, investigator)
    with pytest.raises(Refused, match="in force already"):
        site.read(DEFAULT)
    with pytest.raises(Refused, match="This needs another role"):
        site.set("thaw.warn_min", "40", "why", ZHAO)
    with pytest.raises(Refused, match="Give a reason"):
        site.set("thaw.warn_min", "40", " ", QIAN)


def broken(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as store:
        for guard in GUARDS:
            store.execute(f"DROP TRIGGER IF EXISTS {guard}")
        for statement in statements:
            store.execute(statement)
        store.commit()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM protocol_file", "that was taken with event 1 is missing. Infusions ordered by it: "),
        ("UPDATE protocol_file SET data = data || x'0A'", "was changed in the record."),
    ],
)
def test_verify_names_a_missing_and_a_changed_file(
    life: Life, capsys: pytest.CaptureFixture[str], statement: str, named: str
) -> None:
    life.order()
    life.close()
    path = life.record.file.path
    assert main(["verify", "--db", str(path)]) == 0
    broken(path, statement)
    capsys.readouterr()
    assert main(["verify", "--db", str(path)]) == 1
    told = capsys.readouterr().out
    assert named in told
    assert "BROKEN" in told


def test_the_guards_keep_a_file_as_it_is(life: Life) -> None:
    life.close()
    with closing(sqlite3.connect(life.record.file.path)) as store:
        for statement in ("DELETE FROM protocol_file", "UPDATE protocol_file SET data = x'00'",
                          "INSERT OR REPLACE INTO protocol_file SELECT sha256, x'00' FROM protocol_file"):  # fmt: skip
            with pytest.raises(sqlite3.DatabaseError):
                store.execute(statement)


def test_an_infusion_of_an_unknown_file_is_shown_as_recorded(
    life: Life, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Of before files were kept, by a file that nobody has any more: never replayed with today's."""
    strange = msgspec.structs.replace(load(), sha256="ab" * 32, data=b"")
    life.record.bedside.trial = strange
    life.record.bedside.files.know(strange)
    life.order()
    life.start()
    life.finish()
    signed, at = life.infusion_id, life.record.bedside.now()
    life.order("B-002", "13")
    life.close()

    again = Life(tmp_path / "ward.db")
    try:
        assert [str(notice) for notice in again.record.notices] == [
            "The protocol file of this infusion is not at hand (msc-icaht 2, SHA-256 abababababab). It is shown as recorded, and "
            "nothing of it is computed."
        ] * 2
        assert again.record.bedside.infusions == []
        made = files_of(again, signed, at, tmp_path / "out")
        trail = Trail(again.record.store, again.record.bedside.read, {})
        told = [str(line.said) for line in trail.lines(TrailFilter(stream=signed))]
        assert "Signed: reviewed" in told
    finally:
        again.close()
    data = msgspec.json.decode(made["record.json"])
    assert (data["protocol"], data["phase"], "deviations" in data) == (None, "signed", False)
    assert "The protocol file of this infusion is not at hand" in data["why_no_protocol"]
    assert made["record.pdf"].startswith(b"%PDF")
    assert len(made["events.csv"].splitlines()) == data["event_count"] + 1
    assert len(made["checks.csv"].splitlines()) == 2
    assert main(["verify", "--db", str(tmp_path / "ward.db")]) == 1
    assert f"The protocol file of infusion {signed} is missing ({'ab' * 32}): it is shown as recorded" in capsys.readouterr().out
    assert main(["ledger", "--db", str(tmp_path / "ward.db")]) == 0
    assert f"{signed}: The protocol file of this infusion is not at hand" in capsys.readouterr().err


def test_former_files_come_with_the_program(life: Life, tmp_path: Path) -> None:
    """An infusion that names a file of before, which its store does not keep, is replayed with that one."""
    former = DEFAULT.parent / "former" / "msc-icaht-1.toml"
    then = load(former)
    assert then.sha256 in shipped()
    old = msgspec.structs.replace(then, data=b"")
    life.record.bedside.trial = old
    life.order()
    life.close()
    again = Life(tmp_path / "ward.db")
    try:
        protocol = again.record.bedside.infusion(again.infusion_id).protocol
        assert (protocol.version, protocol.gate, protocol.thaw.warn_min) == ("1", None, None)
        limits = protocol.vitals.limits_of("temp")
        assert limits is not None
        assert limits.very_high == Decimal("40.5")
        assert str(protocol.vitals.told_after_min) == "2"
        assert len(protocol.reaction.symptoms) == 23
    finally:
        again.close()
    assert main(["verify", "--db", str(tmp_path / "ward.db")]) == 0


def test_what_is_kept_is_not_encrypted_anew(tmp_path: Path) -> None:
    plan = Plan(Decimal(70), 20, "B", 1.0, tmp_path, "datex-s5", (), 1, encrypted=True, keep=True)
    with pytest.raises(Refused, match="begins with a store of its own"):
        rehearse(plan, load(), lambda _line: None)


def test_a_chinese_reader_sees_why(life: Life) -> None:
    with pytest.raises(Refused) as refusal:
        life.record.site.set("thaw.warn_min", "1e9", "why", QIAN)
    assert "0.5" in Words("zh_CN").tr(refusal.value.text)


def test_a_day_later_it_is_still_the_same(life: Life, amended: Path, tmp_path: Path) -> None:
    """What happens to the store after a record is over does not stand in it."""
    life.order()
    life.start()
    life.finish()
    signed, at = life.infusion_id, life.record.bedside.now() + timedelta(days=1)
    before = files_of(life, signed, at, tmp_path / "before")
    life.order("B-002", "13")
    take(life, amended)
    assert life.record.bedside.infusion(life.infusion_id).ordered_by == ZHAO.person_id
    assert files_of(life, signed, at, tmp_path / "after") == before
