"""Options of every command that opens a store: which one, and the recovery key of an encrypted one."""

import argparse
import sys
from pathlib import Path

from app.domain.texts import Text

REFUSED = 2


def add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", type=Path, metavar="FILE", help="the record (default: the ward's own)")
    add_recovery(parser)


def add_recovery(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recovery-key", type=Path, metavar="FILE", help="file with the recovery key of an encrypted record")


def which(arguments: argparse.Namespace) -> tuple[Path, bytes | None]:
    """The store and its key, None for a plain one. Raises `Refused`."""
    from app.services.access.store_key import key_of
    from app.settings import store_path, where_it_lies

    store = where_it_lies(arguments.db) if arguments.db else store_path()
    return store, key_of(store, arguments.recovery_key)


def refuse(text: Text) -> int:
    """Say on stderr why nothing was done; the exit code."""
    from app.services.words.words import tr

    print(tr(text), file=sys.stderr)
    return REFUSED
