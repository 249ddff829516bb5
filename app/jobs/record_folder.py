"""Makes the record of one infusion from its store, on whatever thread asks."""

from datetime import datetime
from pathlib import Path

from app import VERSION
from app.domain.infusion.facts import Ordered
from app.domain.log import Entry, Stream, stream_text
from app.domain.people.own_keys import founder
from app.domain.people.roles import Person
from app.domain.safety.acute_check import acute_results
from app.services.protocol_files import ProtocolFiles
from app.services.record.folder import write_all, write_sheet
from app.services.record.source import ChainHead, RecordSource
from app.services.words.words import Words
from db.log.canonical import utc_from_ms
from db.queries import StoreReader
from devices.models import MODELS

from .witnessing import signed_head


def source(store: Path, infusion_id: str, people: dict[str, Person], made_at: datetime, key: bytes | None = None) -> RecordSource:
    """All that a record is made from, read on a connection of its own. `key`: that of an encrypted store."""
    with StoreReader(store, key) as reader:
        entries = reader.entries(infusion_id)
        head, samples = reader.places(infusion_id)[entries[-1].event_id], reader.samples(infusion_id)
        return RecordSource(
            state=ProtocolFiles(reader.protocol_file).infusion(infusion_id, entries),
            entries=entries,
            people=people,
            samples=[(vital, utc_from_ms(t_ms), value if quality == "ok" else None) for vital, t_ms, value, quality, _ in samples],
            head=ChainHead(head.seq, head.hash),
            store_id=reader.info().store_id,
            version=VERSION,
            made_at=made_at,
            founder=founder(reader.account_entries()),
            monitors={protocol: model.label for protocol, model in MODELS.items()},
            addenda=_addenda(reader, infusion_id, entries),
            witness=signed_head(reader, made_at, head),
        )


def _addenda(reader: StoreReader, infusion_id: str, entries: list[Entry]) -> list[Entry]:
    """Of an infusion that another laptop answered for, nothing is known here."""
    order = entries[0].event
    assert isinstance(order, Ordered)
    return acute_results(reader.entries(stream_text(Stream("subject", order.subject))), infusion_id)


def write_record(made_from: RecordSource, language: str, folder: Path, sheet: str = "") -> dict[str, Path]:
    """The record's files in a folder of their own, or one sheet there. Raises the exports' errors, which carry a text."""
    folder.mkdir(parents=True, exist_ok=True)
    if sheet:
        return write_sheet(made_from, sheet, Words(language), folder)
    return write_all(made_from, Words(language), folder)
