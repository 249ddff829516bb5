"""What the Devices page says of a port: who is on it, how it is, what it gives, its raw bytes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from app.domain.texts import Text, joined, say
from app.domain.vitals.vital_signs import UNITS, VITALS, Quality, Reading
from app.services.words.words import Words
from devices.device_rows import MonitorRow, PortRow
from devices.discovery import Port
from devices.link import LinkState, LinkStatus, PortSettings
from devices.models import MODELS
from devices.protocols.scanner.row import SCANNER
from devices.settings_words import line_words as line_short
from ui.kit.table import Column, TableLine

COLUMNS = (
    Column(say("Port"), 1.7, strong=True),
    Column(say("Adapter"), 1.2),
    Column(say("Monitor"), 2.0),
    Column(say("Bed"), 0.5),
    Column(say("State"), 0.8),
    Column(say("Last byte"), 0.8),
    Column(say("Last record"), 0.8),
    Column(say("Good"), 0.6, right=True),
    Column(say("Bad"), 0.6, right=True),
)
VALUES = (
    Column(say("Vital signs"), 1.2, strong=True),
    Column(say("Value"), 0.9),
    Column(say("Quality"), 0.9),
    Column(say("Source"), 0.7),
    Column(say("Age"), 0.6),
    Column(say("As sent"), 1.0),
)

STATES: dict[LinkState, Text] = {
    LinkState.ABSENT: say("not there"),
    LinkState.OPENING: say("opening"),
    LinkState.LISTENING: say("listening"),
    LinkState.NEGOTIATING: say("asking"),
    LinkState.LIVE: say("live"),
    LinkState.STALE: say("silent"),
    LinkState.LOST: say("lost"),
}

QUALITIES: dict[Quality, Text] = {
    Quality.OK: say("may be charted"),
    Quality.QUESTIONABLE: say("questionable"),
    Quality.INVALID: say("invalid"),
    Quality.UNAVAILABLE: say("not measured"),
    Quality.DEMO: say("demo value"),
    Quality.TEST: say("test value"),
    Quality.SEARCHING: say("searching"),
    Quality.SENSOR_OFF: say("sensor off"),
    Quality.MEASURING: say("measuring"),
    Quality.STALE: say("repeated"),
    Quality.IMPLAUSIBLE: say("not plausible"),
}

#: Where a value comes from, by the decoders' names; what is not among them stands as the monitor says it.
SOURCES: dict[str, Text] = {
    "ecg": say("ECG"),
    "pleth": say("oximeter"),
    "nibp": say("cuff"),
    "abp": say("arterial line"),
    "impedance": say("chest leads"),
    "co2": say("breath CO₂"),
    "airway": say("airway"),
    "ventilator": say("ventilator"),
    "skin": say("skin"),
    "core": say("core"),
    "blood": say("blood"),
    "oesophageal": say("oesophagus"),
    "rectal": say("rectum"),
    "tympanic": say("eardrum"),
    "axillary": say("armpit"),
    "probe": say("probe"),
    "spot": say("spot check"),
    "quick": say("quick reading"),
    "temp": say("probe"),
    "scale": say("scale"),
    "drops": say("drop sensor"),
    "entered": say("typed"),
    "unknown": say("not known"),
}

_PARITY = {"N": say("no parity"), "E": say("even parity"), "O": say("odd parity")}
_LINES, _WIDTH = 10, 16


class PortHeard(msgspec.Struct, frozen=True):
    """What a port has given so far: the newest reading of each vital sign, what is not read, the newest bytes."""

    newest: Mapping[str, Reading] = {}
    unmapped: Mapping[str, str] = {}
    tail: bytes = b""


def source_of(protocol: str) -> PortRow:
    """A monitor's or the scanner's row."""
    return SCANNER if protocol == SCANNER.protocol else MODELS[protocol]


def port_rows(
    links: Sequence[LinkStatus], ports: Sequence[Port], beds: Mapping[str, str], now: datetime, words: Words
) -> tuple[TableLine, ...]:
    """The ports that are read, then the others of this machine."""
    adapters = {port.name: port.says or port.usb for port in ports}
    read = [_read(status, adapters.get(status.port, ""), beds.get(status.port, ""), now, words) for status in links]
    taken = {status.port for status in links}
    free = [
        TableLine(p.name, (p.name, p.says or p.usb, say("not used"), "", "", "", "", "", "")) for p in ports if p.name not in taken
    ]
    return (*read, *free)


def _read(status: LinkStatus, adapter: str, bed: str, now: datetime, words: Words) -> TableLine:
    label: Text = source_of(status.protocol).label
    name = say("{label} · simulated", label=label) if status.simulated else label
    frame_s = None if status.last_frame_at is None else (now - status.last_frame_at).total_seconds()
    ages = ("—" if age_s is None else words.age(age_s) for age_s in (status.byte_age_s(now), frame_s))
    counts = (str(status.good), str(status.bad))
    return TableLine(status.port, (status.port, adapter, name, bed, STATES[status.state], *ages, *counts))


def verdict(status: LinkStatus, heard: PortHeard) -> Text:
    """How this monitor does, in plain words."""
    if status.knock is not None and status.state is not LinkState.LIVE:
        return status.knock
    if status.hint is not None:
        return status.hint
    if status.protocol == SCANNER.protocol and status.state in (LinkState.LISTENING, LinkState.LIVE):
        return say("Ready: {n} codes were read, {bad} damaged.", n=status.good, bad=status.bad)
    if status.state is not LinkState.LIVE:
        return say("Not live yet: {state}.", state=STATES[status.state])
    return _live_verdict(status, heard)


def _live_verdict(status: LinkStatus, heard: PortHeard) -> Text:
    if status.is_line_found and status.line is not None:
        line = line_short(status.line)
        return say("Live at {line}, though it is set otherwise here. Keep that under “Line and choices”.", line=line)
    if not any(reading.sample.quality is Quality.OK for reading in heard.newest.values()):
        return _nothing_good(heard)
    if status.bad > status.good // 20:
        return say(
            "Live, but {bad} of {n} records were damaged: check cable and adapter.", bad=status.bad, n=status.good + status.bad
        )
    return say("Live and well: {n} whole records, {bad} damaged.", n=status.good, bad=status.bad)


def _nothing_good(heard: PortHeard) -> Text:
    if "weight" in heard.newest:
        return say("Live, but no weight stands still on the scale now.")
    return say("Live, but no value may be charted now. Check the sensors.")


def choice_words(row: PortRow, chosen: Sequence[str]) -> Text | str:
    """What the site chose for a monitor, each with its reason."""
    choices = row.choices if isinstance(row, MonitorRow) else ()
    said = [say("{choice}: {why}", choice=choice.label, why=choice.why) for choice in choices if choice.key in chosen]
    return joined("\n", said)


def value_rows(heard: PortHeard, now: datetime, words: Words) -> tuple[TableLine, ...]:
    """The vital signs in the table's order, then what came and is not read."""
    known = [_value(code, heard.newest[code], now, words) for code in VITALS if code in heard.newest]
    known += [_value(code, reading, now, words) for code, reading in heard.newest.items() if code not in VITALS]
    unread = [TableLine(f"unread {name}", (name, value, say("not read"), "", "", "")) for name, value in heard.unmapped.items()]
    return (*known, *unread)


#: What a scale or a drop sensor measures, by its name on the wire.
_NO_VITALS: dict[str, Text] = {"weight": say("Weight"), "drops": say("Drops"), "drip_rate": say("Drip rate")}


def _value(code: str, reading: Reading, now: datetime, words: Words) -> TableLine:
    sample = reading.sample
    value: Text | str = "—" if sample.value is None else joined(" ", (f"{sample.value:f}", UNITS.get(sample.unit, sample.unit)))
    original = "" if sample.original is msgspec.UNSET else sample.original
    name = VITALS[code].name if code in VITALS else _NO_VITALS.get(code, code)
    source = SOURCES.get(sample.source, sample.source)
    return TableLine(code, (name, value, QUALITIES[sample.quality], source, words.age(reading.age_s(now)), original))


def hex_lines(tail: bytes) -> str:
    """The newest bytes, sixteen a line, as hex and as text."""
    start = max(0, len(tail) - _LINES * _WIDTH)
    start -= start % _WIDTH
    rows = (tail[at : at + _WIDTH] for at in range(start, len(tail), _WIDTH))
    return "\n".join(f"{row.hex(' '):<{3 * _WIDTH}}  {_as_text(row)}" for row in rows)


def _as_text(row: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)


def line_words(settings: PortSettings) -> Text:
    """“19200 8E1: 19200 baud, 8 data bits, even parity, 1 stop bit”."""
    return say(
        "{short}: {baud} baud, {bits} data bits, {parity}, stop bits: {stop}.",
        short=line_short(settings),
        baud=settings.baud,
        bits=settings.bits,
        parity=_PARITY[settings.parity],
        stop=settings.stop_bits,
    )
