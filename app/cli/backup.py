"""`bedside backup`: a proved copy of a record."""

import argparse
from pathlib import Path

from app import VERSION
from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.texts import say
from app.services import clock
from app.services.words.words import tr


def add(commands: Commands) -> None:
    parser = commands.add_parser("backup", help="copy a record into a folder of its own, and prove the copy")
    parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="where the copy's folder is made, such as a stick")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The program may be running on the record. Exit codes: 0 copied and proved, 2 refused, nothing left behind."""
    from app.jobs.witnessing import backed_up
    from db.store_errors import StoreError

    try:
        store, key = which(arguments)
        folder, made, differences = backed_up(store, key, arguments.to, clock.wall_utc(), VERSION, lambda _share: True)
    except (Refused, StoreError) as error:
        return refuse(error.text)
    except OSError as error:
        return refuse(say("{file} cannot be written: {why}.", file=str(arguments.to), why=error.strerror or str(error)))
    for text in differences:
        print(tr(say("Note: {note}", note=text)))
    print(tr(say("Backed up: {events} events, head {head}, in {folder}",
                 events=made.events, head=made.head.hash, folder=str(folder))))  # fmt: skip
    return 0
