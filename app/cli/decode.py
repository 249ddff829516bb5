"""`bedside decode`: what a capture of a monitor's bytes says, one JSON object a sample."""

import argparse
import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.cli.command import Commands
from app.domain.texts import Text, say
from app.services.words import tr
from devices.decoders import Decoder
from devices.models import MODELS

_CHUNK = 65536


def add(commands: Commands) -> None:
    parser = commands.add_parser("decode", help="decode a file of a monitor's bytes")
    parser.add_argument("protocol", choices=sorted(MODELS))
    parser.add_argument("file", help="the captured bytes; - is stdin")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Samples to stdout in wire order, the count of frames to stderr. Exit codes: 0, 2 when unreadable."""
    decoder = MODELS[arguments.protocol].decoder()
    try:
        if arguments.file == "-":
            _print(sys.stdin.buffer, decoder)
        else:
            with Path(arguments.file).open("rb") as file:
                _print(file, decoder)
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        reason = error.strerror or str(error)
        print(tr(say("{file} cannot be read: {reason}.", file=arguments.file, reason=reason)), file=sys.stderr)
        return 2
    print(tr(_summary(decoder)), file=sys.stderr)
    return 0


def _print(file: BinaryIO, decoder: Decoder) -> None:
    encoder = msgspec.json.Encoder(decimal_format="number")
    while data := file.read(_CHUNK):
        sys.stdout.write("".join(encoder.encode(sample).decode() + "\n" for sample in decoder.feed(data)))


def _nobody_reads() -> int:
    """Whoever took the lines has enough of them; what is still buffered goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _summary(decoder: Decoder) -> Text:
    return say(
        "{good} good and {bad} bad frames, {noise} bytes of noise.",
        good=decoder.good,
        bad=decoder.bad,
        noise=decoder.noise_bytes + decoder.held,
    )
