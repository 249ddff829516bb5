"""Other alarm rules tried on what a record holds, before they are set: how many alarms fewer or more.

Each infusion is played twice, under the rules in force and under the others, in a process of its own: no screen waits for it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from app.domain.protocol import Limits, News2Rules, Protocol, Triggers
from app.domain.texts import Text, say
from app.jobs.record_process import apart
from app.services.access.store_key import StoreFile
from app.services.ward.ports import Post

#: The newest so many: one takes seconds.
_MOST = 20
#: Settings of these parts change what alarms.
_ALARM_PARTS = ("vitals.limits.", "news2.", "triggers.")


class AlarmRules(msgspec.Struct, frozen=True):
    """What of a protocol decides over the patient's alarms."""

    limits: tuple[Limits, ...]
    news2: News2Rules | None
    triggers: Triggers | None

    def placed(self, protocol: Protocol) -> Protocol:
        """The protocol of an infusion with these in it."""
        vitals = replace(protocol.vitals, limits=self.limits)
        return replace(protocol, vitals=vitals, news2=self.news2, triggers=self.triggers)


def rules_of(protocol: Protocol) -> AlarmRules:
    return AlarmRules(protocol.vitals.limits, protocol.news2, protocol.triggers)


def is_tried(key: str) -> bool:
    """Whether a setting can be tried on the record."""
    return key.startswith(_ALARM_PARTS)


class Tried(msgspec.Struct, frozen=True):
    """What came of it so far: of `recorded` infusions `played`; alarms `before` and `after` in the `watched` ones, over `hours`."""

    recorded: int = 0
    played: int = 0
    watched: int = 0
    hours: float = 0.0
    before: int = 0
    after: int = 0
    failed: Text | None = None


Told = Callable[[Tried], None]


class AlarmTuning:
    """On the deciding thread; one trial at a time waits for its process on a thread of its own, and holds up no other work."""

    def __init__(self, file: StoreFile, post: Post) -> None:
        self._file, self._post = file, post
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tuning")
        self._trial = 0

    def begin(self, before: Protocol, after: Protocol, told: Told) -> None:
        """`told` is called after each infusion, until all are played or `stop` is called."""
        self.stop()
        number, store = self._trial, (self._file.path, self._file.key)
        rules = rules_of(before), rules_of(after)

        def tell(tried: Tried) -> None:
            if number == self._trial:
                told(tried)

        def work() -> None:
            tried = Tried(failed=say("It could not be tried."))
            try:
                with apart() as process:
                    ids = process.submit(_which, *store).result()
                    tried = Tried(failed=ids) if isinstance(ids, Text) else Tried(len(ids))
                    for infusion_id in () if isinstance(ids, Text) else ids:
                        if number != self._trial:
                            return
                        self._post(partial(tell, tried))
                        found = process.submit(_both, *store, infusion_id, *rules).result()
                        tried = replace(tried, failed=found) if isinstance(found, Text) else _more(tried, found)
            finally:
                self._post(partial(tell, tried))

        self._thread.submit(work)

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._trial += 1

    def close(self) -> None:
        """Waits for the infusion that is being played."""
        self.stop()
        self._thread.shutdown(cancel_futures=True)


def _more(tried: Tried, found: tuple[float, int, int]) -> Tried:
    hours, before, after = found
    return replace(tried, played=tried.played + 1, watched=tried.watched + (hours > 0), hours=tried.hours + hours,
                   before=tried.before + before, after=tried.after + after)  # fmt: skip


# --- in a process of its own; its errors come back as their words


def _which(path: Path, key: bytes | None) -> tuple[str, ...] | Text:
    from app.domain.errors import Refused
    from db.queries import StoreReader
    from db.store_errors import StoreError

    try:
        with StoreReader(path, key) as reader:
            return tuple(reversed(reader.streams()))[:_MOST]
    except (Refused, StoreError) as error:
        return error.text


def _both(path: Path, key: bytes | None, infusion_id: str, *rules: AlarmRules) -> tuple[float, int, int] | Text:
    """Hours of watch, and the patient's alarms under each of the two rules."""
    from app.domain.errors import Refused
    from app.domain.watch.alarm_replay import replayed
    from app.jobs.recorded_alarms import recorded
    from db.queries import StoreReader
    from db.store_errors import StoreError

    try:
        with StoreReader(path, key) as reader:
            one = recorded(reader, infusion_id)
        if one is None:
            return 0.0, 0, 0
        before, after = (replayed(infusion_id, one.entries, one.samples, each.placed(one.protocol), True) for each in rules)
    except (Refused, StoreError) as error:
        return error.text
    return before.watched_h, len(before.lines), len(after.lines)
