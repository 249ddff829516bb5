"""The trial report of a record as files: the PDF in both languages, the tables as data, the pictures as SVG."""

import re
from collections.abc import Iterator
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
from app.domain.texts import say
from app.jobs.record_clock import record_now
from app.services.clock import wall_utc
from app.services.protocol_files import ProtocolFiles, load, load_rules
from app.services.record.files import written
from app.services.trial.gathered import site_time
from app.services.trial.icalendar import icalendar
from app.services.trial.sae_reports import sae_data_files, sae_pdfs
from app.services.trial.trial_desk import read_once
from app.services.trial.trial_report import ReportSource, labels_pdf, pictures, report_data, report_pdf
from app.services.trial.trial_tables import DeviationSeen
from app.services.trial.tube_labels import tubes
from app.services.words.catalogue import LANGUAGES
from app.services.words.words import Words
from db.queries import StoreReader

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
    """What the typesetter makes comes last: where it fails, the data lie there."""
    languages = [Words(name) for name in LANGUAGES]
    items = source.look.due
    labels = tubes(items, source.look.rules.visits.sample_tubes)
    data = {
        DATA: msgspec.json.format(msgspec.json.encode(report_data(source, languages[0])), indent=1) + b"\n",
        ICS: icalendar(items, source.made_at, languages[0].tr),
        **{f"{re.sub('[^a-z-]', '', n)}.svg": svg.encode() for n, svg in pictures(source.look, languages[0]).items()},
        **sae_data_files(source),
    }
    paths = [_put(out / name, content) for name, content in data.items()]
    paths.append(_put(out / PDF, report_pdf(source, languages)))
    if labels:
        paths.append(_put(out / LABELS, labels_pdf(source, labels, languages[0])))
    return [*paths, *(_put(out / name, content) for name, content in sae_pdfs(source, languages))]


def _put(path: Path, content: bytes) -> Path:
    written(path, content)
    return path
