"""What the Records page lists."""

from datetime import datetime

import msgspec

from app.domain.texts import Text, say
from db.queries import StoreReader


class RecordRow(msgspec.Struct, frozen=True):
    """One infusion of the store; ml as text, None before the start or the end."""

    infusion_id: str
    subject: str
    group: str
    dose_number: int
    bed: str
    started_at: datetime | None
    given: Text | None
    phase: str


def record_rows(store: StoreReader) -> list[RecordRow]:
    """The store's infusions, the newest first."""
    return [
        RecordRow(
            row.infusion_id, row.subject, row.grp, row.dose_number, row.bed, row.started_at,
            _given(row.given_least_ml, row.given_most_ml), row.phase,
        )
        for row in store.infusions()
    ]  # fmt: skip


def _given(least: object, most: object) -> Text | None:
    if least is None:
        return None
    return say("{n} ml", n=least if least == most else f"{least}–{most}")
