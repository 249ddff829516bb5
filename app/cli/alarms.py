"""`bedside alarms`: a story, or a recorded store, through the ward's own alarm machine."""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.cli.command import Commands
from app.cli.inputs.which_store import add_recovery
from app.domain.errors import Refused
from app.domain.texts import say


def add(commands: Commands) -> None:
    parser = commands.add_parser("alarms", help="play a story of alarms, or what recorded infusions would have raised")
    parser.add_argument("story", nargs="?", type=Path, metavar="STORY.json", help="steps with values and what people did")
    parser.add_argument("--db", type=Path, metavar="FILE", help="a store: its samples and typed values, played again")
    parser.add_argument("--limits", type=Path, metavar="FILE", help='other limits, as JSON: {"spo2": {"low": 88}}')
    add_recovery(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """One JSON line a step of a story; one JSON object of a store. Exit codes: 0, 2 when it cannot be read or understood."""
    from app.services.words.words import tr
    from db.store_errors import StoreError

    try:
        if (arguments.story is None) is (arguments.db is None):
            raise Refused(say("Name a story, or a store with --db."))
        if arguments.story is not None:
            _tell_story(arguments.story)
        else:
            _tell_store(arguments.db, arguments.limits, arguments.recovery_key)
    except (Refused, StoreError) as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    return 0


def _tell_story(path: Path) -> None:
    from app.domain.watch.alarm_story import play, read_story
    from app.services.protocol_files import load

    for after in play(read_story(_read(path)), load().protocol):
        print(json.dumps(msgspec.to_builtins(after), ensure_ascii=False))


def _tell_store(path: Path, limits: Path | None, recovery: str | None) -> None:
    raise NotImplementedError


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_constant=str)
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=str(path), why=error.strerror or str(error))) from None
    except (ValueError, RecursionError) as error:
        raise Refused(say("{file} is not JSON: {why}.", file=path.name, why=str(error))) from None
