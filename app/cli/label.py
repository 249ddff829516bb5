"""`bedside label`: what a scanned label says, as JSON."""

import argparse
import sys

import msgspec

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.services.words.words import tr


def add(commands: Commands) -> None:
    parser = commands.add_parser("label", help="say what a scanned label means")
    parser.add_argument("text", metavar="TEXT", help="the label as the scanner gives it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 read (with its problems, if any), 2 refused."""
    from app.services.codes.labels import SITE_PATTERN, read_label
    from app.services.protocol_files import load

    try:
        label = read_label(arguments.text, load().protocol.labels.site_pattern or SITE_PATTERN)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    told = {"kind": label.kind, "fields": label.fields, "problems": [tr(problem) for problem in label.problems]}
    print(msgspec.json.encode(told).decode())
    return 0
