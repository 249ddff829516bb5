"""`bedside witness`: the head of a record, signed by its laptop, for somebody else to keep."""

import argparse
from pathlib import Path

from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.texts import say


def add(commands: Commands) -> None:
    parser = commands.add_parser("witness", help="write the signed head of a record, to be kept elsewhere (verify --witness)")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="the file that is written")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The program may be running on the record. Exit codes: 0 written, 2 refused."""
    from app.jobs.record_clock import record_now
    from app.jobs.witnessing import signed_head, written
    from app.services.words.words import tr
    from db.queries import StoreReader
    from db.store_errors import StoreError

    file: Path = arguments.to
    try:
        store, key = which(arguments)
        with StoreReader(store, key) as reader:
            head = signed_head(reader, record_now(reader))
        if head is None:
            return refuse(say("The laptop has no key in this record yet. Open it once with the program."))
        written(file, head)
    except (Refused, StoreError) as error:
        return refuse(error.text)
    except OSError as error:
        return refuse(say("{file} cannot be written: {why}.", file=str(file), why=error.strerror or str(error)))
    print(tr(say("{file}: event {event}, head {head}, founded with the key {founder}",
                 file=str(file), event=head.events, head=head.sha256, founder=head.founder or "—")))  # fmt: skip
    return 0
