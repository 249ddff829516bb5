"""`python -m tests.bench`: each measure as `name ours floor ratio goal`; medians of runs taken in turn."""

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from statistics import median

from app.domain import commands as c
from app.domain import events as e
from app.domain.infusion import Infusion, replay
from app.parts import stamp
from app.services.clock import steady_s
from db.batch import Batch
from db.engine import driver
from db.recorder import Recorder
from devices.decoders.datex_s5 import DatexS5
from tests.domain.cast import LI, TRIAL
from tests.domain.play import Play

RUNS = 7
_CAPTURE = Path(__file__).parents[1] / "captures" / "datex_s5_simulator.raw"


def timed(call: Callable[[], object]) -> float:
    began = steady_s()
    call()
    return steady_s() - began


def in_turn(ours: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both."""
    pairs = [(timed(ours), timed(floor)) for _ in range(RUNS)]
    return median(p[0] for p in pairs), median(p[1] for p in pairs)


def decode_s5() -> tuple[float, float]:
    """A capture in 64-byte chunks, against splitting the same bytes at frame marks."""
    data = _CAPTURE.read_bytes()
    chunks = [data[at : at + 64] for at in range(0, len(data), 64)]

    def ours() -> None:
        decoder = DatexS5()
        for chunk in chunks:
            decoder.feed(chunk)

    def floor() -> None:
        rest = b""
        for chunk in chunks:
            *_, rest = (rest + chunk).split(b"\x7e")

    return in_turn(ours, floor)


def noted(count: int) -> list[e.Entry]:
    play = Play()
    for number in range(count):
        play.do(c.AddNote(f"note {number}"), LI)
    return play.entries


def rebuilt(entries: list[e.Entry]) -> Infusion:
    return replay("inf", entries, TRIAL)


def replay_linear() -> tuple[float, float]:
    """10,000 events against ten times 1,000."""
    many, few = noted(10_000), noted(1_000)
    return in_turn(lambda: rebuilt(many), lambda: [rebuilt(few) for _ in range(10)])


def event_commit() -> tuple[float, float]:
    """An event through the recorder until it is durable, against a raw one-row commit (WAL, FULL)."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1):
        recorder = Recorder(Path(folder) / "ours.db", stamp, practice=True)
        raw = driver.connect(str(Path(folder) / "floor.db"), isolation_level=None)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE log (payload TEXT)")
        entries = iter(noted(RUNS * 50))

        def ours() -> None:
            for _ in range(50):
                recorder.append(Batch((next(entries),))).result()

        def floor() -> None:
            for number in range(50):
                raw.execute("INSERT INTO log VALUES (?)", (f"note {number}" * 20,))

        found = in_turn(ours, floor)
        raw.close()
        recorder.close()
        return found


MEASURES: dict[str, tuple[Callable[[], tuple[float, float]], Decimal | None]] = {
    "decode_s5": (decode_s5, None),
    "replay": (replay_linear, Decimal("1.1")),
    "event_commit": (event_commit, Decimal("1.8")),
}


def main() -> None:
    told = {}
    for name, (measure, goal) in MEASURES.items():
        ours, floor = measure()
        told[name] = {"ours_s": ours, "floor_s": floor, "ratio": ours / floor}
        print(f"{name:<14} {ours:.4f} {floor:.4f} {ours / floor:6.2f}  {goal or 'listed'}", flush=True)
    out = Path("build")
    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


main()
