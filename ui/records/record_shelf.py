"""What the Records page asks of the store. It runs on the reading thread and touches nothing of the window."""

from typing import Any, NamedTuple

from app.domain.infusion.facts import Ordered
from app.services.protocol_files import ProtocolFiles
from db.log.readable import order_of
from db.queries import StoreReader
from ui.records.view import RecordRow, given


class RecordShelf(NamedTuple):
    """The store's infusions. `subject`: only of those whose code holds this; empty: all."""

    subject: str = ""

    def rows(self, store: StoreReader, before: int | None, most: int) -> list[RecordRow]:
        files = ProtocolFiles(store.protocol_file)
        return [_row(row, files) for row in store.infusion_page(self.subject, before, most)]

    def count(self, store: StoreReader) -> int:
        return store.infusion_count(self.subject)


def _row(row: Any, files: ProtocolFiles) -> RecordRow:
    order = None if row.first is None else order_of(row.first)
    return RecordRow(
        row.infusion_id, row.subject, row.grp, row.dose_number, row.bed, row.started_at,
        given(row.given_least_ml, row.given_most_ml), row.phase,
        isinstance(order, Ordered) and files.of(order) is None, row.id,
    )  # fmt: skip
