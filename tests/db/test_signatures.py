"""`bedside verify` finds what a rewritten chain hides: a signature that was given for something else."""

from pathlib import Path

import pytest

from app.cli import verify
from app.cli.verify import BROKEN, WHOLE
from app.domain.infusion import facts as e
from app.domain.people.signatures import meaning_of
from db.engine import driver
from db.log.batch import Batch, projection
from db.log.chain import Row, row_hash
from db.log.headfile import head_path
from tests.domain.play import prepared

from .making import faults, save

SIGNED = prepared("signed")
ENTRIES = SIGNED.entries
FLUSH = 1 + next(n for n, x in enumerate(ENTRIES) if isinstance(x.event, e.LineFlushed))


@pytest.fixture
def signed(path: Path) -> Path:
    save(path, Batch(tuple(ENTRIES), (projection(SIGNED.state),)))
    return path


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


def rewrite(path: Path, seq: int, column: str, old: str, new: str) -> None:
    """Change one column and mend the whole chain behind it, as somebody would who knows how it is made."""
    store = driver.connect(path, isolation_level=None)
    guards = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        store.execute(f"DROP TRIGGER {name}")
    store.execute(f"UPDATE event SET {column} = replace({column}, ?, ?) WHERE seq = ?", (old, new, seq))
    (before,) = store.execute("SELECT genesis FROM store").fetchone()
    found = store.execute("SELECT * FROM event ORDER BY seq")
    names = [column[0] for column in found.description]
    for values in found.fetchall():
        row: Row = {**dict(zip(names, values, strict=True)), "prev_hash": before}
        before = row_hash(row)
        store.execute("UPDATE event SET prev_hash = ?, hash = ? WHERE seq = ?", (row["prev_hash"], before, row["seq"]))
    store.execute("UPDATE chain_head SET hash = ?", (before,))
    for _name, sql in guards:
        store.execute(sql)
    store.close()
    head_path(path).unlink()


def test_a_whole_signed_record(signed: Path) -> None:
    assert faults(signed) == []
    assert verify.verify(signed) == WHOLE


def test_every_signature_after_a_rewritten_entry_is_named(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(signed, FLUSH, "payload", '"volume_ml":"20"', '"volume_ml":"25"')
    witnessed, performed, reviewed = faults(signed)
    assert witnessed.startswith("The signature “verified” of Wang (event ")
    assert performed.startswith("The signature “performed” of Li (event ")
    assert reviewed.startswith("The signature “reviewed” of Zhao (event ")
    assert verify.verify(signed) == BROKEN
    assert "was given for something else than what is recorded before it." in capsys.readouterr().out


def test_a_rewritten_first_event_is_seen_by_all_of_them(signed: Path) -> None:
    rewrite(signed, 1, "by", ENTRIES[0].by or "", "N-99")
    assert len(faults(signed)) == sum(meaning_of(x.event) is not None for x in ENTRIES)


def test_a_changed_event_is_named_with_the_signatures_for_it(signed: Path) -> None:
    store = driver.connect(signed, isolation_level=None)
    guards = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        store.execute(f"DROP TRIGGER {name}")
    store.execute("UPDATE event SET payload = replace(payload, '\"20\"', CAST(x'22ff22' AS TEXT)) WHERE seq = ?", (FLUSH,))
    store.close()
    changed, *signatures = faults(signed)
    assert changed == f"Event {FLUSH} was changed."
    assert len(signatures) == 3
