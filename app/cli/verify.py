"""`bedside verify`: is the record whole? Whatever was changed is named."""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from app import VERSION
from app.cli.options.command import Commands
from app.cli.options.share_shown import share_shown
from app.cli.options.which_store import add_store, refuse, which
from app.domain.errors import Refused
from app.domain.people.signed_heads import SignedHead
from app.domain.texts import Dated, Text, say

if TYPE_CHECKING:
    from db.proof.examined import Examined
    from db.proof.verified import Mark

WHOLE, BROKEN = 0, 1
NO_WITNESSES: Mapping[str, SignedHead] = MappingProxyType({})
_HASH = re.compile(r"[0-9a-f]{12,64}")


def add(commands: Commands) -> None:
    parser = commands.add_parser("verify", help="check that a record is whole: every event, and the last one")
    add_store(parser)
    parser.add_argument("--head", metavar="HASH", help="a printed hash, or its first 12 digits or more")
    parser.add_argument("--founder", metavar="FINGERPRINT", help="the printed fingerprint of the key the record was founded with")
    parser.add_argument(
        "--witness", type=Path, metavar="FILE", help="a signed head that was kept elsewhere: witness.json, record.json"
    )
    parser.add_argument("--new", action="store_true", help="only what came since the newest backup, and what it touches")
    parser.add_argument("--backups", type=Path, metavar="DIR", help="where the newest backup is, for --new (default: as set)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 whole, 1 broken, 2 not readable."""
    anchor = (arguments.head or "").replace(" ", "").lower()
    if anchor and not _HASH.fullmatch(anchor):
        return refuse(say("“{head}” is not a hash: 12 to 64 of the digits 0–9 and a–f.", head=arguments.head))
    from app.jobs.witnessing import believed_mark, read_witness

    try:
        store, key = which(arguments)
        witness = None if arguments.witness is None else read_witness(arguments.witness)
    except Refused as refusal:
        return refuse(refusal.text)
    witnesses = {} if witness is None else {arguments.witness.name: witness}
    since = believed_mark(store, key, arguments.backups, VERSION) if arguments.new else None
    return verify(store, anchor, key, arguments.founder or "", witnesses, since)


def verify(
    path: Path,
    anchor: str = "",
    key: bytes | None = None,
    founder: str = "",
    witnesses: Mapping[str, SignedHead] = NO_WITNESSES,
    mark: "Mark | Text | None" = None,
) -> int:
    """`founder`: as it was printed. `witnesses`: heads kept elsewhere, by the names of their files. `mark`: only what came since is
    read; a text: why there is none.

    Print what was found and return the exit code: 0 whole, 1 broken, 2 not readable."""
    from app.services.protocol_files import put_together, shipped
    from app.services.words.words import tr
    from db.examine import examine
    from db.proof.examined import Since
    from db.store_errors import GivenUp, StoreError

    believed = None if mark is None or isinstance(mark, Text) else mark
    since = None if believed is None else Since(believed.verified)
    try:
        with share_shown() as shown:
            found = examine(path, anchor, key, shown.goes_on, shipped(), put_together, witnesses, since, shown.told)
    except GivenUp:
        return refuse(say("The check was given up. Nothing was changed."))
    except StoreError as error:
        return refuse(error.text)
    if mark is not None and found.since is None:
        found.notes.append(_all_read(mark, anchor))
    wrong = [*found.faults, *found.differences, *found.unread]
    if founder and _letters(founder) != _letters(found.founder):
        wrong.append(say("The record was founded with the key {found}, not with {told}: it is another record, made anew.",
                         found=found.founder or "—", told=founder))  # fmt: skip
    for text in wrong:
        print(tr(text))
    for text in found.notes:
        print(tr(say("Note: {note}", note=text)))
    if believed is not None and found.since is not None and not wrong:
        print(tr(_since(found, believed)))
    else:
        print(tr(_verdict(len(wrong), found.events, found.head.hash, found.sealed)))
    if found.anchored:
        print(tr(say("The hash {hash} is in the chain.", hash=anchor)))
    for name, witness in witnesses.items() if not wrong else ():
        print(tr(_goes_on(name, witness, found.events)))
    return BROKEN if wrong else WHOLE


def _all_read(mark: "Mark | Text", anchor: str) -> Text:
    """Why `--new` read all of it."""
    if isinstance(mark, Text):
        why = mark
    elif anchor:
        why = say("A printed hash may be of any event.")
    else:
        why = say("The record does not go on from what was found whole when the newest backup was made.")
    return say("{why} So all of the record was read.", why=why)


def _since(found: "Examined", mark: "Mark") -> Text:
    return say("Whole since event {event}: {new} events more, head {head}. What is older was not read again; all of it was last "
               "read on {at}.", event=mark.verified.head.seq, new=found.events - mark.verified.head.seq, head=found.head.hash,
               at=Dated(mark.whole_at))  # fmt: skip


def _goes_on(file: str, witness: SignedHead, events: int) -> Text:
    from app.services.access.seals import fingerprint

    return say("The record goes on from what {file} has seen on {at}: event {event}, signed by the laptop {laptop}, {fingerprint}. "
               "Events since: {since}.", file=file, at=Dated(witness.at), event=witness.events, laptop=witness.laptop,
               fingerprint=fingerprint(witness.store_id, witness.public_key), since=events - witness.events)  # fmt: skip


def _letters(fingerprint: str) -> str:
    return "".join(fingerprint.split()).replace("-", "").upper()


def _verdict(faults: int, events: int, head: str, sealed: int) -> Text:
    if faults:
        return say("BROKEN. Faults: {faults}. Events read: {events}.", faults=faults, events=events)
    return say("Whole: {events} events, {sealed} sealed minutes of samples, head {head}.",
               events=events, sealed=sealed, head=head)  # fmt: skip
