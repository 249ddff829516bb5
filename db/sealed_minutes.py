"""Whether the samples of an infusion are those that its seals name. Pure, but for the reading that it is handed."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice, pairwise
from typing import NamedTuple, Protocol

from app.domain.infusion.facts import SamplesSealed
from app.domain.texts import Text, say
from db.log.canonical import utc_from_ms, utc_ms
from db.log.chain import Fault, SealedSample, seal_of

_MINUTE_MS = 60_000
#: What is younger than the newest seal by less than this may still wait for its own.
_LAG_MS = 3 * _MINUTE_MS
_MOST_TRIES = 2000
_FOREVER_MS = 1 << 62


class Samples(Protocol):
    def read(self, infusion_id: str, from_ms: int, before_ms: int, /) -> list[SealedSample]:
        """Of an infusion, from and before (ms since 1970), in order of time."""

    def is_as_sealed(self, infusion_id: str, minute_ms: int, event: SamplesSealed, /) -> bool:
        """Whether they are surely the minute's only seal's. False: it is not known."""


class Seal(NamedTuple):
    seq: int
    event: SamplesSealed

    @property
    def minute_ms(self) -> int:
        return utc_ms(self.event.minute)


class SealedInfusion:
    """`notes`, and whether samples wait for their seal, are there once `faults` was read to its end."""

    def __init__(self, infusion: str, seals: Sequence[Seal], samples: Samples) -> None:
        self._infusion, self._seals, self._samples = infusion, seals, samples
        self.notes: list[Text] = []
        self.is_waiting = False

    def faults(self, newest_ms: int) -> Iterator[Fault]:
        """`newest_ms`: record time of the newest seal in the whole record."""
        minutes: dict[int, list[Seal]] = {}
        for seal in self._seals:
            minutes.setdefault(seal.minute_ms, []).append(seal)
        for minute_ms, seals in minutes.items():
            yield from self._of_minute(minute_ms, seals)
        if any(seal.event.form > 1 for seal in self._seals):
            yield from self._outside(minutes, newest_ms - _LAG_MS)

    def _of_minute(self, minute_ms: int, seals: Sequence[Seal]) -> Iterator[Fault]:
        if len(seals) == 1 and not seals[0].event.only and self._samples.is_as_sealed(self._infusion, minute_ms, seals[0].event):
            return
        there = self._samples.read(self._infusion, minute_ms, minute_ms + _MINUTE_MS)
        named = _named(seals)
        for seal in seals:
            only = set(seal.event.only)
            found = [s for s in there if (s[:2] in only if only else s[:2] not in named)]
            if seal_of(found) != (seal.event.count, seal.event.sha256):
                yield from self._differs(seal, found)

    def _differs(self, seal: Seal, found: list[SealedSample]) -> Iterator[Fault]:
        event = seal.event
        about = {"minute": _minute(seal.minute_ms), "infusion": self._infusion, "seq": seal.seq}
        if event.form == 1 and _came_late(event, found):
            late = len(found) - event.count
            self.notes.append(say("Of the minute {minute} of infusion {infusion} the {sealed} sealed samples are whole; {late} "
                                  "came after its seal (event {seq}), as versions before this one let them.",
                                  sealed=event.count, late=late, **about))  # fmt: skip
        elif len(found) != event.count:
            yield Fault(0, say("Of the minute {minute} of infusion {infusion} {sealed} samples were sealed (event "
                               "{seq}); {found} are there.", sealed=event.count, found=len(found), **about))  # fmt: skip
        else:
            yield Fault(0, say("Samples of the minute {minute} of infusion {infusion} were changed after they were "
                               "sealed (event {seq}).", **about))  # fmt: skip

    def _outside(self, minutes: dict[int, list[Seal]], settled_ms: int) -> Iterator[Fault]:
        """Samples that no seal names: the last minutes wait for theirs, older ones were put in."""
        waiting = 0
        whole = sorted(minute_ms for minute_ms, seals in minutes.items() if any(not seal.event.only for seal in seals))
        ends = [0, *chain.from_iterable((minute_ms, minute_ms + _MINUTE_MS) for minute_ms in whole), _FOREVER_MS]
        rest = (self._samples.read(self._infusion, *ends) for ends in list(pairwise(ends))[::2] if ends[0] < ends[1])
        for minute_ms, group in groupby(chain.from_iterable(rest), lambda s: s[1] - s[1] % _MINUTE_MS):
            named = _named(minutes.get(minute_ms, []))
            outside = [s for s in group if s[:2] not in named]
            waiting += sum(1 for s in outside if s[1] >= settled_ms)
            added = sum(1 for s in outside if s[1] < settled_ms)
            if added:
                yield Fault(0, say("Of the minute {minute} of infusion {infusion} {n} samples are there that nothing in the "
                                   "record names: they were put in without the program, or their seal is missing.",
                                   infusion=self._infusion, n=added, minute=_minute(minute_ms)))  # fmt: skip
        self.is_waiting = waiting > 0
        if waiting:
            self.notes.append(say("{n} samples of the last minutes of infusion {infusion} are not sealed yet.",
                                  n=waiting, infusion=self._infusion))  # fmt: skip


def _minute(minute_ms: int) -> str:
    return f"{utc_from_ms(minute_ms):%Y-%m-%d %H:%M}Z"


def _named(seals: Sequence[Seal]) -> set[tuple[str, int]]:
    return {key for seal in seals for key in seal.event.only}


def _came_late(event: SamplesSealed, found: list[SealedSample]) -> bool:
    """Whether all but the last samples, of all sources together or of each by itself, are those that were sealed."""
    late = len(found) - event.count
    if late <= 0:
        return False
    of_source = [[s for s in found if s[4] == source] for source in sorted({s[4] for s in found})]
    ways = _shared_out(late, [len(samples) for samples in of_source])
    kept = (
        [s for samples, n in zip(of_source, way, strict=True) for s in samples[: len(samples) - n]]
        for way in islice(ways, _MOST_TRIES)
    )
    return any(seal_of(samples)[1] == event.sha256 for samples in chain([found[: event.count]], kept))


def _shared_out(count: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All ways to take `count` in all, at most `most[i]` of each."""
    if not most:
        yield from [()] if count == 0 else []
        return
    for first in range(max(0, count - sum(most[1:])), min(count, most[0]) + 1):
        for rest in _shared_out(count - first, most[1:]):
            yield first, *rest
