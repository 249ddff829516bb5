"""A cable pulled and plugged in again many times during one infusion: an ordinary event that loses and invents nothing."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.vitals.vital_signs import VITALS
from app.practice import rehearsal as rehearsing
from app.program.open_record import OpenRecord
from app.services.protocol_files import Trial, load
from db.examine import examine
from db.queries import StoreReader
from devices.link import LinkState
from devices.models import MODELS
from devices.protocols import Decoder
from devices.transport import PortLink, open_link

from .cabled import CabledMonitor
from .short_day import short_day

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")

PROTOCOL = "datex-s5"
MANY, A_CUT = 50, 12
UNBOUND = 1e9
LIVE_BETWEEN = timedelta(minutes=1)
Span = tuple[datetime, datetime]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Connections:
    """Counts connections and the decoders made for them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.opened = 0
        self.decoders: list[Decoder] = []
        model = MODELS[PROTOCOL]
        self.decoder = model.decoder
        patch.setitem(MODELS, PROTOCOL, msgspec.structs.replace(model, decoder=self._made))
        patch.setattr("devices.simulators.stepped_wire.open_link", self._opened)

    def _made(self) -> Decoder:
        self.decoders.append(self.decoder())
        return self.decoders[-1]

    def _opened(self, *asked: Any) -> PortLink:
        link = open_link(*asked)
        self.opened += 1
        return link


class Screen:
    """Whoever looks on: what was acknowledged, and each value that was shown."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.shown: set[tuple[str, float]] = set()
        self._state: Infusion | None = None

    def look(self, record: OpenRecord, state: Infusion) -> None:
        if state is not self._state:
            self._state = state
            self.acknowledged |= {entry.event_id for entry in state.log[len(self.acknowledged) :]}
        watched = record.bedside.watched(state.infusion_id)
        newest = [(vital, reading) for vital in VITALS if (reading := watched.newest(vital)) is not None]
        self.shown |= {(vital, float(r.sample.value)) for vital, r in newest if r.sample.value is not None}


def is_to_be_pulled(record: OpenRecord, state: Infusion, spans: list[Span], pulls: int) -> bool:
    """Once it has been live for a while since the cable was last back."""
    link = record.bedside.watched(state.infusion_id).link
    if state.started_at is None or link is None or link.state is not LinkState.LIVE or len(spans) >= pulls:
        return False
    return record.bedside.now() - link.since >= LIVE_BETWEEN and not (spans and link.since < spans[-1][1])


def rehearsed(out: Path, trial: Trial, patch: pytest.MonkeyPatch, look: rehearsing.Look, pulls: int) -> CabledMonitor:
    """Run it with the pulled cable; gives back the monitor."""
    made: list[CabledMonitor] = []

    def monitor(*words: Any) -> CabledMonitor:
        made.append(CabledMonitor(*words))
        return made[-1]

    def looked(record: OpenRecord, state: Infusion) -> None:
        cable = made[0].cable
        cable.now = record.bedside.now
        if is_to_be_pulled(record, state, cable.spans, pulls) and not cable.is_out:
            made[0].fault("unplug", record.clock.now_s())
        look(record, state)

    patch.setattr(rehearsing, "RehearsedMonitor", monitor)
    plan = rehearsing.Plan(Decimal("70.0"), 20, "B", UNBOUND, out, PROTOCOL, (), seed=1)
    rehearsing.rehearse(plan, trial, lambda _line: None, looked)
    return made[0]


def gaps(entries: list[Entry]) -> list[Span]:
    """From each loss to the find after it; anything but pairs fails."""
    links = [x for x in entries if isinstance(x.event, e.LinkLost | e.LinkFound)]
    assert isinstance(links[0].event, e.LinkFound)
    assert all(type(before.event) is not type(after.event) for before, after in pairwise(links))
    assert len(links) % 2 == 1
    return [(lost.at, found.at) for lost, found in zip(links[1::2], links[2::2], strict=True)]


def on_the_wire(frames: list[bytes], decoder: Callable[[], Decoder]) -> set[tuple[str, float]]:
    samples = [s for frame in frames for s in decoder().feed(frame)]
    return {(s.vital, float(s.value)) for s in samples if s.value is not None}


@pytest.mark.parametrize("pulls", [A_CUT, pytest.param(MANY, marks=pytest.mark.long)])
def test_pulls_lose_no_event_leave_honest_gaps_and_show_only_what_was_on_the_wire(
    pulls: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, screen, connections = set(threading.enumerate()), Screen(), Connections(monkeypatch)
    trial = short_day(tmp_path) if pulls <= A_CUT else load()
    monitor = rehearsed(tmp_path, trial, monkeypatch, screen.look, pulls)
    with StoreReader(tmp_path / "bedside.db") as store:
        (infusion,) = store.infusions()
        entries, samples = store.entries(infusion.infusion_id), store.samples(infusion.infusion_id)

    assert examine(tmp_path / "bedside.db").faults == []
    assert screen.acknowledged <= {entry.event_id for entry in entries}
    assert len(screen.acknowledged) > 2 * pulls

    pulled, lost = monitor.cable.spans, gaps(entries)
    told: set[Span] = set()
    assert len(pulled) == pulls
    for _pulled_at, plugged_at in pulled:
        lost_at, found_at = next(gap for gap in lost if gap[1] >= plugged_at)
        told.add((lost_at, found_at))
        assert not [row for row in samples if lost_at < EPOCH + timedelta(milliseconds=row[1]) < plugged_at]
    assert len(told) == pulls, "each pull has a gap of its own, which its plugging ends"

    wire = on_the_wire(monitor.frames, connections.decoder)
    assert screen.shown <= wire
    assert {(vital, value) for vital, _, value, *_ in samples if value is not None} <= wire
    assert len(samples) > 1000

    assert len(connections.decoders) == connections.opened > pulls
    assert set(threading.enumerate()) <= threads
