"""What the Records page lists."""

from datetime import datetime

import msgspec

from app.domain.texts import Text, say
from app.services.protocol_files import ProtocolFiles
from db.queries import StoreReader


class RecordRow(msgspec.Struct, frozen=True):
    """One infusion of the store; ml as text, None before the start or the end.

    `as_recorded`: its protocol file is not at hand, so that nothing of it is computed any more.
    """

    infusion_id: str
    subject: str
    group: str
    dose_number: int
    bed: str
    started_at: datetime | None
    given: Text | None
    phase: str
    as_recorded: bool = False


def record_rows(store: StoreReader, files: ProtocolFiles) -> list[RecordRow]:
    """The store's infusions, the newest first."""
    orders = store.orders()
    return [
        RecordRow(
            row.infusion_id, row.subject, row.grp, row.dose_number, row.bed, row.started_at,
            _given(row.given_least_ml, row.given_most_ml), row.phase,
            row.infusion_id in orders and files.of(orders[row.infusion_id]) is None,
        )
        for row in store.infusions()
    ]  # fmt: skip


def _given(least: object, most: object) -> Text | None:
    if least is None:
        return None
    return say("{n} ml", n=least if least == most else f"{least}–{most}")
