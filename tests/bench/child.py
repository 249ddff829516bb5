"""Starts a program of `children/` and times it until it says that it is ready."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.services.clock import steady_s

from .running import end_group
from .timing import CannotRun

_HERE = Path(__file__).parent / "children"
_ROOT = Path(__file__).parents[2]
_OWN_GROUP = 0 if os.name == "posix" else None

Command = tuple[str, ...]
"""A file of `children/` without its ending, and its arguments."""


@contextmanager
def started(command: Command, data_home: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The program with its user's data in `data_home`, and with its modules compiled, as those of an installed one are.

    It is ended with this block, and with it the processes that it has started itself: they would work on, and hold its pipes open.
    """
    name, *arguments = command
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "XDG_DATA_HOME": str(data_home.resolve())}
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(_ROOT / "build" / "compiled")}
    environment |= {"QT_LOGGING_RULES": "default.warning=false"}  # what a window without a screen cannot do
    program = [sys.executable, str(_HERE / f"{name}.py"), *arguments]
    process = subprocess.Popen(program, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=_OWN_GROUP)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if os.name == "posix":
            end_group(process.pid)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def said(process: "subprocess.Popen[bytes]") -> bytes:
    """Its next line. Raises `CannotRun` where it ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise CannotRun(f"{Path(str(process.args[1])).stem} ended before it had said all")  # type: ignore[index]
    return line


def all_said(process: "subprocess.Popen[bytes]", timeout_s: float) -> list[str]:
    """Its lines up to its end; few enough to wait in a pipe for it."""
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired as late:
        raise CannotRun(f"{Path(str(process.args[1])).stem} did not end within {timeout_s:g} s") from late  # type: ignore[index]
    return said_so_far(process)


def said_so_far(process: "subprocess.Popen[bytes]") -> list[str]:
    """The lines that wait. Their end is not waited for: a process that it started may hold the pipe open for longer."""
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    return (process.stdout.read() or b"").decode().splitlines()


def until_ready_s(command: Command, data_home: Path) -> float:
    """Seconds from the start of the process to its first word."""
    began = steady_s()
    with started(command, data_home) as process:
        said(process)
        return steady_s() - began
