"""What the Records and Audit trail pages list, read from the open store."""

from app.domain.texts import Text, say
from app.program.open_record import Parts
from app.services.words.trail import Trail
from ui.records.page import RecordRow


def record_rows(parts: Parts) -> list[RecordRow]:
    """The store's infusions as the Records page lists them."""
    return [
        RecordRow(
            row.infusion_id, row.subject, row.grp, row.dose_number, row.bed, row.started_at,
            _given(row.given_least_ml, row.given_most_ml), row.phase,
        )
        for row in parts.store.infusions()
    ]  # fmt: skip


def trail_of(parts: Parts) -> Trail:
    """The store's log as the Audit trail page reads it."""
    people = parts.people
    return Trail(parts.store, parts.bedside.read, lambda: {key: person.name for key, person in people.by_id.items()})


def _given(least: object, most: object) -> Text | None:
    if least is None:
        return None
    return say("{n} ml", n=least if least == most else f"{least}–{most}")
