"""What the Records page lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.people.signed_heads import HeadKept
from app.domain.texts import Dated, Text, joined, listed, say
from app.jobs.backups import LastBackup


class RecordRow(msgspec.Struct, frozen=True):
    """One infusion of the store; ml as text, None before the start or the end.

    `as_recorded`: its protocol file is not at hand, so that nothing of it is computed any more. `number`: its place in the store.
    """

    infusion_id: str
    subject: str
    group: str
    dose_number: int
    bed: str
    started_at: datetime | None
    given: Text | None
    phase: str
    as_recorded: bool = False
    number: int = 0


def given(least: object, most: object) -> Text | None:
    if least is None:
        return None
    return say("{n} ml", n=least if least == most else f"{least}–{most}")


class SeenElsewhere(NamedTuple):
    """`line`: up to which event who else has seen the record. `wrong`: what by that is wrong with a record; "" if nothing."""

    line: Text
    wrong: Text | str


def seen_elsewhere(meetings: Sequence[HeadKept], backup: LastBackup | None) -> SeenElsewhere:
    seen = [say("{name} up to event {event} ({at})", name=met.name, event=met.seen.events, at=Dated(met.seen.at))
            for met in meetings if met.seen is not None]  # fmt: skip
    if backup is not None:
        seen.append(say("the backup up to event {event} ({at})", event=backup.events, at=Dated(backup.at)))
    nobody = say("Nobody else has seen this record yet: there is no backup, and no other laptop keeps its head.")
    wrong = [text for met in meetings for text in met.told()]
    return SeenElsewhere(say("Seen elsewhere: {seen}", seen=listed(seen)) if seen else nobody, joined("\n", wrong) if wrong else "")
