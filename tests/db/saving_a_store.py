"""Writes a small store of today's form as SQL text, to be kept in `tests/databases/`."""

import sqlite3
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from app.domain.infusion.facts import RateSet, VitalEntry, VitalsRecorded
from app.domain.people.roles import Person, Role
from db.log.batch import Batch
from db.log.headfile import Head, write_head

from .making import entry, heart_rates, notes, recorder, sealed

PROTOCOL = b'id = "a protocol"\n'


def main(target: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ward.db"
        _fill(path)
        Path(target).write_text(dump(path), encoding="utf-8")


def _fill(path: Path) -> None:
    writing = recorder(path)
    rows = heart_rates(60)
    check = VitalsRecorded("infusion", 15, (VitalEntry("temp", Decimal("36.8"), "typed"),), False, "A", False)
    writing.append(notes(1, 2)).result()
    writing.add_samples(rows)
    events = (entry(3, RateSet(Decimal("35.0"))), entry(4, check), entry(5, sealed(rows)))
    writing.append(Batch(events, files=(PROTOCOL,))).result()
    writing.put_person(Person("nurse-1", "Anna 安娜", Role.NURSE), "pin-hash").result()
    writing.put_setting("limits", {"hr": [50, 120]}).result()
    writing.close()


def dump(path: Path) -> str:
    store = sqlite3.connect(path)
    (application,) = store.execute("PRAGMA application_id").fetchone()
    text = "\n".join([f"PRAGMA application_id = {application};", *store.iterdump(), ""])
    store.close()
    return text


def load(text: str, path: Path) -> None:
    store = sqlite3.connect(path)
    store.executescript(text)
    head = Head(*store.execute("SELECT seq, hash FROM chain_head").fetchone())
    store.close()
    write_head(path, head)


if __name__ == "__main__":
    main(sys.argv[1])
