"""`bedside export`: a plain, de-identified SQLite file for a statistician."""

import argparse
from pathlib import Path

from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.words.words import tr


def add(commands: Commands) -> None:
    parser = commands.add_parser("export", help="write a plain, de-identified SQLite file for a statistician")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="the file to be made")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The program may not be running on the record. Exit codes: 0 written and noted in the record, 2 refused."""
    from app.jobs.statistics_export import export_logged
    from db.store_errors import StoreError

    try:
        store, key = which(arguments)
        events, sha256 = export_logged(store, arguments.to, key)
    except (Refused, StoreError) as error:
        return refuse(error.text)
    except OSError as error:
        return refuse(say("{file} cannot be written: {why}.", file=str(arguments.to), why=error.strerror or str(error)))
    print(tr(say("Exported: {events} events, without names, as {file} (SHA-256 {sha256}).",
                 events=events, file=str(arguments.to), sha256=sha256)))  # fmt: skip
    return 0
