"""A practice record with some running infusions."""

from pathlib import Path

from app.jobs.record_clock import stamp
from app.services.protocol_files import load
from db.log.batch import Batch
from db.recorder import Recorder

from .played import Name, again, running_infusion


def beds(path: Path, count: int) -> None:
    """So many running infusions, of practice, without samples of before."""
    recorder, played = Recorder(path, stamp, practice=True), running_infusion(24 * 3600)
    for number in range(count):
        entries, rows = again(played, Name(f"inf-{number}", f"S-{number:03}", str(number), 1))
        recorder.append(Batch(entries, (rows,), (load().data,))).result()
    recorder.close()
