"""`bedside replay`: a recording of a monitor's bytes through the whole program, in practice mode."""

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from app.cli.command import Commands
from app.cli.monitor import Seen
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.clock import RecordClock, ScaledClock
from app.services.words import tr
from devices.models import MODELS

SPEEDS = (1, 10, 60)
_LOOK_S = 0.2


def add(commands: Commands) -> None:
    parser = commands.add_parser("replay", help="play a recording through the program, in practice mode")
    parser.add_argument("file", type=Path, help="a recording (.raw.gz), or plain bytes with --protocol")
    parser.add_argument("--protocol", choices=sorted(MODELS), help="what the bytes are; a recording says it itself")
    parser.add_argument("--speed", type=int, choices=SPEEDS, default=1, help="how fast time runs (1)")
    parser.add_argument("--text", action="store_true", help="print the samples instead of opening the window")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """In the window; without a display, or with --text, as lines. Exit codes: 0, 2 when it cannot be read."""
    try:
        protocol = arguments.protocol or _recorded(arguments.file)
    except (Refused, OSError) as error:
        print(tr(error.text) if isinstance(error, Refused) else error, file=sys.stderr)
        return 2
    from app.cli.open import has_display, open_window

    if has_display() and not arguments.text:
        return open_window(practice=True, speed=arguments.speed, monitor=protocol, replay=arguments.file)
    return _print(arguments.file, protocol, arguments.speed)


def _recorded(file: Path) -> str:
    from devices.recording import SUFFIX, read

    if not file.name.endswith(SUFFIX):
        raise Refused(say("Say with --protocol which monitor {file} was recorded from.", file=file.name))
    protocol = read(file)[0].protocol
    if protocol not in MODELS:
        raise Refused(say("{file} was recorded from {protocol}, which is not known here.", file=file.name, protocol=protocol))
    return protocol


def _print(file: Path, protocol: str, speed: int) -> int:
    from app.practice import SimulatedMonitor
    from devices.reader import Reader

    try:
        player = SimulatedMonitor(protocol, 1, speed, replay=file)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    heard, clock = Seen(), ScaledClock(speed)
    reader = Reader(
        MODELS[protocol], player.url, simulated=True, now=RecordClock(clock).now,
        on_readings=heard.readings, on_link=heard.link, speed=lambda: clock.speed,
    )  # fmt: skip
    reader.start()
    with suppress(KeyboardInterrupt):
        while player.is_running and not heard.ended.wait(_LOOK_S):
            pass
    reader.stop()
    player.close()
    return 0
