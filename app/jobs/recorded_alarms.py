"""What of a store the alarms are played again from: each infusion with its events, what was heard, and its protocol."""

from decimal import Decimal

import msgspec

from app.domain.infusion.facts import Ordered
from app.domain.log import Entry
from app.domain.protocol import Protocol
from app.domain.vitals.vital_signs import VITALS, Quality
from app.domain.watch.alarm_replay import SavedSample
from app.services.protocol_files import ProtocolFiles
from db.log.canonical import utc_from_ms
from db.queries import StoreReader


class RecordedInfusion(msgspec.Struct, frozen=True):
    infusion_id: str
    entries: list[Entry]
    samples: list[SavedSample]
    protocol: Protocol


def recorded(reader: StoreReader, infusion_id: str) -> RecordedInfusion | None:
    """None without the protocol that it was ordered by: its alarms are not known then."""
    entries = reader.entries(infusion_id)
    order = entries[0].event
    protocol = ProtocolFiles(reader.protocol_file).of(order) if isinstance(order, Ordered) else None
    if protocol is None:
        return None
    rows = reader.samples(infusion_id)
    heard = [
        SavedSample(code, utc_from_ms(t_ms), None if value is None else Decimal(str(value)), Quality(quality))
        for code, t_ms, value, quality, _ in rows
        if code in VITALS
    ]
    return RecordedInfusion(infusion_id, entries, heard, protocol)
