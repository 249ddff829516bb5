"""`bedside decode`: what a capture of a monitor's bytes says, one JSON object a sample."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import Sample
from app.services.words.words import tr
from devices.device_rows import as_chosen
from devices.models import MODELS
from devices.protocols import Decoder
from devices.recording import SUFFIX, read

_CHUNK = 65536


def add(commands: Commands) -> None:
    parser = commands.add_parser("decode", help="decode a file of a monitor's bytes")
    parser.add_argument("protocol", choices=sorted(MODELS))
    parser.add_argument("--choice", action="append", default=[], metavar="KEY",
                        help="what a site has chosen for this monitor, such as empty-is-final of hl7")  # fmt: skip
    parser.add_argument("file", help="the captured bytes, plain or a recording (.raw.gz); - is stdin")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Samples to stdout in wire order, the count of frames to stderr. Exit codes: 0, 2 when unreadable."""
    try:
        heard = Heard(as_chosen(MODELS[arguments.protocol], arguments.choice).decoder)
        _print(_recorded(Path(arguments.file)) if arguments.file.endswith(SUFFIX) else _plain(arguments.file), heard)
    except BrokenPipeError:
        raise
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    except OSError as error:
        reason = error.strerror or str(error)
        print(tr(say("{file} cannot be read: {reason}.", file=arguments.file, reason=reason)), file=sys.stderr)
        return 2
    print(tr(heard.summary()), file=sys.stderr)
    return 0


class Heard:
    """A decoder for each connection, and the counts of all of them."""

    def __init__(self, decoder: Callable[[], Decoder]) -> None:
        self._new = decoder
        self._decoders = [decoder()]

    def feed(self, data: bytes) -> list[Sample]:
        """Nothing stands for the beginning of a connection."""
        if not data:
            self._decoders.append(self._new())
        return self._decoders[-1].feed(data)

    def summary(self) -> Text:
        return say(
            "{good} good and {bad} bad frames, {noise} bytes of noise.",
            good=sum(decoder.good for decoder in self._decoders),
            bad=sum(decoder.bad for decoder in self._decoders),
            noise=sum(decoder.noise_bytes + decoder.held for decoder in self._decoders),
        )


def _recorded(file: Path) -> Iterator[bytes]:
    """The bytes of a recording of this program."""
    yield from (chunk.data for chunk in read(file)[1])


def _plain(name: str) -> Iterator[bytes]:
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
        while data := file.read(_CHUNK):
            yield data


def _print(pieces: Iterator[bytes], heard: Heard) -> None:
    encoder = msgspec.json.Encoder(decimal_format="number")
    for data in pieces:
        sys.stdout.write("".join(encoder.encode(sample).decode() + "\n" for sample in heard.feed(data)))
