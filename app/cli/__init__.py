"""The `bedside` command: one module a command, each with `add(commands)` (see `command`)."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from app import VERSION
from app.cli.options.command import Run

#: In the order of the help. Imported where a command is named: `bedside` alone shows its window at once.
COMMANDS = (
    "open", "practice", "rehearse", "dose", "verify", "witness", "rebuild", "backup", "restore", "record", "card", "ledger",
    "export", "label", "devices", "decode", "monitor", "simulate", "replay", "rules.trial", "rules.news2", "rules.grade", "alarms",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command (none opens the program) and return its exit code; a usage error exits with 2."""
    _keep_to_ourselves()
    if argv is None:
        _from_our_own_code()
    words = argv or sys.argv[1:]
    if list(words) in ([], ["open"]):
        from app.cli import open

        return open.run()
    arguments = _parser().parse_args(words)
    run: Run = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    return code


def _keep_to_ourselves() -> None:
    """Files, and no copies of memory, for nobody else on this laptop; Windows keeps them in the person's folder."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _from_our_own_code() -> None:
    """Nothing is imported from the folder in which the program is started, such as a stick; neither here nor in a child."""
    os.environ["PYTHONSAFEPATH"] = "1"
    here, ours = os.getcwd(), os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if here != ours:
        sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]


def _nobody_reads() -> int:
    """Whoever took the lines has enough of them; what is still buffered goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bedside", description="One cell infusion, guided and recorded.")
    parser.add_argument("--version", action="version", version=f"bedside {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(f"app.cli.{name}").add(commands)
    return parser
