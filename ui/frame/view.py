"""What the frame shows: what is due next in the ward, the monitor, the sound, the alarms."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.people.roles import ROLE_NAMES, Person
from app.domain.texts import Text, say
from app.domain.watch.conditions import ActiveAlarm
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from devices.link import LinkState, LinkStatus
from ui.frame.bar.alarm_bar import PRIORITIES, AlarmState
from ui.frame.bar.due_pill import DueState
from ui.frame.bar.rail import RailItem
from ui.frame.pages import pages_of
from ui.kit.chip import ChipState


def rail_items(person: Person | None) -> tuple[RailItem, ...]:
    return tuple(RailItem(row.key, row.icon, row.name) for row in pages_of(person))


def due_state(found: tuple[BedNow, Task] | None, now: datetime, words: Words) -> DueState:
    """“Next due: Vital signs · Bed 12” and the time left or late."""
    if found is None:
        return DueState()
    bed, task = found
    text = say("Next due: {task} · Bed {bed}", task=task.short_words(bed.state), bed=bed.state.order.bed)
    late = task.is_late(now)
    return DueState(text, words.left(task.left(now)) if late or task.due_at > now else "", late)


def monitor_state(links: Sequence[LinkStatus]) -> ChipState:
    """The worst of the monitors that are read."""
    if not links:
        return ChipState(say("No monitor"), dot="none")
    lost = [s for s in links if s.state is not LinkState.LIVE]
    if lost:
        return ChipState(say("Monitor lost"), dot="lost", more=lost[0].hint or "")
    return ChipState(say("Monitor live"), dot="live")


def sound_state(works: bool, paused_until: datetime | None, now: datetime, words: Words) -> ChipState:
    if not works:
        return ChipState(say("No sound"), "sound-off", more=say("No sound can be played: watch the screen."))
    if paused_until is not None:
        left = words.left(paused_until - now)
        return ChipState(say("Paused {left}", left=left), "sound-off", more=say("Press to hear sounds again"))
    return ChipState(say("Sound on"), "sound-on", more=say("Press to pause the sound for two minutes"))


def person_state(person: Person | None) -> ChipState | None:
    if person is None:
        return None
    return ChipState(say("{role} {name}", role=ROLE_NAMES[person.role], name=person.name), "person",
                     more=say("Change the person"))  # fmt: skip


def alarm_state(alarm: ActiveAlarm, acknowledged: bool, state_of: dict[str, Infusion]) -> AlarmState:
    """An alarm in words: what, value, limit, for whom, since when."""
    infusion = state_of.get(alarm.infusion_id)
    order = infusion.order if infusion else None
    text: Text = say(
        "{what} · {subject} · Bed {bed} · since {since}",
        what=alarm.text,
        since=alarm.since,
        subject=order.subject if order else "",
        bed=order.bed if order else "",
    )
    return AlarmState(PRIORITIES[alarm.priority], text, acknowledged=acknowledged)


def first_of(shown: Sequence[AlarmState]) -> AlarmState | None:
    """What the bar shows: the first, and how many more there are."""
    return msgspec.structs.replace(shown[0], more=len(shown) - 1) if shown else None
