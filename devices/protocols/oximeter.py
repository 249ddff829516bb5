"""What all pulse oximeters' byte streams share: frames that few bytes mark, one number sent many times a second.

Few of these formats have a checksum and none has a frame mark that cannot stand elsewhere. So a frame is believed only
as one of `enough` consecutive ones that hold; until then, and again after every break, nothing is given.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from app.domain.texts import Text
from app.domain.vitals.vital_signs import VITALS, Quality, Sample, plausible

from . import UnmappedValues

GATHERS_S = 0.05
"""They send 60 to 100 frames a second, and what is new in them once: it is read twenty times a second."""

_HELD_VALUE = (Quality.SENSOR_OFF, Quality.SEARCHING)
"""The number shown meanwhile is the last one from before: not the patient's now."""


class ShownNumbers(NamedTuple):
    """What an oximeter shows at one moment: vital sign and number in wire order, and the worst that is said of them."""

    values: tuple[tuple[str, int | None], ...]
    quality: Quality
    measured_at: datetime | None = None


class FrameFormat(Protocol):
    """One layout of frames, with what it remembers of them; made anew for every connection.

    `begun` matches, up to the end of the bytes, what may be a frame of which too few bytes have come. `longest`: bytes of
    its longest frame. `enough`: consecutive frames before the first value and after every break.
    `stands`: consecutive frames that must show the same before it is given. `a_second`: frames in a second.
    """

    begun: re.Pattern[bytes]
    longest: int
    enough: int
    stands: int
    a_second: int

    def next(self, data: bytes, at: int) -> tuple[int, int] | None:
        """Where, from `at` on, the next consistent frame begins and ends. Noise is passed over at the pace of a search."""

    def read(self, frame: bytes, is_first: bool) -> ShownNumbers | None:
        """What is shown when this frame is whole, None where it completes nothing; `is_first` after a break."""

    def unread(self) -> Mapping[str, str]:
        """What else the newest frames said, by its name on the wire."""


class PatternFrames:
    """Frames of which a pattern tells all that there is to check."""

    whole: re.Pattern[bytes]

    def next(self, data: bytes, at: int) -> tuple[int, int] | None:
        match = self.whole.search(data, at)
        return match.span() if match else None


class FormatTrack:
    """One format's view of a stream. Counts only what `enough` consecutive frames made sure of."""

    def __init__(self, layout: FrameFormat) -> None:
        self.layout = layout
        self.good = 0
        self.bad = 0
        self.noise_bytes = 0
        self.known_at: int | None = None
        self._giving = ChangesGiven(layout)
        self._tail = b""
        self._passed = 0
        self._run = 0
        self._unsure_bytes = 0
        self._of_bad = 0

    @property
    def held(self) -> int:
        return len(self._tail)

    def feed(self, data: bytes) -> list[Sample]:
        held, at, samples = self._tail + data, 0, list[Sample]()
        begun = self._begun(held, max(0, len(held) - self.layout.longest + 1))
        while at < len(held):
            if begun < at:
                begun = self._begun(held, at)
            found = self.layout.next(held, at)
            start, end = found if found and found[0] < begun else (begun, begun)
            if start > at:
                self._miss(start - at)
            at = end
            if start == end:
                break
            self._count(end - start, self._passed + end)
            samples += self._samples(held[start:end])
        self._tail, self._passed = held[at:], self._passed + at
        return samples

    def _begun(self, held: bytes, at: int) -> int:
        match = self.layout.begun.search(held, at)
        return match.start() if match else len(held)

    def _count(self, length: int, ends_at: int) -> None:
        self._run, self._of_bad = self._run + 1, 0
        if self._run < self.layout.enough:
            self._unsure_bytes += length
            return
        self.good += self._run if self._run == self.layout.enough else 1
        self._unsure_bytes = 0
        if self.known_at is None:
            self.known_at = ends_at

    def _miss(self, count: int) -> None:
        """So many bytes begin no frame. In step, a frame's length of them is one bad frame; what is more is noise."""
        if self._run >= self.layout.enough:
            self.bad, self._of_bad = self.bad + 1, self.layout.longest
        if self._run:
            self.noise_bytes += self._unsure_bytes
            self._run, self._unsure_bytes = 0, 0
            self._giving.forget()
        of_bad = min(count, self._of_bad)
        self._of_bad -= of_bad
        self.noise_bytes += count - of_bad

    def _samples(self, frame: bytes) -> list[Sample]:
        shown = self.layout.read(frame, self._run == 1)
        if shown is None or not self._giving.stands(shown) or self._run < self.layout.enough:
            return []
        return list(self._giving.due(shown, self.good + self.bad - 1))


class ChangesGiven:
    """Picks what is told of the many frames that show the same: a change at once, the unchanged once a second.

    A second is counted in frames, never by a clock.
    """

    def __init__(self, layout: FrameFormat) -> None:
        self._layout = layout
        self.forget()

    def forget(self) -> None:
        """After a break everything is new."""
        self._shown: ShownNumbers | None = None
        self._stood = 0
        self._given: dict[str, tuple[ShownNumbers, int]] = {}

    def stands(self, shown: ShownNumbers) -> bool:
        """Whether enough frames in a row showed this: where nothing is checked, one flipped bit makes no number."""
        self._stood = self._stood + 1 if shown == self._shown else 1
        self._shown = shown
        return self._stood >= self._layout.stands

    def due(self, shown: ShownNumbers, frame: int) -> Iterator[Sample]:
        for vital, number in shown.values:
            alone = ShownNumbers(((vital, number),), shown.quality, shown.measured_at)
            before = self._given.get(vital)
            if before is None or before[0] != alone or frame - before[1] >= self._layout.a_second:
                self._given[vital] = alone, frame
                yield _sample(vital, number, shown, frame)


def _sample(vital: str, number: int | None, shown: ShownNumbers, frame: int) -> Sample:
    unit = VITALS[vital].unit
    if number is None:
        missing = Quality.UNAVAILABLE if shown.quality is Quality.OK else shown.quality
        return Sample(frame, vital, None, unit, missing, "pleth", measured_at=shown.measured_at)
    if shown.quality in _HELD_VALUE:
        return Sample(frame, vital, None, unit, shown.quality, "pleth", original=f"{number} {unit}")
    quality = shown.quality
    if quality is Quality.OK and not plausible(vital, Decimal(number)):
        quality = Quality.IMPLAUSIBLE
    return Sample(frame, vital, Decimal(number), unit, quality, "pleth", measured_at=shown.measured_at)


class Oximeter:
    """Decoder of one connection. Its formats run side by side; the first to be sure of its frames is taken for good."""

    hint: Text | None = None

    def __init__(self, *layouts: FrameFormat) -> None:
        self.limit = sum(layout.longest for layout in layouts)
        self.unmapped = UnmappedValues()
        self.good = self.bad = self.noise_bytes = self.held = 0
        self._tracks = [FormatTrack(layout) for layout in layouts]

    def feed(self, data: bytes) -> list[Sample]:
        heard = [(track, track.feed(data)) for track in self._tracks]
        known = [(track.known_at, n) for n, (track, _) in enumerate(heard) if track.known_at is not None]
        samples = self._taken(*heard[min(known)[1]]) if known else []
        self.good = min(track.good for track in self._tracks)
        self.bad = min(track.bad for track in self._tracks)
        self.noise_bytes = min(track.noise_bytes for track in self._tracks)
        self.held = sum(track.held for track in self._tracks)
        return samples

    def _taken(self, track: FormatTrack, samples: list[Sample]) -> list[Sample]:
        self._tracks = [track]
        for name, value in track.layout.unread().items():
            self.unmapped.note(name, value)
        return samples
