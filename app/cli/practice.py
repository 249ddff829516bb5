"""`bedside practice`: the program with a simulated monitor and a throwaway store, always visibly marked."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from app.cli.options.command import Commands, add_protocol, chosen
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services.words.words import tr

SPEEDS = (1, 10, 60)


def unknown_monitor(monitor: str, known: Iterable[str]) -> Text:
    names = ", ".join(sorted(known))
    return say("“{monitor}” is not a monitor's protocol. Known: {known}.", monitor=monitor, known=names)


def add(commands: Commands) -> None:
    parser = commands.add_parser("practice", help="practise with a simulated monitor and a throwaway store")
    parser.add_argument("--speed", type=int, choices=SPEEDS, default=1, help="how fast time runs at first (1)")
    parser.add_argument("--monitor", default="datex-s5", metavar="P", help="the simulated monitor (datex-s5)")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("practice"),
        metavar="DIR",
        help="where a run without a display leaves its files",
    )
    add_protocol(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window; with no display run the same infusion headless. Exit codes: 0, 1 without its monitor, 2."""
    from devices.models import MODELS

    if arguments.monitor not in MODELS:
        print(tr(unknown_monitor(arguments.monitor, MODELS)), file=sys.stderr)
        return 2
    from app.cli.open import has_display, open_window

    try:
        trial = chosen(arguments)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    if has_display():
        return open_window(practice=True, speed=arguments.speed, monitor=arguments.monitor, protocol=arguments.protocol)
    from app.practice.headless import practise

    try:
        return practise(arguments.monitor, arguments.out, trial)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
