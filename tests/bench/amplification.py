"""Bytes written to the disk for what is kept."""

from decimal import Decimal
from pathlib import Path

from app.domain.infusion.facts import Ordered
from app.domain.log import Entry
from app.domain.vitals.vital_signs import VITALS, Quality, Reading, Sample, stamped
from app.jobs.record_clock import stamp
from app.services.clock import RecordClock
from app.services.protocol_files import Trial
from app.services.ward.ward import Bedside
from db.log.batch import Batch
from db.recorder import BEAT_S, Recorder
from db.space import Space
from tests.domain.cast import TRIAL
from tests.fakes import HandClock, at_once

from .places import folder
from .replaying import running
from .timing import CannotRun, Found

_IO = Path("/proc/self/io")
_BEDS = 4
_SECONDS = 2 * 3600
_KEY = bytes(range(32))


def write_amplification() -> dict[str, Found]:
    """Bytes written for 4 monitors at 1 Hz, against the bytes of the store afterwards.

    Two hours are run instead of 24, with a commit each time the writer makes one by itself; nothing is left out of a second.
    Counted, not timed. The store is encrypted, as a ward's is.
    """
    if not _IO.exists():
        raise CannotRun("bytes written are counted in /proc/self/io, which this system does not have")
    with folder() as place:
        path = Path(place) / "ward.db"
        recorder = Recorder(path, stamp, practice=True, key=_KEY, space=Space(path, ballast_bytes=0, low_bytes=0))
        before, at_rest = _written(), path.stat().st_size
        _watch(recorder)
        recorder.close()
        written = _written() - before
        if not written:
            raise CannotRun("this folder lies on a file system in memory")
        return {"write_amplification": [(float(written), float(path.stat().st_size - at_rest))]}


def _watch(recorder: Recorder) -> None:
    """Each second a value of every vital sign at every bed, the seals of the minutes among them."""
    clock, record = HandClock(), running()
    bedside = Bedside(recorder, RecordClock(clock, record[-1].at), Trial(TRIAL, ""), at_once, clock.moment, practice=True)
    for bed in range(_BEDS):
        infusion_id, port = f"inf-{bed}", f"COM{bed}"
        entries = [_at_bed(entry, infusion_id) for entry in record]
        recorder.append(Batch(tuple(entries))).result()
        bedside.adopt(infusion_id, entries)
        bedside.connect(infusion_id, port)
    for second in range(_SECONDS):
        clock.move(seconds=1)
        for bed in range(_BEDS):
            bedside.take_readings(_readings(bedside, f"COM{bed}", second))
        bedside.tick()
        if (second + 1) % BEAT_S == 0:
            recorder.flush().result()


def _at_bed(entry: Entry, infusion_id: str) -> Entry:
    event = entry.event
    if isinstance(event, Ordered):
        event = Ordered(event.subject, infusion_id, *(getattr(event, f) for f in event.__struct_fields__[2:]))
    return Entry(f"{infusion_id}-{entry.event_id}", infusion_id, entry.at, entry.by, event, entry.co)


def _readings(bedside: Bedside, port: str, second: int) -> list[Reading]:
    now = bedside.now()
    values = {code: vital.plausible_low + 40 + second % 9 for code, vital in VITALS.items()}
    samples = [Sample(second, code, Decimal(value), "", Quality.OK, "ecg") for code, value in values.items()]
    return [stamped(sample, now, port, "datex-s5", True) for sample in samples]


def _written() -> int:
    lines = dict(line.split(": ") for line in _IO.read_text().splitlines())
    return int(lines["write_bytes"])
