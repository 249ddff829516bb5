"""What the desk has read of the log: subjects, and of the infusions only what the trial counts. What is new is folded in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.story import UNREADABLE
from app.domain.log import Entry, Event, Stream, stream_of
from app.domain.protocol import Protocol
from app.domain.trial.subject.subject_state import SubjectState, subject_of
from app.domain.trial.trial_data import BedsideReaction, DoseGiven, TrialData
from app.services.protocol_files import ProtocolFiles

#: Of an infusion the desk needs no more than this.
FROM_THE_BEDSIDE: tuple[type[Event], ...] = (
    e.Ordered, e.Started, e.InfusionEnded, e.InfusionStopped, e.ReactionNoted, e.ReactionUpdated, e.Corrected,
)  # fmt: skip
KINDS = tuple(kind.__name__ for kind in FROM_THE_BEDSIDE)


def site_time(at: datetime) -> datetime:
    """As the ward's clocks show it: what day something happened on follows from this."""
    return at.astimezone()


class Gathered:
    """Everything read so far, by stream; what is new is folded in."""

    def __init__(self, local: Callable[[datetime], datetime] = site_time, files: ProtocolFiles | None = None) -> None:
        self._local, self._files = local, files or ProtocolFiles()
        self.seq = 0
        self._subjects: dict[str, list[Entry]] = {}
        self._states: dict[str, SubjectState] = {}
        self._infusions: dict[str, list[Entry]] = {}
        self._doses: dict[str, tuple[str, DoseGiven | None, tuple[BedsideReaction, ...]]] = {}
        self._ordered_by: dict[str, Protocol | None] = {}
        self.trial: list[Entry] = []

    def go_on_with(self, files: ProtocolFiles) -> None:
        """What was gathered on another thread is kept up to date on this one."""
        self._files = files

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
        entries = self._infusions[infusion_id]
        with suppress(*UNREADABLE):  # a correction that fits nothing, which is told elsewhere: what was recorded stands
            entries = as_corrected(entries)
        order = entries[0].event
        if not isinstance(order, e.Ordered):
            return
        started = next((x.at for x in entries if isinstance(x.event, e.Started)), None)
        ended = next((x.at for x in entries if isinstance(x.event, e.InfusionEnded | e.InfusionStopped)), None)
        dose = None
        if started is not None:
            dose = DoseGiven(infusion_id, order.dose_number, self._local(started), ended and self._local(ended))
        protocol = self._ordered_by[infusion_id] = self._files.of(order)
        self._doses[infusion_id] = order.subject, dose, tuple(self._reactions(infusion_id, entries, protocol))

    def _reactions(self, infusion_id: str, entries: Sequence[Entry], protocol: Protocol | None) -> list[BedsideReaction]:
        """An update takes the place of what was known of the open reaction before."""
        found: list[BedsideReaction] = []
        for x in entries:
            ev = x.event
            if isinstance(ev, e.ReactionNoted | e.ReactionUpdated):
                known = BedsideReaction(infusion_id, self._local(ev.onset_at), ev.symptoms, ev.grade, protocol)
                found = [*(found[:-1] if isinstance(ev, e.ReactionUpdated) else found), known]
        return found

    def data(self, today: date) -> TrialData:
        doses: dict[str, list[DoseGiven]] = {}
        reactions: dict[str, list[BedsideReaction]] = {}
        for subject, dose, found in self._doses.values():
            if dose is not None:
                doses.setdefault(subject, []).append(dose)
            reactions.setdefault(subject, []).extend(found)
        for code, dose in self._elsewhere():
            doses.setdefault(code, []).append(dose)
        return TrialData(
            tuple(self._states.values()),
            {code: tuple(sorted(given, key=lambda d: d.started_at)) for code, given in doses.items()},
            {code: tuple(found) for code, found in reactions.items() if found},
            tuple(self.trial),
            today,
            self._protocols(doses),
        )

    def _elsewhere(self) -> Iterator[tuple[str, DoseGiven]]:
        """Doses that came with an enrolment from another laptop."""
        for state in self._states.values():
            for d in state.came.doses if state.came else ():
                if d.infusion_id not in self._doses:
                    yield (
                        state.code,
                        DoseGiven(d.infusion_id, d.number, self._local(d.started_at), d.ended_at and self._local(d.ended_at)),
                    )

    def _protocols(self, doses: Mapping[str, Sequence[DoseGiven]]) -> dict[str, Protocol]:
        first = {code: min(given, key=lambda d: d.started_at).infusion_id for code, given in doses.items()}
        known = {code: self._ordered_by.get(infusion_id) for code, infusion_id in first.items()}
        return {code: protocol for code, protocol in known.items() if protocol is not None}
