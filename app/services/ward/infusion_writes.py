"""One infusion and the writes that are on their way: nothing is believed before it is on the disk.

Pause, stop, end and Reaction alone act at once; they stand as "not yet saved" and are retried until they are.
"""

import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import phase_after
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import after
from app.domain.log import Entry
from app.domain.texts import Text, say
from db.log.batch import Batch, Recorded, projection

from .ports import Done, Outcome, Post, Store

RETRY_AFTER = timedelta(seconds=2)
_UNKNOWN = say("Writing failed. Nothing has changed on this screen; what was saved before is safe. Try again.")

Decide = Callable[[Infusion], list[e.InfusionEvent]]


class _Write:
    """`after` is the state once it is saved. An urgent one is shown before that, and retried until it is saved."""

    def __init__(self, entries: tuple[Entry, ...], after: Infusion, done: Done, urgent: bool) -> None:
        self.entries, self.after = entries, after
        self.done = done
        self.urgent = urgent
        self.failed_at: datetime | None = None
        self.told = False


class InfusionWrites:
    """`state` is what is shown and decided on. All methods run on the deciding thread."""

    def __init__(self, state: Infusion, store: Store, post: Post, now: Callable[[], datetime]) -> None:
        self.state = state
        self.head: Recorded | None = None
        self._store, self._post, self._now = store, post, now
        self._writes: deque[_Write] = deque()
        self._waiting: deque[tuple[Decide, str | None, Done, bool]] = deque()
        self._again: list[Callable[[], None]] = []
        self._again_at = now()
        self.trouble: Text | None = None
        self.unsaved_since: datetime | None = None

    @property
    def unsaved(self) -> int:
        """How many events stand on the screen that are not on the disk yet."""
        return sum(not isinstance(x.event, e.SamplesSealed) for w in self._writes if w.urgent for x in w.entries)

    @property
    def again_at(self) -> datetime | None:
        """When what failed is tried again; None where nothing did."""
        failed = [write.failed_at + RETRY_AFTER for write in self._writes if write.failed_at is not None]
        return min([*failed, *([self._again_at] if self._again else [])], default=None)

    @property
    def is_under_way(self) -> bool:
        """Whether the writer still has an answer to give; what failed waits for its retry."""
        return any(w.failed_at is None for w in self._writes)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way, waits for its turn or for another try."""
        return not (self._writes or self._waiting or self._again)

    def keep(self, events: list[e.InfusionEvent], by: str | None, done: Done) -> None:
        """What has happened already and is only written down."""
        self.submit(lambda _state: events, by, done)

    def submit(self, decide: Decide, by: str | None, done: Done, urgent: bool = False) -> None:
        """Decide and write. A command that is not urgent waits until the writes before it are done."""
        if self._writes and not urgent:
            self._waiting.append((decide, by, done, urgent))
            return
        base = self.coming()
        try:
            events = decide(base)
        except Refused as refusal:
            done(Outcome(refused=refusal.text))
            return
        if not events:
            done(Outcome())
            return
        at = self._now()
        entries = tuple(Entry(uuid.uuid4().hex, base.infusion_id, at, by, event) for event in events)
        self._begin(_Write(entries, after(base, entries), done, urgent))

    def happened(self, event: e.InfusionEvent, by: str | None, done: Done) -> None:
        """Save what no person asked for, however often it must be tried; what has no place any more is let go."""

        def decide_it(state: Infusion) -> list[e.InfusionEvent]:
            return [event] if phase_after(state.phase, event) is not None else []

        def told(outcome: Outcome) -> None:
            if outcome.failed is not None:
                self._again_at = self._now() + RETRY_AFTER
                self._again.append(lambda: self.happened(event, by, done))
            done(outcome)

        self.submit(decide_it, by, told)

    def again(self) -> None:
        """Try what happened and could not be saved."""
        waiting, self._again = self._again, []
        for submit in waiting:
            submit()

    def on_its_way(self) -> list[Entry]:
        """What is not known to be on the disk."""
        return [entry for write in self._writes for entry in write.entries]

    def coming(self) -> Infusion:
        """The state with everything that is on its way."""
        return next((w.after for w in self._writes if not w.urgent), self.state)

    def _begin(self, write: _Write) -> None:
        self._writes.append(write)
        if write.urgent:
            self._believe()
        self._send(write)

    def _believe(self) -> None:
        """Show all that is on its way before it is saved; from now on it is retried until it is."""
        for write in self._writes:
            write.urgent = True
        self.state = self._writes[-1].after

    def _send(self, write: _Write) -> None:
        write.failed_at = None
        future = self._store.append(Batch(write.entries, (projection(self.coming()),)))
        future.add_done_callback(lambda f: self._post(lambda: self._finished(write, f)))

    def _finished(self, write: _Write, future: "Future[list[Recorded]]") -> None:
        error = future.exception()
        if error is None:
            self._saved(write, future.result())
        elif write.urgent:
            write.failed_at = self._now()
            self.trouble = getattr(error, "text", _UNKNOWN)
            self.unsaved_since = self.unsaved_since or write.failed_at
            self._tell(write, Outcome())
        else:
            self._writes.remove(write)
            self._tell(write, Outcome(failed=getattr(error, "text", _UNKNOWN)))
            self._next()

    def _saved(self, write: _Write, recorded: list[Recorded]) -> None:
        if not write.urgent:
            self.state = write.after
        self._writes.remove(write)
        self.head = recorded[-1] if recorded else self.head
        if not any(w.failed_at for w in self._writes):
            self.trouble = self.unsaved_since = None
        self._tell(write, Outcome())
        self._next()

    def _tell(self, write: _Write, outcome: Outcome) -> None:
        if not write.told:
            write.told = True
            write.done(outcome)

    def _next(self) -> None:
        while self._waiting and not self._writes:
            self.submit(*self._waiting.popleft())

    def retry(self) -> None:
        """Send again what failed a while ago. An event id makes a second arrival harmless."""
        now = self._now()
        if self._again and now >= self._again_at:
            self.again()
        for write in list(self._writes):
            if write.failed_at is not None and now - write.failed_at >= RETRY_AFTER:
                self._send(write)
