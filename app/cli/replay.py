"""`bedside replay`: a recording of a monitor's bytes through the whole program, in practice mode."""

import argparse
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.monitor import Seen
from app.cli.options.command import Commands
from app.cli.options.which_store import add_recovery
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.access.store_key import key_near
from app.services.clock import ScaledClock, wall_utc
from app.services.words.words import tr
from devices.models import MODELS

if TYPE_CHECKING:
    from app.settings import Recording

SPEEDS = (1, 10, 60)


def add(commands: Commands) -> None:
    parser = commands.add_parser("replay", help="play a recording through the program, in practice mode")
    parser.add_argument("file", type=Path, help="a recording (.raw.gz, .raw.sealed), or plain bytes with --protocol")
    parser.add_argument("--protocol", choices=sorted(MODELS), help="what the bytes are; a recording says it itself")
    parser.add_argument("--speed", type=int, choices=SPEEDS, default=1, help="how fast time runs (1)")
    parser.add_argument("--text", action="store_true", help="print the samples instead of opening the window")
    add_recovery(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """In the window; without a display, or with --text, as lines. Exit codes: 0, 2 when it cannot be read."""
    try:
        protocol = arguments.protocol or _recorded(arguments.file, key_near(arguments.file, arguments.recovery_key))
    except (Refused, OSError) as error:
        print(tr(error.text) if isinstance(error, Refused) else error, file=sys.stderr)
        return 2
    from app.cli.open import has_display, open_window
    from app.settings import Recording

    recording = Recording(arguments.file, arguments.recovery_key)
    if has_display() and not arguments.text:
        return open_window(practice=True, speed=arguments.speed, monitor=protocol, replay=recording)
    return _print(recording, protocol, arguments.speed)


def _recorded(file: Path, key: bytes | None) -> str:
    from devices.recording import is_recording, read

    if not is_recording(file):
        raise Refused(say("Say with --protocol which monitor {file} was recorded from.", file=file.name))
    protocol = read(file, key)[0].protocol
    if protocol not in MODELS:
        raise Refused(say("{file} was recorded from {protocol}, which is not known here.", file=file.name, protocol=protocol))
    return protocol


def _print(recording: "Recording", protocol: str, speed: int) -> int:
    """At the recording's own times, decoded as it was: no line stands between that might lose a piece of it."""
    from devices.arrivals import Arrivals
    from devices.protocols import Decoder
    from devices.simulators.played_recording import replayed

    row, heard, clock = MODELS[protocol], Seen(), ScaledClock(speed)
    try:
        played = replayed(recording.file, protocol, row.settings.baud / 10, key=key_near(recording.file, recording.recovery_key))
    except (Refused, OSError) as error:
        print(tr(error.text) if isinstance(error, Refused) else error, file=sys.stderr)
        return 2

    def connected() -> tuple[Decoder, Arrivals]:
        return row.decoder(), Arrivals(recording.file.name, protocol, True, lambda: clock.speed)

    began, hint, (decoder, arrivals) = wall_utc(), None, connected()
    with suppress(KeyboardInterrupt):
        while not heard.ended.is_set() and (at_s := played.next_s()) is not None:
            clock.wait(heard.ended, at_s - clock.now_s())
            for data in played.due(at_s):
                if not data:  # the line broke here
                    decoder, arrivals = connected()
                elif samples := decoder.feed(data):
                    heard.readings(arrivals.stamped(samples, began + timedelta(seconds=at_s), False))
                if decoder.hint is not None and decoder.hint != hint:
                    hint = decoder.hint
                    print(tr(hint), file=sys.stderr)
    return 0
