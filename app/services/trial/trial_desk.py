"""The trial's subjects as the log tells them, joined with the bedside's infusions; takes commands and saves what follows.

Doses and reactions are read from the infusions' own events, never typed again.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import NamedTuple
from typing import Protocol as Shape

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.corrected import as_corrected
from app.domain.log import TRIAL, Entry, Event, Stream, stream_text
from app.domain.people.roles import Person
from app.domain.protocol import Protocol
from app.domain.safety.vital_grades import CheckSeen, checks_seen
from app.domain.texts import say
from app.domain.trial.due import DueItem, due_this_week
from app.domain.trial.enrolled import EscalationRule, Subject, rule_of
from app.domain.trial.escalation import BoardAnswer, board
from app.domain.trial.rules import TrialRules
from app.domain.trial.subject.subject_commands import DeskCommand
from app.domain.trial.subject.subject_rules import DeskSetting, desk_decide, setting_of
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from app.domain.trial.trial_data import TrialData, give_advice, graded_reactions, on_board, sign_decision
from app.domain.typed_texts import folded
from app.services.ctcae_file import ctcae
from app.services.protocol_files import ProtocolFiles, Trial
from app.services.ward.ports import Done, Outcome, Post, Store, ignore
from db.log.batch import Batch

from .calendars import Calendars
from .gathered import KINDS, Gathered, site_time


class DeskLog(Shape):
    """Where the desk reads: what stands in the log after an event, of subjects, of the trial, and of these kinds; one stream."""

    def desk_entries(self, after_seq: int, kinds: Sequence[str], /) -> list[tuple[int, Entry]]: ...

    def entries(self, stream: str, /) -> list[Entry]: ...


class DeskLook(msgspec.Struct, frozen=True, dict=True):
    """One look at the desk, taken once for all that is shown of it: so the tables agree with each other. `due`: of all enrolled."""

    data: TrialData
    subjects: tuple[Subject, ...]
    answer: BoardAnswer
    protocol: Protocol
    rules: TrialRules
    rule: EscalationRule
    zone: tzinfo
    setting: DeskSetting
    due: tuple[DueItem, ...]

    @property
    def today(self) -> date:
        """The freeze date of every table."""
        return self.data.today

    @cached_property
    def on_board(self) -> dict[str, Subject]:
        """Who is enrolled, by code, as the 3 + 3 counts them."""
        return {counted.subject: counted for counted in self.subjects}

    @cached_property
    def due_this_week(self) -> tuple[DueItem, ...]:
        return due_this_week(self.due, self.today)


def look_at(data: TrialData, protocol: Protocol, rules: TrialRules, zone: tzinfo, kept: Calendars | None = None) -> DeskLook:
    """`kept`: the calendars of before."""
    subjects, rule = on_board(data, protocol), rule_of(protocol, rules)
    answer = board(subjects, data.today, rule)
    setting = setting_of(subjects, answer, protocol, rules, rule, data.today)
    setting = msgspec.structs.replace(setting, ctcae=ctcae(), reactions_on=graded_reactions(data))
    calendars = kept or Calendars()
    items = tuple(x for s in data.enrolled for x in calendars.of(data, s, protocol, rules))
    return DeskLook(data, subjects, answer, protocol, rules, rule, zone, setting, items)


def read_once(
    log: DeskLog, protocol: Protocol, rules: TrialRules, at: datetime, local: Callable[[datetime], datetime],
    files: ProtocolFiles | None = None,
) -> DeskLook:  # fmt: skip
    """For the command line: everything that a log holds, as it stands at a moment."""
    now = local(at)
    return look_at(read_all(log, local, files).data(now.date()), protocol, rules, now.tzinfo or UTC)


def read_all(log: DeskLog, local: Callable[[datetime], datetime] = site_time, files: ProtocolFiles | None = None) -> Gathered:
    gathered = Gathered(local, files)
    gathered.take(log.desk_entries(0, KINDS))
    return gathered


class ReadAhead(NamedTuple):
    gathered: Gathered
    calendars: Calendars


class TrialDesk:
    """Runs on the deciding thread alone."""

    def __init__(
        self,
        log: DeskLog,
        store: Store,
        post: Post,
        now: Callable[[], datetime],
        trial: Trial,
        rules: TrialRules,
        local: Callable[[datetime], datetime] = site_time,
        files: ProtocolFiles | None = None,
    ) -> None:
        self.follow(trial, rules)
        self._log, self._store, self._post, self.now, self._local = log, store, post, now, local
        self._files = files or ProtocolFiles()
        self._gathered = Gathered(local, self._files)
        self._calendars = Calendars()
        self._data: TrialData | None = None
        self._writing = False
        self._lookers: list[Callable[[], None]] = []

    def follow(self, trial: Trial, rules: TrialRules) -> None:
        """From now on by this file; who was infused by an earlier one stays with it."""
        self.protocol, self.rules = trial.protocol, rules
        self.rule = rule_of(trial.protocol, rules)
        self._look: DeskLook | None = None

    def when_changed(self, look: Callable[[], None]) -> None:
        """Call `look` after each thing that was saved here."""
        self._lookers.append(look)

    # --- what there is

    @property
    def is_unread(self) -> bool:
        """Nobody has looked yet: the next look reads everything."""
        return self._gathered.seq == 0

    def reading_ahead(self) -> Callable[[DeskLog, ProtocolFiles], ReadAhead]:
        """What another thread may carry out: reads everything, and looks at it once."""
        local, today, zone, protocol, rules = self._local, self.today, self.zone, self.protocol, self.rules

        def read(log: DeskLog, files: ProtocolFiles) -> ReadAhead:
            ahead = ReadAhead(read_all(log, local, files), Calendars())
            look_at(ahead.gathered.data(today), protocol, rules, zone, ahead.calendars)
            return ahead

        return read

    def begin_with(self, ahead: ReadAhead) -> None:
        """What was read ahead; it comes too late once somebody has looked."""
        if self.is_unread:
            ahead.gathered.go_on_with(self._files)
            self._gathered, self._calendars = ahead

    @property
    def today(self) -> date:
        return self._local(self.now()).date()

    @property
    def zone(self) -> tzinfo:
        return self._local(self.now()).tzinfo or UTC

    def data(self) -> TrialData:
        """All subjects as they are now; what was saved since the last look is read first."""
        new = self._gathered.take(self._log.desk_entries(self._gathered.seq, KINDS))
        if new or self._data is None or self._data.today != self.today:
            self._data = self._gathered.data(self.today)
        return self._data

    def look(self) -> DeskLook:
        """The same one until something is saved, the day changes or another file is in force."""
        data = self.data()
        if self._look is None or self._look.data is not data or self._look.protocol is not self.protocol:
            self._look = look_at(data, self.protocol, self.rules, self.zone, self._calendars)
        return self._look

    def checks(self, code: str) -> list[CheckSeen]:
        """The vital signs recorded at a subject's infusions: read when they are asked for."""
        given = self.data().doses.get(code, ())
        return [x for dose in given for x in checks_seen(as_corrected(self._log.entries(dose.infusion_id)), self._local)]

    # --- commands

    def submit(self, code: str, commands: DeskCommand | Sequence[DeskCommand], by: Person, done: Done = ignore) -> None:
        """Carry out one or several commands on a subject: all or none. `done` on the deciding thread when saved or refused."""
        self.submit_all({code: (commands,) if isinstance(commands, DeskCommand) else tuple(commands)}, by, done)

    def submit_all(self, wanted: Mapping[str, Sequence[DeskCommand]], by: Person, done: Done = ignore) -> None:
        """The same on several subjects, saved together."""
        try:
            codes = {folded(code): some for code, some in wanted.items()}
            entries = [x for code, some in codes.items() for x in self._decided(code, subject_stream(code), some, by)]
        except Refused as refusal:
            done(Outcome(refused=refusal.text))
            return
        self._save(entries, done)

    def _decided(self, code: str, stream: str, commands: Sequence[DeskCommand], by: Person) -> list[Entry]:
        look = self.look()
        known = look.data.subject(code)
        state = known or SubjectState(code, [])
        setting, made = look.setting, list[Entry]()
        for command in commands:
            co = getattr(getattr(command, "second", None), "person_id", None)
            events = desk_decide(state, command, by, self.now(), setting)
            made += [Entry(uuid.uuid4().hex, stream, self.now(), by.person_id, event, co) for event in events]
            state = subject_of(code, [*(known.entries if known else []), *made])
        return made

    def keep(self, code: str, events: Sequence[Event], by: str | None, done: Done) -> None:
        """Write down what has happened to a subject already; while it is on its way nobody signs."""
        stream, at = subject_stream(code), self.now()
        self._save([Entry(uuid.uuid4().hex, stream, at, by, event) for event in events], done)

    def sign_decision(self, by: Person, done: Done = ignore) -> None:
        """Sign what the rule says now."""
        look = self.look()
        self._on_trial(lambda: sign_decision(look.data, look.subjects, look.answer, by, self._gathered.trial), by, done)

    def advise(self, text: str, on: date, by: Person, done: Done = ignore) -> None:
        """Write down what the monitoring committee advised."""
        look = self.look()
        self._on_trial(lambda: give_advice(text, on, look.subjects, look.data, by), by, done)

    def _on_trial(self, make: Callable[[], Event], by: Person, done: Done) -> None:
        try:
            event = make()
        except Refused as refusal:
            done(Outcome(refused=refusal.text))
            return
        self._save([Entry(uuid.uuid4().hex, stream_text(TRIAL), self.now(), by.person_id, event)], done)

    def _save(self, entries: list[Entry], done: Done) -> None:
        """One write at a time: the next command is decided on what this one leaves."""
        if self._writing:
            done(Outcome(failed=say("The last entry is still being saved. Try again.")))
            return
        self._writing = True
        future = self._store.append(Batch(tuple(entries)))

        def finished() -> None:
            self._writing = False
            error = future.exception()
            if error is not None:
                done(Outcome(failed=getattr(error, "text", say("Writing failed."))))
                return
            done(Outcome())
            for look in self._lookers:
                look()

        future.add_done_callback(lambda _future: self._post(finished))


def subject_stream(code: str) -> str:
    """The stream of a subject's code. Raises `Refused` for what can be no code."""
    if not code.strip():
        raise Refused(say("Give the subject a code."))
    return stream_text(Stream("subject", code.strip()))
