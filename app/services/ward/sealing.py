"""The samples of one infusion, bound into the chain minute by minute, once they are surely stored."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.infusion.facts import SamplesSealed
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from db.log.batch import SampleRow, sample_line
from db.log.canonical import utc_from_ms, utc_ms
from db.log.chain import SealedSample, seal_of

#: A minute that is over so long is sealed; what comes later is sealed by itself.
SEAL_AFTER = timedelta(seconds=65)
_MINUTE = timedelta(minutes=1)
_MINUTE_MS = 60_000
_FORM = 2


Found = list[tuple[str, SamplesSealed]]


class Sealing:
    """Keeps what the writer was given until it is sealed. `began_at`: of a minute before it there may be other rows."""

    def __init__(self, began_at: datetime) -> None:
        self._began_ms = utc_ms(began_at)
        self._open: dict[int, list[SealedSample]] = {}
        self._sealed: set[int] = set()

    @property
    def is_empty(self) -> bool:
        return not self._open

    @property
    def due_at(self) -> datetime | None:
        """When the oldest minute that is open is sealed."""
        return utc_from_ms(min(self._open)) + SEAL_AFTER if self._open else None

    def keep(self, rows: Iterable[SampleRow]) -> None:
        for row in rows:
            self._keep(sample_line(row)[1:])

    def _keep(self, sample: SealedSample) -> None:
        self._open.setdefault(_minute_ms(sample), []).append(sample)

    def take_over(self, samples: Iterable[SealedSample], seals: Iterable[SamplesSealed]) -> None:
        """What was stored before a restart and is in no seal yet; a plug that is pulled leaves such behind."""
        whole = {utc_ms(seal.minute) for seal in seals if not seal.only}
        named = {key for seal in seals for key in seal.only}
        self._sealed |= whole
        for sample in samples:
            if _minute_ms(sample) not in whole and sample[:2] not in named:
                self._keep(sample)

    def over(self, now: datetime, stored_before: datetime | None) -> list[SamplesSealed]:
        """Seals of the minutes that are over. `stored_before`: the oldest sample that is not on the disk yet, None: all are."""
        until_ms = utc_ms(min(now - SEAL_AFTER, stored_before - _MINUTE) if stored_before else now - SEAL_AFTER)
        return [self._seal(minute) for minute in sorted(self._open) if minute <= until_ms]

    def rest(self) -> list[SamplesSealed]:
        """Seals of all that is left: at the end, at a signature, when the program closes or starts. More may follow."""
        return [self._seal(minute, is_over=False) for minute in sorted(self._open)]

    def _seal(self, minute_ms: int, is_over: bool = True) -> SamplesSealed:
        rows = self._open.pop(minute_ms)
        alone = is_over and minute_ms > self._began_ms and minute_ms not in self._sealed
        self._sealed.add(minute_ms)
        only = () if alone else tuple((vital, t_ms) for vital, t_ms, *_ in rows)
        return SamplesSealed(utc_from_ms(minute_ms), *seal_of(rows), only, _FORM)


class Seals:
    """Of all infusions that are watched; each seal comes with its infusion's id."""

    def __init__(self) -> None:
        self._of: dict[str, Sealing] = {}
        self._phases: dict[str, Phase] = {}

    def began(self, infusion_id: str, at: datetime) -> None:
        self._of[infusion_id] = Sealing(at)

    def keep(self, infusion_id: str, rows: Iterable[SampleRow]) -> None:
        self._of[infusion_id].keep(rows)

    def take_over(self, state: Infusion, samples: Iterable[SealedSample]) -> None:
        self._of[state.infusion_id].take_over(samples, _seals(state.log))

    def is_idle(self, infusion_id: str) -> bool:
        """Whether every sample of it is sealed."""
        return self._of[infusion_id].is_empty

    def forget(self, infusion_id: str) -> None:
        del self._of[infusion_id]
        self._phases.pop(infusion_id, None)

    def due_at(self) -> datetime | None:
        """When the next minute of any is sealed; one that is held back was due before now."""
        return min((at for sealing in self._of.values() if (at := sealing.due_at) is not None), default=None)

    def due(self, states: Iterable[Infusion], now: datetime, stored_before: datetime | None) -> Found:
        """Of minutes that are over; all that there is when the infusion has just ended or was signed."""
        found: Found = []
        for state in states:
            infusion_id, phase, sealing = state.infusion_id, state.phase, self._of[state.infusion_id]
            is_new, self._phases[infusion_id] = self._phases.get(infusion_id, phase) is not phase, phase
            whole = is_new and phase in (Phase.OBSERVATION, Phase.SIGNED)
            found += [(infusion_id, seal) for seal in (sealing.rest() if whole else sealing.over(now, stored_before))]
        return found


def unsealed(infusion_id: str, entries: Iterable[Entry], samples: Iterable[SealedSample], now: datetime) -> list[Entry]:
    """Seals for all that is stored of an infusion and that no stored event names: before the program closes."""
    sealing = Sealing(now)
    sealing.take_over(samples, _seals(entries))
    return [Entry(uuid.uuid4().hex, infusion_id, now, None, seal) for seal in sealing.rest()]


def whole_minutes(entries: Iterable[Entry]) -> set[int]:
    """The minutes (ms since 1970 UTC) that are sealed and take no more rows."""
    return {utc_ms(seal.minute) for seal in _seals(entries) if not seal.only}


def _seals(entries: Iterable[Entry]) -> list[SamplesSealed]:
    return [x.event for x in entries if isinstance(x.event, SamplesSealed)]


def _minute_ms(sample: SealedSample) -> int:
    return sample[1] - sample[1] % _MINUTE_MS
