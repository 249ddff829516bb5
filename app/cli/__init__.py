"""The `bedside` command: one module a command group, each with `add(commands)`."""

import argparse
import sys
from collections.abc import Sequence

from app.cli.command import Add, Run


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (none opens the program) and return its exit code; a usage error exits with 2."""
    words = argv or sys.argv[1:]
    if list(words) in ([], ["open"]):
        from app.cli import open

        return open.run()
    arguments = _parser().parse_args(words)
    run: Run = arguments.run
    return run(arguments)


def _groups() -> tuple[Add, ...]:
    """Imported where a command is named: `bedside` alone shows its window at once."""
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
        trial,
        verify,
    )  # fmt: skip

    return (
        open.add, practice.add, rehearse.add, dose.add, verify.add, backup.add, backup.add_restore, ledger.add, export.add,
        label.add, devices.add, decode.add, monitor.add, simulate.add, replay.add, trial.add,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    from importlib.metadata import version

    parser = argparse.ArgumentParser(prog="bedside", description="One cell infusion, guided and recorded.")
    parser.add_argument("--version", action="version", version=f"bedside {version('bedside')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in _groups():
        add(commands)
    return parser
