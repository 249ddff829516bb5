"""What is handed to the writer, and what it hands back."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

import msgspec

from app.domain.infusion.state import Infusion
from app.domain.infusion.summary import summary
from app.domain.log import Entry
from app.domain.vitals.vital_signs import VITALS

from .canonical import utc_ms


class Stamp(msgspec.Struct, frozen=True):
    """The laptop's own clocks and name at the moment of writing. `steady_s`: seconds since that boot."""

    wall_utc: datetime
    utc_offset_min: int
    steady_s: Decimal | float
    boot_id: str
    laptop: str
    version: str


class Projection(msgspec.Struct, frozen=True):
    """The readable rows of one infusion, as the domain computed them.

    Field names equal the columns of `infusion`, `vital_check` and `observation_window` without their keys.
    The checks replace all earlier ones of this infusion; None leaves what is there.
    """

    infusion_id: str
    infusion: msgspec.Struct | None = None
    checks: tuple[msgspec.Struct, ...] | None = None
    observation: msgspec.Struct | None = None


def projection(state: Infusion) -> Projection:
    """The readable rows of an infusion as of its last event: they follow from its events alone."""
    rows = summary(state, state.newest_at or state.ordered_at)
    return Projection(rows.infusion.infusion_id, rows.infusion, rows.checks, rows.observation)


class Batch(msgspec.Struct, frozen=True):
    """Saved together or not at all. `files`: the protocol files that its events name, kept before them. `anew`: the readable rows
    of before go first.
    """

    entries: tuple[Entry, ...]
    projections: tuple[Projection, ...] = ()
    files: tuple[bytes, ...] = ()
    anew: bool = False


class Signer(Protocol):
    """A person's own key. `sign` may be called in the writer's thread."""

    @property
    def who(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...
    def sign(self, message: bytes, /) -> bytes: ...


SignWith = Callable[[Entry], tuple[Signer, ...]]
"""Who signs an event, of those whose keys are at hand."""


class Recorded(msgspec.Struct, frozen=True):
    """An event that is on the disk."""

    event_id: str
    seq: int
    hash: str


class SampleRow(NamedTuple):
    """One vital sign as it arrived. `t`: arrival on record time. `value` None: no number was sent."""

    infusion_id: str
    vital: str
    t: datetime
    value: float | Decimal | None
    quality: str
    source: str


SampleLine = tuple[str, str, int, float | None, str, str]
"""infusion_id, vital, t (ms since 1970 UTC, record time), value, quality, source."""


def sample_line(row: SampleRow) -> SampleLine:
    """A sample ready to be stored. Refuses what could not be (KeyError, TypeError, ValueError)."""
    infusion_id, vital, t, value, quality, source = row
    VITALS[vital]
    # The disk knows no -0.0: a seal must not name one.
    return infusion_id, vital, utc_ms(t), None if value is None else float(value) + 0.0, quality, source
