"""The beds of the ward as cards, and the list of what is due."""

from datetime import datetime
from decimal import Decimal

from app.domain.due import next_task
from app.domain.infusion import Infusion
from app.domain.stages import current_stage
from app.domain.texts import Text, say
from app.domain.vitals import VITALS
from app.services.bedside import Bedside, open_tasks
from app.services.monitoring import Watched
from app.services.words import Words
from devices.link import LinkState
from ui.views.tasks import short_words
from ui.widgets.ring import RingState
from ui.widgets.table import Row
from ui.widgets.ward_card import WardCardState

_LINE = ("hr", "spo2", "nibp_sys", "nibp_dia", "rr", "temp")


def cards(states: list[Infusion], bedside: Bedside, now: datetime, words: Words) -> list[WardCardState]:
    """The bed whose task comes first stands first."""
    ordered = sorted(states, key=lambda s: (task.due_at if (task := next_task(s, now)) else now, s.order.bed))
    return [_card(s, bedside.watched(s.infusion_id), at == 0, now, words) for at, s in enumerate(ordered)]


def _card(s: Infusion, watched: Watched, first: bool, now: datetime, words: Words) -> WardCardState:
    task = next_task(s, now)
    stage = current_stage(s)
    of = s.protocol.doses_in(s.order.group)
    left = words.left(task.left(now)) if task else ""
    late = task is not None and task.late_s(now) > 0
    values, age = _vitals(watched, now, words)
    link = watched.link
    return WardCardState(
        key=s.infusion_id,
        code=s.order.subject,
        bed=say("Bed {bed}", bed=s.order.bed),
        group=say("{group} · {dose} of {of}", group=s.order.group, dose=s.order.dose_number, of=of),
        phase=stage.label if stage else say("Done"),
        ring=RingState(_share(s, now), left, task is None),
        task=short_words(task, s, now) if task else say("Nothing due"),
        task_left=(say("{left} late", left=left) if late else say("in {left}", left=left)) if task else "",
        late=late,
        vitals=values,
        vitals_age=age,
        link="none" if link is None else "live" if link.state is LinkState.LIVE else "lost",
        first=first,
    )


def _share(s: Infusion, now: datetime) -> float:
    """How much of the time to the next task has gone since the last event."""
    task = next_task(s, now)
    if task is None or s.last_at is None or task.due_at <= s.last_at:
        return 1.0
    whole = (task.due_at - s.last_at).total_seconds()
    return min(1.0, max(0.0, (now - s.last_at).total_seconds() / whole))


def _vitals(watched: Watched, now: datetime, words: Words) -> tuple[str, Text | str]:
    """“84 · 97 % · 118/74 · 17 · 36.8 °C” with the age of the oldest."""
    found = {code: r for code in _LINE if (r := watched.newest(code)) is not None}
    if not found:
        return "—", ""
    shown = {code: _number(code, r.sample.value) for code, r in found.items()}
    get = shown.get
    pressure = f"{get('nibp_sys', '—')}/{get('nibp_dia', '—')}"
    line = f"{get('hr', '—')} · {get('spo2', '—')} % · {pressure} · {get('rr', '—')} · {get('temp', '—')} °C"
    return line, words.age(max(r.age_s(now) for r in found.values()))


def _number(code: str, value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.{VITALS[code].decimals}f}"


def task_rows(states: list[Infusion], now: datetime, words: Words) -> tuple[Row, ...]:
    """Time, bed, what, how long: the soonest of all beds first."""
    rows = []
    for at, (state, task) in enumerate(open_tasks(states, now)):
        left = words.left(task.left(now))
        span: Text = say("{left} late", left=left) if task.late_s(now) else say("in {left}", left=left)
        bed = f"{state.order.subject} · {state.order.bed}"
        rows.append(Row(f"{state.infusion_id}/{at}", (words.time(task.due_at), bed, short_words(task, state, now), span)))
    return tuple(rows)
