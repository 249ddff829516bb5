"""Every measure with its goal, a ratio of ours to the floor."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from devices.models import MODELS

from . import Pair
from .amplification import write_amplification
from .committing import event_commit, samples_write
from .day import memory_day, memory_day_handles
from .decoding import decode, line_rate
from .latency import latency
from .living import gui_idle, gui_idle_core, gui_stall, memory_idle
from .loading import chart_load
from .record import pdf_record
from .replaying import replay_linear
from .starting import resume, start_paint, start_ready
from .trial_page import trial_page, trial_page_many


class Goal(NamedTuple):
    """What the ratio may be at most, or must be at least; neither: it is listed."""

    most: float | None = None
    least: float | None = None

    def holds(self, ratio: float) -> bool | None:
        if self.most is not None:
            return ratio <= self.most
        return None if self.least is None else ratio >= self.least

    def __str__(self) -> str:
        return f"≤ {self.most}" if self.most is not None else f"≥ {self.least}" if self.least is not None else "listed"


class Measure(NamedTuple):
    run: Callable[[], Pair]
    goal: Goal


_LISTED = Goal()
#: Those that are held to their own line's rate, not to 115,200 baud.
_SLOW = {"hl7", "hl7-pds", "hl7-efficia", "hl7-suresigns", "nonin", "contec", "contec-v5", "berry"}
#: Records of many values: what `lines` are held to is 500.
_OF_BLOCKS = {"datex-s5": 1000, "intellivue": 300, "medibus": 200}


def _decoders() -> dict[str, Measure]:
    found = {}
    for protocol, model in MODELS.items():
        name = protocol.replace("-", "_")
        baud, least = (model.settings.baud, 50) if protocol in _SLOW else (115_200, _OF_BLOCKS.get(protocol, 500))
        found[f"decode_{name}"] = Measure(partial(decode, protocol), _LISTED)
        found[f"line_rate_{name}"] = Measure(partial(line_rate, protocol, baud), Goal(least=least))
    return found


def _latencies() -> dict[str, Measure]:
    goals = {50: Goal(2.4), 99: Goal(3)}
    return {
        f"latency_{ports}_p{percent}": Measure(partial(latency, ports, percent), goal)
        for ports in (1, 4, 16)
        for percent, goal in goals.items()
    }


def _trend(name: str) -> Pair:
    """Imported when it is asked for: a window of its own is in it."""
    from . import trend

    measure: Callable[[], Pair] = getattr(trend, name)
    return measure()


MEASURES: dict[str, Measure] = {
    "start_paint": Measure(start_paint, Goal(1.3)),
    "start_ready": Measure(start_ready, Goal(1.15)),
    "resume": Measure(resume, Goal(1.1)),
    "memory_idle": Measure(memory_idle, Goal(1.3)),
    "memory_day": Measure(memory_day, Goal(1.03)),
    "memory_day_handles": Measure(memory_day_handles, Goal(1.03)),
    "gui_idle": Measure(gui_idle, Goal(4)),
    "gui_idle_core": Measure(gui_idle_core, Goal(0.05)),
    "gui_stall": Measure(gui_stall, Goal(1)),
    **_latencies(),
    "event_commit": Measure(event_commit, Goal(1.8)),
    "event_commit_10000": Measure(partial(event_commit, 10_000), Goal(1.8)),
    "samples_write": Measure(samples_write, Goal(least=0.6)),
    "write_amplification": Measure(write_amplification, Goal(40)),
    "chart_load": Measure(chart_load, Goal(1.3)),
    **{name: Measure(partial(_trend, name), Goal(1.1)) for name in ("trend_1h", "trend_4h", "trend_24h")},
    "replay": Measure(replay_linear, Goal(1.1)),
    **_decoders(),
    "trial_page": Measure(trial_page, Goal(1.3)),
    "trial_page_500": Measure(trial_page_many, Goal(25)),
    "pdf_record": Measure(pdf_record, _LISTED),
}
