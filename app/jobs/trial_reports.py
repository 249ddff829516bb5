"""The trial report of a record as files: the PDF in both languages, the tables as data, the pictures as SVG."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

import msgspec

from app import VERSION
from app.domain.errors import Broken, Refused
from app.domain.infusion.deviations import deviations
from app.domain.infusion.facts import Ordered
from app.domain.log import TRIAL, stream_text
from app.domain.protocol import Protocol
from app.domain.site.in_force import in_force
from app.domain.texts import Text, say
from app.jobs.record_clock import record_now
from app.services.access.store_key import StoreFile
from app.services.clock import wall_utc
from app.services.protocol_files import ProtocolFiles, load, load_rules
from app.services.record.files import NotWritten, written
from app.services.trial.gathered import site_time
from app.services.trial.icalendar import icalendar
from app.services.trial.sae_reports import sae_files
from app.services.trial.trial_desk import read_once
from app.services.trial.trial_report import ReportSource, labels_pdf, pictures, report_data, report_pdf
from app.services.trial.trial_tables import DeviationSeen
from app.services.trial.tube_labels import tubes
from app.services.ward.ports import Post
from app.services.words.catalogue import LANGUAGES
from app.services.words.words import Words
from db.queries import StoreReader
from db.store_errors import StoreError

PDF, DATA, ICS, LABELS = "trial-report.pdf", "trial-report.json", "trial.ics", "tube-labels.pdf"


def report_source(reader: StoreReader, at: datetime) -> ReportSource:
    """Everything that a report needs of a record. Raises `Refused`."""
    files = ProtocolFiles(reader.protocol_file)
    protocol = _in_force(reader, files)
    look = read_once(reader, protocol, load_rules(protocol), at, site_time, files)
    head = reader.head()
    seen = tuple(_seen(reader, at, files))
    return ReportSource(look, seen, f"{head.seq} · {head.hash}", VERSION, at)


def _in_force(reader: StoreReader, files: ProtocolFiles) -> Protocol:
    """What the site orders by; the shipped file where a store never took one, or its file is not at hand."""
    found = in_force(reader.entries(stream_text(TRIAL)))
    known = None if found is None else files.protocol(found.protocol_sha256, found.settings)
    return known or load().protocol


def _seen(reader: StoreReader, at: datetime, files: ProtocolFiles) -> Iterator[DeviationSeen]:
    """Each infusion by the protocol that it was ordered by; without it nothing is judged."""
    for infusion_id, entries in reader.each_infusion():
        first = entries[0].event
        if not isinstance(first, Ordered):
            continue
        try:
            state = files.infusion(infusion_id, entries)
            found = [] if state.known_protocol is None else deviations(state, at)
        except Broken:
            continue
        for deviation in found:
            yield DeviationSeen(first.subject, site_time(deviation.at), deviation.text, deviation.text)


def write_report(store: Path, out: Path, key: bytes | None = None) -> list[Path]:
    """Write all files. Raises `Refused`, `StoreError`, `NotWritten`."""
    with StoreReader(store, key) as reader:
        source = report_source(reader, max(record_now(reader), wall_utc()))
    if not source.look.data.subjects:
        raise Refused(say("This record has no subject: there is nothing to report."))
    return write_files(source, out)


def write_files(source: ReportSource, out: Path) -> list[Path]:
    languages = [Words(name) for name in LANGUAGES]
    made = {PDF: report_pdf(source, languages)}
    data = report_data(source, languages[0])
    made[DATA] = msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"
    items = source.look.due
    made[ICS] = icalendar(items, source.made_at, languages[0].tr)
    labels = tubes(items, source.look.rules.visits.sample_tubes)
    if labels:
        made[LABELS] = labels_pdf(source, labels, languages[0])
    for name, svg in pictures(source.look, languages[0]).items():
        made[f"{re.sub('[^a-z-]', '', name)}.svg"] = svg.encode()
    made |= sae_files(source, languages)
    for name, content in made.items():
        written(out / name, content)
    return [out / name for name in made]


class ReportMaker:
    """Makes the files of the report beside the store, off the deciding thread; it reads the store on a connection of its own."""

    def __init__(self, file: StoreFile, executor: Executor, post: Post) -> None:
        self._file, self._executor, self._post = file, executor, post

    def make(self, done: Callable[[Path | Text], None]) -> None:
        """`done` on the deciding thread: the folder, or why there are no files."""
        folder = self._file.path.parent / "trial"
        future = self._executor.submit(self._made, folder)
        future.add_done_callback(lambda found: self._post(lambda: done(found.result())))

    def _made(self, folder: Path) -> Path | Text:
        try:
            write_report(self._file.path, folder, self._file.key)
        except (Refused, StoreError, NotWritten) as error:
            return error.text
        return folder
