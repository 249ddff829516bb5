"""The trial's subjects as the log tells them, joined with the bedside's infusions; takes commands and saves what follows.

Doses and reactions are read from the infusions' own events, never typed again.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol as Shape

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.corrected import as_corrected
from app.domain.log import TRIAL, Entry, Event, Stream, stream_of, stream_text
from app.domain.people.roles import Person
from app.domain.protocol import Protocol
from app.domain.safety.vital_grades import CheckSeen, checks_seen
from app.domain.texts import say
from app.domain.trial.enrolled import EscalationRule, Subject, rule_of
from app.domain.trial.escalation import BoardAnswer, board
from app.domain.trial.rules import TrialRules
from app.domain.trial.subject.subject_commands import DeskCommand
from app.domain.trial.subject.subject_rules import DeskSetting, desk_decide, setting_of
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from app.domain.trial.trial_data import (
    BedsideReaction,
    DoseGiven,
    TrialData,
    give_advice,
    graded_reactions,
    on_board,
    sign_decision,
)
from app.services.ctcae_file import ctcae
from app.services.protocol_files import Trial
from app.services.ward.ports import Done, Outcome, Post, Store, ignore
from db.log.batch import Batch

#: Of an infusion the desk needs no more than this.
FROM_THE_BEDSIDE: tuple[type[Event], ...] = (
    e.Ordered, e.Started, e.InfusionEnded, e.InfusionStopped, e.ReactionNoted, e.ReactionUpdated, e.Corrected,
)  # fmt: skip
_KINDS = tuple(kind.__name__ for kind in FROM_THE_BEDSIDE)


class DeskLog(Shape):
    """Where the desk reads: what stands in the log after an event, of subjects, of the trial, and of these kinds; one stream."""

    def desk_entries(self, after_seq: int, kinds: Sequence[str], /) -> list[tuple[int, Entry]]: ...

    def entries(self, stream: str, /) -> list[Entry]: ...


def site_time(at: datetime) -> datetime:
    """As the ward's clocks show it: what day something happened on follows from this."""
    return at.astimezone()


class Gathered:
    """Everything read so far, by stream; what is new is folded in."""

    def __init__(self, local: Callable[[datetime], datetime] = site_time) -> None:
        self._local = local
        self.seq = 0
        self._subjects: dict[str, list[Entry]] = {}
        self._states: dict[str, SubjectState] = {}
        self._infusions: dict[str, list[Entry]] = {}
        self._doses: dict[str, tuple[str, DoseGiven | None, tuple[BedsideReaction, ...]]] = {}
        self.trial: list[Entry] = []

    def take(self, rows: Iterable[tuple[int, Entry]]) -> bool:
        """Whether there was anything new."""
        changed: dict[Stream, None] = {}
        for seq, entry in rows:
            self.seq = max(self.seq, seq)
            stream = stream_of(entry.stream)
            changed[stream] = None
            if stream.kind == "trial":
                self.trial.append(entry)
            else:
                (self._subjects if stream.kind == "subject" else self._infusions).setdefault(stream.id, []).append(entry)
        for stream in changed:
            if stream.kind == "subject":
                self._states[stream.id] = subject_of(stream.id, self._subjects[stream.id])
            elif stream.kind == "infusion":
                self._read_infusion(stream.id)
        return bool(changed)

    def _read_infusion(self, infusion_id: str) -> None:
        entries = as_corrected(self._infusions[infusion_id])
        order = entries[0].event
        if not isinstance(order, e.Ordered):
            return
        started = next((x.at for x in entries if isinstance(x.event, e.Started)), None)
        ended = next((x.at for x in entries if isinstance(x.event, e.InfusionEnded | e.InfusionStopped)), None)
        dose = None
        if started is not None:
            dose = DoseGiven(infusion_id, order.dose_number, self._local(started), ended and self._local(ended))
        self._doses[infusion_id] = order.subject, dose, tuple(self._reactions(infusion_id, entries))

    def _reactions(self, infusion_id: str, entries: Sequence[Entry]) -> list[BedsideReaction]:
        """An update takes the place of what was known of the open reaction before."""
        found: list[BedsideReaction] = []
        for x in entries:
            ev = x.event
            if isinstance(ev, e.ReactionNoted | e.ReactionUpdated):
                known = BedsideReaction(infusion_id, self._local(ev.onset_at), ev.symptoms, ev.grade)
                found = [*(found[:-1] if isinstance(ev, e.ReactionUpdated) else found), known]
        return found

    def data(self, today: date) -> TrialData:
        doses: dict[str, list[DoseGiven]] = {}
        reactions: dict[str, list[BedsideReaction]] = {}
        for subject, dose, found in self._doses.values():
            if dose is not None:
                doses.setdefault(subject, []).append(dose)
            reactions.setdefault(subject, []).extend(found)
        return TrialData(
            tuple(self._states.values()),
            {code: tuple(sorted(given, key=lambda d: d.started_at)) for code, given in doses.items()},
            {code: tuple(found) for code, found in reactions.items() if found},
            tuple(self.trial),
            today,
        )


class DeskLook(msgspec.Struct, frozen=True):
    """One look at the desk, taken once for all that is shown of it: so the tables agree with each other."""

    data: TrialData
    subjects: tuple[Subject, ...]
    answer: BoardAnswer
    protocol: Protocol
    rules: TrialRules
    rule: EscalationRule
    zone: tzinfo
    setting: DeskSetting

    @property
    def today(self) -> date:
        """The freeze date of every table."""
        return self.data.today


def look_at(data: TrialData, protocol: Protocol, rules: TrialRules, zone: tzinfo) -> DeskLook:
    subjects, rule = on_board(data, protocol), rule_of(protocol, rules)
    answer = board(subjects, data.today, rule)
    setting = setting_of(subjects, answer, protocol, rules, rule, data.today)
    setting = msgspec.structs.replace(setting, ctcae=ctcae(), reactions_on=graded_reactions(data))
    return DeskLook(data, subjects, answer, protocol, rules, rule, zone, setting)


def read_once(log: DeskLog, protocol: Protocol, rules: TrialRules, at: datetime, local: Callable[[datetime], datetime]) -> DeskLook:
    """For the command line: everything that a log holds, as it stands at a moment."""
    gathered, now = Gathered(local), local(at)
    gathered.take(log.desk_entries(0, _KINDS))
    return look_at(gathered.data(now.date()), protocol, rules, now.tzinfo or UTC)


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
    ) -> None:
        self.protocol, self.rules = trial.protocol, rules
        self.rule = rule_of(trial.protocol, rules)
        self._log, self._store, self._post, self.now, self._local = log, store, post, now, local
        self._gathered = Gathered(local)
        self._data: TrialData | None = None
        self._writing = False
        self._lookers: list[Callable[[], None]] = []

    def when_changed(self, look: Callable[[], None]) -> None:
        """Call `look` after each thing that was saved here."""
        self._lookers.append(look)

    # --- what there is

    @property
    def today(self) -> date:
        return self._local(self.now()).date()

    @property
    def zone(self) -> tzinfo:
        return self._local(self.now()).tzinfo or UTC

    def data(self) -> TrialData:
        """All subjects as they are now; what was saved since the last look is read first."""
        new = self._gathered.take(self._log.desk_entries(self._gathered.seq, _KINDS))
        if new or self._data is None or self._data.today != self.today:
            self._data = self._gathered.data(self.today)
        return self._data

    def look(self) -> DeskLook:
        return look_at(self.data(), self.protocol, self.rules, self.zone)

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
            entries = [x for code, some in wanted.items() for x in self._decided(code.strip(), subject_stream(code), some, by)]
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
