"""`bedside decode`: what a capture of a monitor's bytes says, one JSON object a sample."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec

from app.cli.command import Commands
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services.words import tr
from devices.decoders import Decoder
from devices.models import MODELS
from devices.recording import SUFFIX, read

_CHUNK = 65536


def add(commands: Commands) -> None:
    parser = commands.add_parser("decode", help="decode a file of a monitor's bytes")
    parser.add_argument("protocol", choices=sorted(MODELS))
    parser.add_argument("file", help="the captured bytes, plain or a recording (.raw.gz); - is stdin")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Samples to stdout in wire order, the count of frames to stderr. Exit codes: 0, 2 when unreadable."""
    decoder = MODELS[arguments.protocol].decoder()
    try:
        _print(_recorded(Path(arguments.file)) if arguments.file.endswith(SUFFIX) else _plain(arguments.file), decoder)
    except BrokenPipeError:
        return _nobody_reads()
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    except OSError as error:
        reason = error.strerror or str(error)
        print(tr(say("{file} cannot be read: {reason}.", file=arguments.file, reason=reason)), file=sys.stderr)
        return 2
    print(tr(_summary(decoder)), file=sys.stderr)
    return 0


def _recorded(file: Path) -> Iterator[bytes]:
    """The bytes of a recording of this program."""
    yield from (chunk.data for chunk in read(file)[1])


def _plain(name: str) -> Iterator[bytes]:
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
        while data := file.read(_CHUNK):
            yield data


def _print(pieces: Iterator[bytes], decoder: Decoder) -> None:
    encoder = msgspec.json.Encoder(decimal_format="number")
    for data in pieces:
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
