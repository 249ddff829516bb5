"""Each measure in a process of its own, which is ended with all that it started when its time is up."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from .judging import Goal
from .timing import CannotRun, Found

_ROOT = Path(__file__).parents[2]


class Run(NamedTuple):
    """One measurement with the lines that it gives, each with its goal. `only_by_name`: not with all the others.

    `stores`: how many infusions the records have that must be there before its time begins.
    """

    measure: Callable[[], dict[str, Found]]
    goals: dict[str, Goal]
    limit_s: float = 600.0
    stores: tuple[str, ...] = ()
    only_by_name: bool = False


class Answer(msgspec.Struct):
    """What a process of its own leaves: the repeats by name, or why there are none."""

    found: dict[str, Found] = {}
    why_not: str = ""


def is_meant(name: str, given: str) -> bool:
    return name == given or name.startswith(f"{given}_")


def chosen(runs: Sequence[Run], names: Sequence[str]) -> list[tuple[Run, dict[str, Goal]]]:
    """Those that names ask for, with the lines that are asked for; without a name all but those that only a name calls."""
    found = []
    for run in runs:
        meant = {name: goal for name, goal in run.goals.items() if any(is_meant(name, given) for given in names)}
        wanted = meant if names else {} if run.only_by_name else run.goals
        if wanted:
            found.append((run, wanted))
    return found


def apart(arguments: Sequence[str], limit_s: float) -> Answer:
    """The answer of `python ARGUMENTS… FILE`. What it says is passed on; of one that raises the last line is the reason."""
    with tempfile.TemporaryDirectory(prefix="bedside-bench-") as place, (Path(place) / "stderr").open("w+b") as told:
        out = Path(place) / "answer.json"
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(
            [sys.executable, *arguments, str(out)], stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return Answer(why_not=f"it did not end within {limit_s:g} s")
        finally:
            _end(process)
            told.seek(0)
            said = told.read().decode(errors="replace")
            sys.stderr.write(said)
        if out.exists():
            return msgspec.json.decode(out.read_bytes(), type=Answer)
        return Answer(why_not=next(reversed(said.strip().splitlines()), f"it ended with {process.returncode}"))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """With whatever it left running, in its group or in one of its own: all that it started is of its session."""
    process.kill()
    process.wait()
    if os.name == "posix":
        end_group(process.pid)
        for pid in (int(place.name) for place in Path("/proc").glob("[0-9]*")):
            with suppress(ProcessLookupError, PermissionError):
                if os.getsid(pid) == process.pid:
                    os.kill(pid, signal.SIGKILL)


def end_group(group: int) -> None:
    """Also where its first process has ended before the others."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def answer(measure: Callable[[], dict[str, Found]], out: Path) -> None:
    """In the process of its own: measure and leave the answer."""
    try:
        left = Answer(measure())
    except CannotRun as reason:
        left = Answer(why_not=str(reason))
    out.write_bytes(msgspec.json.encode(left))
