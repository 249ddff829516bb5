"""The export for a statistician, and the event about it that stays in the record."""

import uuid
from pathlib import Path

from app import VERSION
from app.domain.infusion.code_words import OFFERED
from app.domain.log import PEOPLE, Entry, stream_text
from app.domain.people.accounts import Exported
from app.domain.people.laptops import PersonMet
from app.domain.trial.subject.subject_facts import UNITS
from app.jobs.record_clock import record_now, stamp
from app.services import clock
from app.services.access.practice_people import PRACTICE
from app.services.protocol_files import ProtocolFiles
from db.copies.deidentified_copy import export
from db.log.batch import Batch
from db.queries import StoreReader
from db.recorder import Recorder

_PRACTISING = {person.person_id: person.role for person, _pin in PRACTICE}


def _codes(reader: StoreReader) -> set[str]:
    """What the protocols of the store's infusions offer by code: symptoms, steps, tests of a certificate."""
    files = ProtocolFiles(reader.protocol_file)
    known = [protocol for order in reader.orders().values() if (protocol := files.of(order)) is not None]
    words = {word.code for p in known for word in (*p.reaction.symptoms, *p.reaction.steps)}
    return words | {test for p in known for test in p.product.certificate_tests}


def export_logged(store: Path, to: Path, key: bytes | None = None) -> tuple[int, str]:
    """Write the export and the event `Exported`; how many events the file holds, and its SHA-256.

    The record is held alone meanwhile, so what is exported is one moment of it. Without the event there is no file.
    Raises `Refused`, `StoreError`, `OSError`.
    """
    with StoreReader(store, key) as reader:
        practice, at = reader.info().practice, record_now(reader)
        codes = OFFERED | UNITS | _codes(reader)
        met = {x.event.person_id: x.event.role for x in reader.account_entries() if isinstance(x.event, PersonMet)}
    recorder = Recorder(store, stamp, practice=practice, key=key)
    try:
        others = met | (_PRACTISING if practice else {})
        events, sha256 = export(store, to, clock.wall_utc(), VERSION, codes, key, others)
        exported = Entry(uuid.uuid4().hex, stream_text(PEOPLE), at, None, Exported(to.name, events, sha256))
        try:
            recorder.append(Batch((exported,))).result()
        except BaseException:
            to.unlink()
            raise
    finally:
        recorder.close()
    return events, sha256
