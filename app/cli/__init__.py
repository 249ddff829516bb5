"""The `bedside` command: one module a command group, each with `add(commands)`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from app.cli import (
    backup,
    decode,
    devices,
    dose,
    export,
    label,
    ledger,
    monitor,
    open,
    practice,
    rehearse,
    replay,
    simulate,
    verify,
)
from app.cli.command import Add, Run

GROUPS: tuple[Add, ...] = (
    open.add,
    practice.add,
    rehearse.add,
    dose.add,
    verify.add,
    backup.add,
    backup.add_restore,
    ledger.add,
    export.add,
    devices.add,
    label.add,
    decode.add,
    monitor.add,
    simulate.add,
    replay.add,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (none opens the program) and return its exit code; a usage error exits with 2."""
    arguments = _parser().parse_args(argv or sys.argv[1:] or ["open"])
    run: Run = arguments.run
    return run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bedside", description="One cell infusion, guided and recorded.")
    parser.add_argument("--version", action="version", version=f"bedside {version('bedside')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in GROUPS:
        add(commands)
    return parser
