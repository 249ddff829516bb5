"""What a rehearsal with three broken moments of its monitor said and left, to be held against another one."""

import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec

from app.cli import main
from db.queries import StoreReader

from .conftest import UNBOUND

#: What covers the ids and the laptop's own clocks, which are never the same twice.
OWN = ("signed_sha256", "sha256", "port")
FAULTS = ("unplug@20", "half-frames@30", "silence@40")


class Rehearsed:
    """What one rehearsal said and left: its events and samples by seconds since the order."""

    def __init__(self, out: Path, *more: str, speed: float = UNBOUND, faults: Sequence[str] = FAULTS) -> None:
        words = ["--weight", "70.0", "--drop-factor", "20", "--group", "B", "--seed", "3", "--speed", str(speed)]
        with redirect_stdout(StringIO()) as printed:
            code = main(["rehearse", "--out", str(out), *words, *more, *(f"--fault={fault}" for fault in faults)])
        assert code == 0
        *self.said, last = printed.getvalue().splitlines()
        self.out, self.told = out, json.loads(last)
        with StoreReader(out / "bedside.db") as store:
            (infusion,) = store.infusions()
            entries, samples = store.entries(infusion.infusion_id), store.samples(infusion.infusion_id)
        began = entries[0].at
        self.events = [(type(x.event).__name__, (x.at - began).total_seconds(), x.by, payload(x.event)) for x in entries]
        self.samples = [(row[0], row[1] / 1000 - began.timestamp(), *row[2:]) for row in samples]


def payload(event: msgspec.Struct) -> dict[str, Any]:
    """As stored, without what is each record's own. Times of the record are not: they are seen in the order of events."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    if "only" in fields:
        fields["only"] = [vital for vital, _t_ms in fields["only"]]
    return {name: value for name, value in fields.items() if name not in OWN and not is_time(value)}


def is_time(value: object) -> bool:
    return isinstance(value, str) and value.endswith("Z") and value[10:11] == "T"
