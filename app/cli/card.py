"""`bedside card`: the nurse's card as PDF, one page of A4 in both languages."""

import argparse
from pathlib import Path

from app import VERSION
from app.cli.options.command import Commands, add_protocol, chosen
from app.cli.options.which_store import refuse
from app.domain.errors import Refused


def add(commands: Commands) -> None:
    parser = commands.add_parser("card", help="write the nurse's card (one page, both languages)")
    parser.add_argument("out", type=Path, metavar="OUT.pdf", help="the file that is written")
    add_protocol(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the file that was written. Exit codes: 0, 2 refused."""
    from app.services.clock import wall_utc
    from app.services.record.files import NotWritten, written
    from app.services.record.record_pdf import card_bytes

    try:
        written(arguments.out, card_bytes(chosen(arguments), VERSION, wall_utc()))
    except (Refused, NotWritten) as error:
        return refuse(error.text)
    print(arguments.out)
    return 0
