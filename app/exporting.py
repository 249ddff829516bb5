"""The export for a statistician, and the line about it that stays in the record."""

from importlib.metadata import version
from pathlib import Path

from app.parts import stamp
from app.services import clock
from app.services.code_words import OFFERED
from app.services.people import PRACTICE
from app.services.words import utc_iso
from db.export import export
from db.queries import Reader
from db.recorder import Recorder

EXPORTS = "exports"
_PRACTISING = {person.person_id: person.role for person, _pin in PRACTICE}


def export_logged(store: Path, to: Path, key: bytes | None = None) -> tuple[int, str]:
    """Write the export and note it under the setting `exports`; how many events, and the file's SHA-256.

    The record is held alone meanwhile, so what is exported is one moment of it. Without the note there is no file.
    Raises `Refused`, `StoreError`, `OSError`.
    """
    with Reader(store, key) as reader:
        practice, noted = reader.info().practice, reader.setting(EXPORTS, [])
    recorder = Recorder(store, stamp, practice=practice, key=key)
    made_at = clock.wall_utc()
    try:
        events, sha256 = export(store, to, made_at, version("bedside"), OFFERED, key, _PRACTISING if practice else {})
        note = {"at": utc_iso(made_at), "file": to.name, "events": events, "sha256": sha256}
        try:
            recorder.put_setting(EXPORTS, [*noted, note]).result()
        except BaseException:
            to.unlink()
            raise
    finally:
        recorder.close()
    return events, sha256
