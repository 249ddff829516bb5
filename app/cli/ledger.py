"""`bedside ledger`: what came of every lot and bag, computed from the events of a record."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import msgspec

from app.cli.options.command import Commands
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.products.accountability import Accountability, LotAccount
from app.domain.texts import Text, say

if TYPE_CHECKING:
    from app.domain.infusion.state import Infusion

_TENTH = Decimal("0.1")
_HEADINGS: tuple[Text, ...] = (
    say("Lot"), say("Received"), say("ml"), say("Released"), say("ml"), say("Drawn off, ml"), say("Infused, ml"),
    say("Left over, ml"), say("Destroyed, ml"), say("Sent, ml"), say("Returned, ml"), say("Balance, ml"),
)  # fmt: skip


def add(commands: Commands) -> None:
    parser = commands.add_parser("ledger", help="account for every bag by lot: received, released, infused, left, destroyed")
    parser.add_argument("--csv", action="store_true", help="as CSV, with both ends of what is an interval")
    add_store(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Bags entered in two infusions, and infusions whose protocol file is not at hand, are named on stderr.

    Exit codes: 0, 2 refused.
    """
    from db.store_errors import StoreError

    try:
        found, unread = _accounts(*which(arguments))
    except (Refused, StoreError) as error:
        return refuse(error.text)
    if arguments.csv:
        _print_csv(found.lots)
    else:
        _print_table(found.lots)
    _name_repeated(found)
    _name_unread(unread)
    return 0


def _accounts(store: Path, key: bytes | None) -> tuple[Accountability, dict[str, Text]]:
    """And why nothing can be computed of an infusion, by its id. One infusion at a time is put together."""
    from app.domain.infusion.facts import Ordered
    from app.domain.infusion.state import no_file
    from app.domain.products.accountability import accounts
    from app.services import clock
    from app.services.protocol_files import ProtocolFiles
    from db.queries import StoreReader

    unread: dict[str, Text] = {}
    with StoreReader(store, key) as reader:
        files, last, now = ProtocolFiles(reader.protocol_file), reader.last_event(), clock.wall_utc()

        def infusions() -> "Iterator[Infusion]":
            for name, entries in reader.each_infusion():
                if not isinstance(entries[0].event, Ordered):
                    continue
                state = files.infusion(name, entries)
                if state.known_protocol is None:
                    unread[name] = no_file(state.order)
                else:
                    yield state

        return accounts(infusions(), max(now, last.at) if last else now), unread


def _print_csv(lots: Sequence[LotAccount]) -> None:
    from app.services.record.data.csv_files import csv_bytes

    rows = [msgspec.structs.astuple(lot) for lot in lots]
    sys.stdout.write(csv_bytes(LotAccount.__struct_fields__, rows).decode("utf-8-sig").replace("\r\n", "\n"))


def _print_table(lots: Sequence[LotAccount]) -> None:
    from app.services.words.words import tr

    rows = [[tr(heading) for heading in _HEADINGS], *(_row(lot) for lot in lots)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(_padded(cell, width, n == 0) for n, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip())


def _row(lot: LotAccount) -> list[str]:
    left = _ml(lot.left_over_ml) + (" + ?" if lot.unread else "")
    return [
        lot.lot, str(lot.received), _ml(lot.received_ml), str(lot.released), _ml(lot.released_ml), _ml(lot.drawn_off_ml),
        _span(lot.infused_least_ml, lot.infused_most_ml), left, _ml(lot.destroyed_ml),
        _ml(lot.sent_ml), _ml(lot.returned_ml), _span(lot.balance_least_ml, lot.balance_most_ml),
    ]  # fmt: skip


def _ml(volume: Decimal) -> str:
    return f"{volume.quantize(_TENTH):f}"


def _span(least: Decimal, most: Decimal) -> str:
    return _ml(least) if _ml(least) == _ml(most) else f"{_ml(least)}–{_ml(most)}"


def _width(cell: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell)


def _padded(cell: str, width: int, is_left: bool) -> str:
    space = " " * (width - _width(cell))
    return cell + space if is_left else space + cell


def _name_unread(unread: Mapping[str, Text]) -> None:
    from app.services.words.words import tr

    for infusion_id, why in unread.items():
        print(f"{infusion_id}: {tr(why)}", file=sys.stderr)


def _name_repeated(found: Accountability) -> None:
    from app.services.words.words import tr

    for bag in found.repeated:
        print(tr(say("Bag {bag} was entered for more than one infusion: {subjects}.",
                     bag=bag.bag_id, subjects=", ".join(bag.subjects))), file=sys.stderr)  # fmt: skip
