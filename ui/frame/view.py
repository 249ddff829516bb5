"""What the frame shows: what is due next in the ward, the monitor, the sound, the alarms."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

import msgspec

from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import parts, say
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.laptop_conditions import OF_THE_LAPTOP
from app.domain.watch.laptop_seen import SOUND_FAULTS, SoundFault
from app.domain.watch.preflight import sound_known
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from devices.link import LinkState, LinkStatus
from ui.frame.bar.alarm_bar import PRIORITIES, AlarmState
from ui.frame.bar.due_pill import DueState
from ui.frame.bar.rail import RailItem
from ui.frame.pages import pages_of
from ui.kit.chip import ChipState

#: one turn of the ring in the pill
_RING_MIN = 30


def rail_items(person: Person | None) -> tuple[RailItem, ...]:
    return tuple(RailItem(row.key, row.icon, row.name) for row in pages_of(person))


def due_state(found: tuple[BedNow, Task] | None, due: int, now: datetime, words: Words) -> DueState:
    """“Next due: Vital signs · Bed 12” and the time left or late; `due`: how many tasks are due, this one among them."""
    if found is None:
        return DueState()
    bed, task = found
    text = say("Next due: {task} · Bed {bed}", task=task.short_words(bed.state), bed=bed.state.order.bed)
    late, is_due = task.is_late(now), task.due_at <= now and task.is_open(now)
    left = words.left(task.left(now)) if late or task.due_at > now else ""
    return DueState(text, left, late, is_due, due - is_due, _gone(task.left(now)))


def _gone(left: timedelta) -> float:
    """Of the last half hour, in steps of a minute, so that the pill is painted anew only when one sees it."""
    return 1 - min(_RING_MIN, max(0, ceil(left / timedelta(minutes=1)))) / _RING_MIN


def monitor_state(links: Sequence[LinkStatus]) -> ChipState:
    """The worst of the monitors that are read."""
    if not links:
        return ChipState(say("No monitor"), dot="none")
    lost = [s for s in links if s.state is not LinkState.LIVE]
    if lost:
        return ChipState(say("Monitor lost"), dot="lost", more=lost[0].hint or "")
    return ChipState(say("Monitor live"), dot="live")


def sound_state(
    fault: SoundFault | None, heard_at: datetime | None, paused_until: datetime | None, now: datetime, words: Words
) -> ChipState:
    """What is known of the sound, not what is hoped."""
    if fault is not None:
        return ChipState(say("No sound"), "sound-off", more=say("{fault}: watch the screen.", fault=SOUND_FAULTS[fault]))
    if paused_until is not None:
        left = words.left(paused_until - now)
        return ChipState(say("Paused {left}", left=left), "sound-off", more=say("Press to hear sounds again"))
    known = sound_known(fault, heard_at, now)
    name = say("Sound heard") if known.is_well else say("Sound untested")
    return ChipState(name, "sound-on", more=parts(known.said, say("Press to pause the sound for two minutes")))


def person_state(person: Person | None) -> ChipState | None:
    if person is None:
        return None
    return ChipState(say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name), "person",
                     more=say("Change the person"))  # fmt: skip


def alarm_state(
    found: ActiveAlarm, state_of: Mapping[str, Infusion], names: Mapping[str, str], now: datetime, words: Words
) -> AlarmState:
    """An alarm in words: what, value, limit, for whom, for how long; what to do; who acknowledged it.

    What is of the laptop is nobody's.
    """
    infusion = state_of.get(found.infusion_id)
    order = infusion.order if infusion else None
    since = words.left(now - found.since)
    text = (
        say("{subject} · Bed {bed} · {what} · {time}", what=found.text, time=since, subject=order.subject, bed=order.bed)
        if order
        else parts(found.text, since)
    )
    if found.key in OF_THE_LAPTOP:
        text = parts(found.text, words.left(now - found.since))
    by = found.alarm.acknowledged_by
    return AlarmState(
        PRIORITIES[found.priority], text, found.to_do, acknowledged_by=None if by is None else names.get(by, by),
        is_gone=found.alarm.is_gone, key=f"{found.infusion_id}/{found.key}",
    )  # fmt: skip


def first_of(shown: Sequence[AlarmState]) -> AlarmState | None:
    """What the bar shows: the first, and the others one after the other."""
    return msgspec.structs.replace(shown[0], others=tuple(x.text for x in shown[1:])) if shown else None
