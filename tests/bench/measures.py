"""Every measurement, the lines that it gives, and their goals: ratios of ours to the floor."""

from functools import partial

from devices.models import MODELS

from .amplification import write_amplification
from .asking import asked
from .committing import event_commit, samples_write
from .day import memory_day, memory_week
from .decoding import decode
from .judging import Goal
from .latency import latency
from .living import gui_idle, gui_stall, memory_idle
from .loading import chart_load
from .paging import NAMES, page_open
from .proving import verify, verify_new
from .reading import frame_cost, tile_shown
from .record import pdf_record
from .replaying import replay_linear
from .running import Run
from .starting import resume, start_paint, start_ready
from .suite import suite, suite_busy
from .timing import Found

#: Those that are held to their own line's rate, not to 115,200 baud.
_SLOW = {"hl7", "hl7-pds", "hl7-efficia", "hl7-suresigns", "nonin", "contec", "contec-v5", "berry"}
#: Records of many values: what `lines` are held to is 500.
_OF_BLOCKS = {"datex-s5": 1000, "intellivue": 300, "medibus": 200}
#: Read at the device's own pace: records a second.
_PACES = {"datex-s5": 1, "contec": 60}


def _decoders() -> list[Run]:
    found = []
    for protocol, model in MODELS.items():
        baud, least = (model.settings.baud, 50) if protocol in _SLOW else (115_200, _OF_BLOCKS.get(protocol, 500))
        found.append(Run(partial(decode, protocol, baud), {f"decode_{protocol.replace('-', '_')}": Goal(least=least)}))
    return found


def _frame_costs() -> list[Run]:
    found = []
    for protocol, a_second in _PACES.items():
        name = f"frame_cost_{protocol.replace('-', '_')}"
        found.append(Run(partial(frame_cost, protocol, a_second), {name: Goal(1), f"{name}_core": Goal(0.02)}))
    return found


def _trend(hours: int) -> dict[str, Found]:
    """Imported when it is asked for: a window of its own is in it."""
    from .trend import trend

    return trend(hours)


def _trial_page() -> dict[str, Found]:
    from .trial_page import trial_page

    return trial_page()


def _trial_page_many() -> dict[str, Found]:
    from .trial_page import trial_page_many

    return trial_page_many()


_HALF_AN_HOUR, _HOURS = 1800.0, 10_800.0

MEASURES: tuple[Run, ...] = (
    Run(start_paint, {"start_paint": Goal(1.2)}),
    Run(start_ready, {"start_ready": Goal(1.0)}, stores=("1000",)),
    Run(resume, {"resume": Goal(1.1)}, stores=("1000",)),
    Run(memory_idle, {"memory_idle": Goal(1.3)}, stores=("1000",)),
    Run(
        memory_day,
        {"memory_day": Goal(1.03), "memory_day_after": Goal(1.03), "memory_day_handles": Goal(1.03)},
        limit_s=_HALF_AN_HOUR,
    ),
    Run(memory_week, {"memory_week": Goal(1.05)}, limit_s=_HOURS, only_by_name=True),
    Run(gui_idle, {"gui_idle": Goal(0.02), "gui_idle_wakeups": Goal(6), "gui_idle_painted": Goal(0.3)}, stores=("1000",)),
    Run(gui_stall, {"gui_stall_p99": Goal(1), "gui_stall_worst": Goal(1)}, limit_s=900.0, stores=("1000",)),
    Run(page_open, {name: Goal(1.5) for name in NAMES}, limit_s=900.0, stores=("1000", "10")),
    *(Run(partial(_trend, hours), {f"trend_{hours}h": Goal(0.3)}) for hours in (1, 4, 24)),
    *(Run(partial(latency, ports), {f"latency_{ports}": Goal(1.8)}) for ports in (1, 4, 16)),
    Run(tile_shown, {"tile_shown": Goal(1)}, stores=("1000",)),
    *_frame_costs(),
    *_decoders(),
    Run(partial(event_commit, "event_commit"), {"event_commit": Goal(1.8)}),
    Run(partial(event_commit, "event_commit_10000", 10_000), {"event_commit_10000": Goal(1.8)}),
    Run(samples_write, {"samples_write": Goal(least=0.7)}),
    Run(write_amplification, {"write_amplification": Goal(20)}, limit_s=900.0),
    Run(chart_load, {"chart_load": Goal(1.2)}),
    Run(replay_linear, {"replay": Goal(1.1)}),
    Run(verify, {"verify": Goal(20)}, limit_s=900.0, stores=("40",)),
    Run(verify_new, {"verify_new": Goal(1.1)}, limit_s=900.0, stores=("40", "1")),
    *(
        Run(partial(asked, name), {f"{name}_time": Goal(1.1), f"{name}_memory": Goal(1.1)}, stores=("4000_bare", "1000_bare"))
        for name in ("ledger", "trail", "bags")
    ),
    Run(_trial_page, {"trial_page": Goal(1.3)}),
    Run(_trial_page_many, {"trial_page_500": Goal(25)}),
    Run(pdf_record, {"pdf_record": Goal(12)}),
    Run(suite, {"suite": Goal(1)}, limit_s=_HALF_AN_HOUR, only_by_name=True),
    Run(suite_busy, {"suite_busy": Goal(1)}, limit_s=_HOURS, only_by_name=True),
)
