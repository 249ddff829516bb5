"""The shape of a command: a module of this package with `add(commands)`; and by which protocol it works."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from app.services.protocol_files import Trial

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What `add` is given: `commands.add_parser("dose").set_defaults(run=run)`."""

Run: TypeAlias = Callable[[argparse.Namespace], int]
"""Carries the command out and returns the exit code; what is slow to import is imported here."""


def add_protocol(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--protocol", type=Path, metavar="FILE", help="a protocol file in place of the program's own")


def chosen(arguments: argparse.Namespace) -> "Trial":
    """Raises `Refused` naming what is wrong with a file."""
    from app.services.protocol_files import DEFAULT, load

    return load(arguments.protocol or DEFAULT)
