"""Which protocol a command works by: the one that comes with the program, or a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.protocol_files import Trial


def add_protocol(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--protocol", type=Path, metavar="FILE", help="a protocol file in place of the program's own")


def chosen(arguments: argparse.Namespace) -> "Trial":
    """Raises `Refused` naming what is wrong with a file."""
    from app.services.protocol_files import DEFAULT, load

    return load(arguments.protocol or DEFAULT)
