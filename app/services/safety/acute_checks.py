"""Who is still to be asked how they are after an infusion, long after it has left the ward's memory; and the answer saved."""

import uuid
from collections.abc import Callable, Iterable
from typing import Protocol

from app.domain.errors import Refused
from app.domain.infusion.state import Infusion
from app.domain.log import Entry, Stream, stream_text
from app.domain.people.roles import Person
from app.domain.people.signatures import signed
from app.domain.safety.acute_check import AcuteWatch, AnswerAcute, acute_results, acute_watch, acute_watch_of, answer_acute
from app.domain.safety.safety_facts import AcuteChecked
from app.domain.texts import say
from app.services.ward.ports import Done, Outcome, Post, Store, ignore
from app.services.ward.ward import Bedside
from db.log.batch import Batch
from db.log.standing import Standing


class SubjectLog(Protocol):
    """Where a subject's stream is read."""

    def entries(self, stream: str, /) -> list[Entry]: ...

    def subject_entries(self, kind: str, /, alone: bool) -> list[Entry]: ...


def answered(log: SubjectLog) -> frozenset[str]:
    """The infusions of which there is an answer."""
    results = (x.event for x in log.subject_entries(AcuteChecked.__name__, alone=True))
    return frozenset(event.infusion_id for event in results if isinstance(event, AcuteChecked))


class AcuteChecks:
    """`standing`: this store's infusions as the log tells them, None where they are not read yet (`take`); of each that owes an
    answer one line stays, and none is put together for it. What does not fit together is told elsewhere, and owes nothing.

    Runs on the deciding thread alone.
    """

    def __init__(
        self,
        log: SubjectLog,
        store: Store,
        post: Post,
        bedside: Bedside,
        standing: Iterable[Standing] | None,
    ) -> None:
        self._log, self._store, self._post, self._now, self._files = log, store, post, bedside.now, bedside.files
        self._answered: set[str] = set()
        self._waiting: dict[str, AcuteWatch] = {}
        self._writing = False
        self._lookers: list[Callable[[], None]] = []
        if standing is not None:
            self.take(standing, answered(log))
        bedside.news.when_changed(lambda infusion_id: self.took(bedside.infusion(infusion_id)))

    def take(self, standing: Iterable[Standing], answered: Iterable[str]) -> None:
        """All of this store's infusions, and those that have an answer. What happened since counts."""
        self._answered.update(answered)
        waiting = (row for row in standing if row.is_whole and row.infusion_id not in self._answered)
        found = (acute_watch_of(x.infusion_id, x.order, x.phase, x.ended_at, self._files.of(x.order)) for x in waiting)
        all_waiting = {watch.infusion_id: watch for watch in found if watch is not None}
        since = {i: watch for i, watch in self._waiting.items() if i not in self._answered}
        self._waiting = all_waiting | since
        for look in self._lookers:
            look()

    def when_changed(self, look: Callable[[], None]) -> None:
        """Call `look` after an answer was saved, and once all are known."""
        self._lookers.append(look)

    def took(self, state: Infusion) -> None:
        """Something happened to an infusion: once it is signed, its result is to come."""
        watch = acute_watch(state)
        if watch is not None and watch.infusion_id not in self._answered:
            self._waiting.setdefault(watch.infusion_id, watch)

    def waiting(self) -> list[AcuteWatch]:
        """All that is still to be answered, the first due in front; `due_at` may lie ahead."""
        return sorted(self._waiting.values(), key=lambda watch: watch.due_at)

    def due(self) -> list[AcuteWatch]:
        """Those whose time has come."""
        now = self._now()
        return [watch for watch in self.waiting() if watch.due_at <= now]

    def watch(self, infusion_id: str) -> AcuteWatch | None:
        return self._waiting.get(infusion_id)

    def answer(self, watch: AcuteWatch, command: AnswerAcute, by: Person, done: Done = ignore) -> None:
        """Save the answer, signed by who gives it. `done` on the deciding thread when it is saved, refused or failed."""
        if self._writing:
            done(Outcome(failed=say("The last entry is still being saved. Try again.")))
            return
        stream = stream_text(Stream("subject", watch.subject))
        before = self._log.entries(stream)
        try:
            event = answer_acute(watch, bool(acute_results(before, watch.infusion_id)), command, by, self._now())
        except Refused as refusal:
            done(Outcome(refused=refusal.text))
            return
        entry = Entry(uuid.uuid4().hex, stream, self._now(), by.person_id, signed(before, event, by))
        self._writing = True
        future = self._store.append(Batch((entry,)))

        def finished() -> None:
            self._writing = False
            error = future.exception()
            if error is not None:
                done(Outcome(failed=getattr(error, "text", say("Writing failed."))))
                return
            self._waiting.pop(watch.infusion_id, None)
            self._answered.add(watch.infusion_id)
            done(Outcome())
            for look in self._lookers:
                look()

        future.add_done_callback(lambda _future: self._post(finished))
