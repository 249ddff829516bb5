"""`bedside record`: the record of one infusion as files, or one printable sheet of it."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.people.roles import Person
from app.domain.texts import say
from app.services.record.sheets.sheet_names import SHEET_NAMES
from app.services.words.catalogue import LANGUAGES, system_language


def add(commands: Commands) -> None:
    parser = commands.add_parser("record", help="write the record of one infusion, or a printable sheet of it")
    parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="the folder that takes the files")
    parser.add_argument("--infusion", default="", metavar="ID", help="how its id begins, or its subject (where there is one)")
    parser.add_argument("--sheet", choices=SHEET_NAMES, help="this sheet on A4, and not the record")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the paper (that of the system)")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the files that were written. Exit codes: 0, 2 refused."""
    from app.services.record.files import NotWritten
    from db.store_errors import StoreError

    try:
        store, key = which(arguments)
        language = arguments.language or system_language()
        made = _made(store, key, arguments.infusion, language, arguments.to, arguments.sheet or "")
    except (Refused, StoreError, NotWritten) as error:
        return refuse(error.text)
    except OSError as error:
        return refuse(say("{file} cannot be written: {why}.", file=str(arguments.to), why=error.strerror or str(error)))
    for path in made.values():
        print(path)
    return 0


def _made(store: Path, key: bytes | None, named: str, language: str, folder: Path, sheet: str) -> dict[str, Path]:
    from app.jobs.record_clock import record_now
    from app.jobs.record_folder import source, write_record
    from db.queries import StoreReader

    with StoreReader(store, key) as reader:
        infusion_id = _chosen(reader.infusions(), named)
        people, now = _people(reader), record_now(reader)
    return write_record(source(store, infusion_id, people, now, key), language, folder, sheet)


def _people(reader: Any) -> dict[str, Person]:
    """Of a store for practice also those who practise."""
    from app.services.access.practice_people import PRACTICE

    practising = [person for person, _pin in PRACTICE] if reader.info().practice else []
    return {person.person_id: person for person in (*practising, *(known.person for known in reader.people()))}


def _chosen(rows: Sequence[Any], named: str) -> str:
    """The one infusion that is meant. Raises `Refused` naming those there are."""
    found = [row for row in rows if row.infusion_id.startswith(named) or row.subject == named]
    if len(found) == 1:
        return str(found[0].infusion_id)
    if not rows:
        raise Refused(say("This record holds no infusion."))
    known = ", ".join(f"{row.infusion_id[:12]} ({row.subject}, {row.dose_number})" for row in rows)
    if not found:
        raise Refused(say("There is no infusion “{named}”. Known, with subject and dose: {known}.", named=named, known=known))
    raise Refused(say("Say which infusion with --infusion ID. Known, with subject and dose: {known}.", known=known))
