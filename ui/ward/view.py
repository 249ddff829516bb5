"""The beds of the ward as cards, the list of what is due, and what was closed today."""

from datetime import datetime

from app.domain.infusion.checks import missed_count
from app.domain.infusion.found.urgency import place
from app.domain.infusion.phases import Phase
from app.domain.infusion.stages import current_stage
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import group_words
from app.domain.safety.acute_check import AcuteWatch
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from app.services.ward.ward import Bedside
from app.services.ward.watch import BedNow, most_urgent, urgency
from app.services.words.words import Words
from devices.link import LinkState, LinkStatus
from ui.frame.bar.alarm_bar import PRIORITIES
from ui.frame.task_words import time_words
from ui.infusion.tile_states import NewestValue, newest_value
from ui.infusion.view import phase_clock
from ui.kit.chip import Dot
from ui.kit.table import TableLine
from ui.kit.time_ring import RingState
from ui.ward.ward_card import WardCardState

#: What the key of a row begins with that asks for the result after an infusion.
ACUTE = "acute:"


def open_beds(bedside: Bedside) -> list[BedNow]:
    """The infusions that are not closed, each always in its place: by bed."""
    found = [bed for bed in bedside.look().values() if bed.is_open]
    return sorted(found, key=lambda bed: (_place(bed.state.order.bed), bed.state.ordered_at))


def _place(bed: str) -> tuple[int, str]:
    """Bed 7 before bed 12."""
    digits = "".join(char for char in bed if char.isdigit())
    return int(digits) if digits else 0, bed


def cards(beds: list[BedNow], now: datetime, words: Words) -> list[WardCardState]:
    first = min(beds, key=lambda bed: urgency(bed, now), default=None)
    return [_card(bed, bed is first, now, words) for bed in beds]


def _card(bed: BedNow, first: bool, now: datetime, words: Words) -> WardCardState:
    s, task = bed.state, bed.next
    stage = current_stage(s)
    values, age = _vitals(bed, now, words)
    return WardCardState(
        key=s.infusion_id,
        code=s.order.subject,
        bed=say("Bed {bed}", bed=s.order.bed),
        mark=s.order.bed,
        group=group_words(s) if s.order.group else "",
        phase=say("Paused") if s.phase is Phase.PAUSED else stage.label if stage else say("Done"),
        ring=_ring(s, now, words),
        task=task.short_words(s) if task else say("Nothing due"),
        task_left=time_words(task, now, words) if task else "",
        late=task is not None and task.is_late(now),
        vitals=values,
        vitals_age=age,
        link=_link(bed.link),
        alarm=PRIORITIES[bed.alarms[0].priority] if bed.alarms else None,
        first=first,
        missed=missed_count(s, now),
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


def _link(link: LinkStatus | None) -> Dot:
    if link is None:
        return "none"
    return "live" if link.state is LinkState.LIVE else "lost"


def _vitals(bed: BedNow, now: datetime, words: Words) -> tuple[Text | str, Text | str]:
    """“84 · 97 % · 118/74 · 17 · 36.8 °C” with the age of the oldest that the monitor gave."""
    codes = ("hr", "pr", "spo2", "nibp_sys", "nibp_dia", "rr", "temp")
    found = {code: x for code in codes if (x := newest_value(bed.state, bed.values.get(code), code)) is not None}
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


def task_rows(beds: list[BedNow], now: datetime, words: Words) -> tuple[TableLine, ...]:
    """Time, bed, what, how long: all tasks of all beds; first what the frame names as next, then in the same order."""
    found = most_urgent(beds, now)
    tasks = [(bed.state, task) for bed in beds for task in bed.tasks]
    pairs = sorted(tasks, key=lambda pair: (found is None or pair[1] is not found[1], place(pair[1], now)))
    return tuple(
        TableLine(
            f"{s.infusion_id}/{at}",
            (words.time(task.due_at), f"{s.order.subject} · {s.order.bed}", task.short_words(s), time_words(task, now, words)),
        )
        for at, (s, task) in enumerate(pairs)
    )


def acute_rows(waiting: list[AcuteWatch], now: datetime, words: Words) -> tuple[TableLine, ...]:
    """The results after infusions that are signed, below what the beds need: date and time, who, what, how long."""
    return tuple(
        TableLine(
            f"{ACUTE}{watch.infusion_id}",
            (
                words.time(watch.due_at) if words.date(watch.due_at) == words.date(now) else words.date(watch.due_at),
                f"{watch.subject} · {watch.bed}",
                say("Result after {hours} h: how is the patient?", hours=watch.hours),
                _until(watch.due_at, now, words),
            ),
        )
        for watch in waiting
    )


def _until(due_at: datetime, now: datetime, words: Words) -> Text:
    if due_at > now:
        return say("in {left}", left=words.left(due_at - now))
    return say("{left} late", left=words.left(now - due_at)) if due_at < now else say("to do now")


def closed_today(bedside: Bedside, now: datetime, words: Words) -> tuple[TableLine, ...]:
    """What was signed or given up since midnight, the newest first."""
    today = [one for one in bedside.closed() if words.date(one.known.reached_at) == words.date(now)]
    newest = sorted(today, key=lambda one: one.known.reached_at, reverse=True)
    return tuple(
        TableLine(s.infusion_id, (words.time(s.reached_at), f"{s.subject} · {s.bed}", _how(s.phase, count)))
        for s, count in newest
    )  # fmt: skip


def _how(phase: Phase, count: int) -> Text:
    if phase is Phase.SENT:
        return say("sent to the ward")
    if phase is Phase.ABANDONED:
        return say("given up before the start")
    return say("signed · deviations: {n}", n=count) if count else say("signed, no deviations")
