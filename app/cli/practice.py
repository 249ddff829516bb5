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
#: Of the made-up trial where nobody names another.
SEED = 25


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
    parser.add_argument("--trial", action="store_true", help="begin with a made-up trial of 24 subjects over 18 months")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"of the made-up trial ({SEED})")
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
    if arguments.trial:
        print(tr(say("Simulated: a made-up trial, seed {seed}.", seed=arguments.seed)), flush=True)
    if has_display():
        seed = arguments.seed if arguments.trial else None
        return open_window(True, arguments.speed, arguments.monitor, protocol=arguments.protocol, trial_seed=seed)
    if arguments.trial:
        return _leave_a_trial(arguments.seed, arguments.out)
    from app.practice.headless import practise

    try:
        return practise(arguments.monitor, arguments.out, trial)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2


def _leave_a_trial(seed: int, out: Path) -> int:
    """Without a display: the made-up trial's record and its report in `out`. Exit codes: 0, 2 where they cannot be written."""
    from app.cli.options.which_store import refuse
    from app.jobs.trial_reports import write_report
    from app.practice.trial_store import made_up_store
    from app.services.record.files import NotWritten
    from db.store_errors import StoreError

    try:
        store, said = made_up_store(seed, out)
        print(tr(said), flush=True)
        made = [store, *write_report(store, out)]
    except (Refused, NotWritten, StoreError) as error:
        return refuse(error.text)
    for path in made:
        print(path)
    return 0
