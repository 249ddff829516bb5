"""`python -m tests.fuzz [PROTOCOL…] [--inputs N]`: every decoder of MODELS, a table at the end. Exit codes: 0, 1 crashes."""

import argparse
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from app.services.clock import steady_s
from devices.models import MODELS

from .one import BLIND, GUIDED

INPUTS = 10**6
MOST_CRASHES = 10
FAILED = Path("build") / "fuzz"

_NO_ATHERIS = "atheris is not installed: inputs are changed at random, coverage does not lead. `pip install atheris` for more."


class Result(NamedTuple):
    """One decoder's row of the table."""

    protocol: str
    inputs: int
    seconds: float
    crashes: int
    longest_held: int


class Told(NamedTuple):
    """What one process says at its end; `failed`: the last input in hex, if it failed."""

    inputs: int
    held: int
    failed: str | None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    known = [*sorted(MODELS), []]  # none given is a choice too
    parser.add_argument("protocols", nargs="*", choices=known, metavar="PROTOCOL", help="all of them without one")
    parser.add_argument("--inputs", type=int, default=INPUTS, metavar="N", help=f"for each decoder ({INPUTS})")
    parser.add_argument("--blind", action="store_true", help="do without atheris")
    arguments = parser.parse_args()
    engine = BLIND if arguments.blind else _engine()
    rows = []
    for protocol in arguments.protocols or sorted(MODELS):
        rows.append(fuzz(protocol, arguments.inputs, engine))
        print(f"{_row(rows[-1])}  ({engine})", file=sys.stderr, flush=True)
    print(f"{'protocol':<12} {'inputs':>9} {'seconds':>8} {'crashes':>8} {'longest_held':>12}")
    print("\n".join(map(_row, rows)))
    return 1 if any(row.crashes for row in rows) else 0


def _engine() -> str:
    if find_spec("atheris"):
        return GUIDED
    print(_NO_ATHERIS, file=sys.stderr)
    return BLIND


def _row(row: Result) -> str:
    return f"{row.protocol:<12} {row.inputs:>9} {row.seconds:>8.0f} {row.crashes:>8} {row.longest_held:>12}"


def fuzz(protocol: str, inputs: int, engine: str) -> Result:
    """Begin again after each input that fails, with another seed, until all are done or ten have failed."""
    began, done, held, crashes = steady_s(), 0, 0, 0
    while done < inputs and crashes < MOST_CRASHES:
        told, errors = _one(protocol, inputs - done, crashes + 1, engine)
        done, held = done + told.inputs, max(held, told.held)
        if told.failed is not None:
            crashes += 1
            _keep(protocol, bytes.fromhex(told.failed), errors)
    return Result(protocol, done, steady_s() - began, crashes, held)


def _one(protocol: str, inputs: int, seed: int, engine: str) -> tuple[Told, str]:
    with TemporaryDirectory(prefix="bedside-fuzz-") as folder:
        words = [sys.executable, "-m", "tests.fuzz.one", protocol, str(inputs), str(seed), engine, folder]
        ran = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in ran.stdout.splitlines() if line.startswith('{"inputs"')]
    if not lines:
        raise SystemExit(f"{protocol}: the process ended ({ran.returncode}) and said nothing:\n{ran.stderr[-2000:]}")
    return Told(**json.loads(lines[-1])), ran.stderr


def _keep(protocol: str, data: bytes, errors: str) -> None:
    FAILED.mkdir(parents=True, exist_ok=True)
    file = FAILED / f"{protocol}-{crc32(data):08x}.bin"
    file.write_bytes(data)
    print(f"{protocol}: {file}\n{errors[errors.rfind('Traceback') :][:2000]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
