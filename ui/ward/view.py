"""The beds of the ward as cards, the list of what is due, and what was closed today."""

from datetime import datetime

from app.domain.infusion.deviations import deviations
from app.domain.infusion.stages import current_stage
from app.domain.infusion.state import CLOSED, Infusion, Phase
from app.domain.infusion.tasks import next_task
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from app.domain.watch.conditions import Link, Priority, alarms
from app.services.ward.bed_watch import Watched
from app.services.ward.ward import Bedside, open_tasks
from app.services.words.words import Words
from devices.link import LinkState
from ui.frame import alarm_bar
from ui.frame.task_words import is_late, place, short_words, time_words
from ui.infusion.tile_states import NewestValue, seen
from ui.infusion.view import phase_clock
from ui.kit.chip import Dot
from ui.kit.table import TableRow
from ui.kit.time_ring import RingState
from ui.ward.ward_card import WardCardState

_SILENT = (LinkState.LOST, LinkState.STALE)
_EDGES: dict[Priority, alarm_bar.Priority] = {Priority.HIGH: "high", Priority.MEDIUM: "medium", Priority.LOW: "low"}


def open_states(bedside: Bedside, now: datetime) -> list[Infusion]:
    """The infusions that are not closed, the one whose task comes first in front."""
    found = [s for s in bedside.infusions if s.phase not in CLOSED]
    return sorted(found, key=lambda s: (*(place(t, now) if (t := next_task(s, now)) else (3, now)), s.order.bed))


def cards(states: list[Infusion], bedside: Bedside, now: datetime, words: Words) -> list[WardCardState]:
    return [_card(s, bedside, at == 0, now, words) for at, s in enumerate(states)]


def _card(s: Infusion, bedside: Bedside, first: bool, now: datetime, words: Words) -> WardCardState:
    task, stage, watched = next_task(s, now), current_stage(s), bedside.watched(s.infusion_id)
    values, age = _vitals(s, watched, now, words)
    return WardCardState(
        key=s.infusion_id,
        code=s.order.subject,
        bed=say("Bed {bed}", bed=s.order.bed),
        group=say("{group} · {dose} of {of}", group=s.order.group, dose=s.order.dose_number,
                  of=s.protocol.doses_in(s.order.group)),
        phase=say("Paused") if s.phase is Phase.PAUSED else stage.label if stage else say("Done"),
        ring=_ring(s, now, words),
        task=short_words(task, s) if task else say("Nothing due"),
        task_left=time_words(task, now, words) if task else "",
        late=task is not None and is_late(task, now),
        vitals=values,
        vitals_age=age,
        link=_link(watched),
        alarm=_alarm(s, bedside, watched, now),
        first=first,
    )  # fmt: skip


def _ring(s: Infusion, now: datetime, words: Words) -> RingState:
    """The time left of the phase; a tick where its time is up, nothing where no clock runs."""
    clock = phase_clock(s, now)
    if clock is None:
        return RingState(0.0, "—")
    began, until = clock
    whole = (until - began).total_seconds()
    if now >= until:
        return RingState(1.0, f"+{words.left(now - until)}") if s.started_at else RingState(1.0, "", True)
    return RingState((now - began).total_seconds() / whole if whole else 1.0, words.left(until - now))


def _link(watched: Watched) -> Dot:
    if watched.link is None:
        return "none"
    return "live" if watched.link.state is LinkState.LIVE else "lost"


def _alarm(s: Infusion, bedside: Bedside, watched: Watched, now: datetime) -> alarm_bar.Priority | None:
    """The most pressing condition of this bed, acknowledged or not."""
    newest = {code: r for code in VITALS if (r := watched.newest(code)) is not None}
    status, trouble = watched.link, bedside.line(s.infusion_id).trouble
    link = Link(status.since if status.state in _SILENT else None, status.last_byte_at) if status else None
    found = alarms(s, newest, link, now if trouble else None, now)
    return _EDGES[found[0].priority] if found else None


def _vitals(s: Infusion, watched: Watched, now: datetime, words: Words) -> tuple[Text | str, Text | str]:
    """“84 · 97 % · 118/74 · 17 · 36.8 °C” with the age of the oldest that the monitor gave."""
    codes = ("hr", "pr", "spo2", "nibp_sys", "nibp_dia", "rr", "temp")
    found = {code: x for code in codes if (x := seen(s, watched, code)) is not None}
    if not found:
        return "—", ""
    heart = found.get("hr") or found.get("pr")
    pressure = f"{_number('nibp_sys', found.get('nibp_sys'))}/{_number('nibp_dia', found.get('nibp_dia'))}"
    spo2, rr, temp = (_number(code, found.get(code)) for code in ("spo2", "rr", "temp"))
    oldest = min(x.at for x in found.values() if not x.by_hand or all(y.by_hand for y in found.values()))
    line = say(
        "{heart} · {spo2} % · {pressure} · {rr} · {temp} °C",
        heart=_number("hr", heart), spo2=spo2, pressure=pressure, rr=rr, temp=temp,
    )  # fmt: skip
    return line, words.age((now - oldest).total_seconds())


def _number(code: str, found: NewestValue | None) -> str:
    return "—" if found is None else f"{round(found.value, VITALS[code].decimals):f}"


def task_rows(states: list[Infusion], now: datetime, words: Words) -> tuple[TableRow, ...]:
    """Time, bed, what, how long: all tasks of all beds, what is due first in front."""
    pairs = sorted(open_tasks(states, now), key=lambda pair: place(pair[1], now))
    return tuple(
        TableRow(
            f"{s.infusion_id}/{at}",
            (words.time(task.due_at), f"{s.order.subject} · {s.order.bed}", short_words(task, s), time_words(task, now, words)),
        )
        for at, (s, task) in enumerate(pairs)
    )


def closed_today(bedside: Bedside, now: datetime, words: Words) -> tuple[TableRow, ...]:
    """What was signed or given up since midnight, the newest first."""
    found = [(s.reached[s.phase], s) for s in bedside.infusions if s.phase in CLOSED]
    today = [(at, s) for at, s in found if words.date(at) == words.date(now)]
    newest = sorted(today, key=lambda pair: pair[0], reverse=True)
    return tuple(TableRow(s.infusion_id, (words.time(at), f"{s.order.subject} · {s.order.bed}", _how(s, now))) for at, s in newest)


def _how(s: Infusion, now: datetime) -> Text:
    if s.phase is Phase.SENT:
        return say("sent to the ward")
    if s.phase is Phase.ABANDONED:
        return say("given up before the start")
    count = len(deviations(s, now))
    return say("signed · deviations: {n}", n=count) if count else say("signed, no deviations")
