"""`bedside restore`: a backup put back as a record."""

import argparse
from pathlib import Path

from app.cli.options.command import Commands
from app.cli.options.which_store import add_recovery, refuse
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.words.words import tr


def add(commands: Commands) -> None:
    parser = commands.add_parser("restore", help="put a backup back as a record, where none stands")
    parser.add_argument("--from", required=True, type=Path, metavar="BACKUP", dest="backup", help="the folder of a backup")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="the record to be made")
    add_recovery(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 put back, 2 refused, nothing touched."""
    from app.services.access.store_key import key_of
    from db.copies.store_backup import STORE, restore
    from db.store_errors import StoreError

    try:
        key = key_of(arguments.backup / STORE, arguments.recovery_key)
        made = restore(arguments.backup, arguments.to, key)
    except (Refused, StoreError) as error:
        return refuse(error.text)
    print(tr(say("Restored: {events} events, head {head}, as {file}. It is as it was at {at}.",
                 events=made.events, head=made.head.hash, file=str(arguments.to),
                 at=f"{made.made_at:%Y-%m-%d %H:%M}Z")))  # fmt: skip
    return 0
