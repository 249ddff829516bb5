"""`bedside rebuild`: the tables for people's tools made anew from the events."""

import argparse

from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.texts import say
from app.services.words.words import tr


def add(commands: Commands) -> None:
    parser = commands.add_parser("rebuild", help="make the readable tables beside the events anew")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The program may not be running on the record. Exit codes: 0 made and noted in the record, 1 some were left out, 2 refused."""
    from app.jobs.record_clock import record_now, stamp
    from app.jobs.rows_rebuilding import rebuild_rows
    from app.services.protocol_files import put_together
    from db.queries import StoreReader
    from db.recorder import Recorder
    from db.store_errors import StoreError

    try:
        path, key = which(arguments)
        with StoreReader(path, key) as store:
            recorder = Recorder(path, stamp, practice=store.info().practice, key=key)
            try:
                made = rebuild_rows(store, recorder, put_together(store.protocol_file), record_now(store))
            finally:
                recorder.close()
    except (Refused, StoreError) as error:
        return refuse(error.text)
    for text in made.left_out:
        print(tr(text))
    print(tr(say("Made anew: the rows of {infusions} infusions.", infusions=made.infusions)))
    return 1 if made.left_out else 0
