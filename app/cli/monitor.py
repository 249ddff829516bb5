"""`bedside monitor`: the live samples of one port, until stopped."""

import argparse
import sys
import threading
from contextlib import suppress

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.domain.texts import say
from app.domain.vitals.vital_signs import Reading
from app.services.clock import RecordClock, ScaledClock
from app.services.words.words import tr
from devices.device_rows import as_set
from devices.link import LinkStatus
from devices.models import MODELS
from devices.settings_words import line_words


def add(commands: Commands) -> None:
    parser = commands.add_parser("monitor", help="print a monitor's live samples")
    parser.add_argument(
        "--port", required=True, metavar="URL", help="a port, socket://host:port, rfc2217://…, listen://:port?from=ADDRESS"
    )
    parser.add_argument("--protocol", required=True, choices=sorted(MODELS))
    parser.add_argument("--line", metavar="LINE", help="how the line is set: 19200,8,N,1 or 19200,8,E,1,rtscts")
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end after so long")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 samples came, 2 none came in the time given, the reader failed or the line cannot be set so."""
    from devices.reader import PortReader
    from devices.settings_words import settings_of

    try:
        line = settings_of(arguments.line) if arguments.line else None
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    seen = Seen()
    reader = PortReader(
        as_set(MODELS[arguments.protocol], line, is_looked_for=line is None),
        arguments.port,
        simulated=False,
        now=RecordClock(ScaledClock()).now,
        on_heard=seen.heard,
    )
    reader.start()
    with suppress(KeyboardInterrupt):
        seen.ended.wait(arguments.seconds)
    reader.stop()
    return 0 if seen.count else 2


class Seen:
    """Prints on the reader's thread: samples to stdout, the link's state to stderr."""

    def __init__(self) -> None:
        self.count = 0
        self.ended = threading.Event()
        self._last = ""

    def heard(self, told: LinkStatus | None, readings: list[Reading]) -> None:
        if told is not None:
            self.link(told)
        if readings:
            self.readings(readings)

    def readings(self, readings: list[Reading]) -> None:
        self.count += len(readings)
        try:
            print("\n".join(map(_line, readings)), flush=True)
        except BrokenPipeError:
            self.ended.set()

    def link(self, status: LinkStatus) -> None:
        found = f" {line_words(status.line)}" if status.line and status.is_line_found else ""
        hint = status.knock or status.hint
        line = f"{status.port}: {status.state}{found}" + (f". {tr(hint)}" if hint else "")
        if line != self._last:
            print(line, file=sys.stderr, flush=True)
        self._last = line
        if status.is_dead:
            self.ended.set()


def _line(reading: Reading) -> str:
    sample = reading.sample
    value = tr(say("none")) if sample.value is None else f"{sample.value} {sample.unit}"
    at = reading.received_at.astimezone()
    return f"{at:%H:%M:%S}  {sample.vital:<9} {value:<12} {sample.quality:<12} {sample.source}"
