"""Starts a program of `children/` and times it until it says that it is ready."""

import os
import subprocess
import sys
from pathlib import Path

from app.services.clock import steady_s

_HERE = Path(__file__).parent / "children"
_ROOT = Path(__file__).parents[2]

Command = tuple[str, ...]
"""A file of `children/` without its ending, and its arguments."""


def started(command: Command, data_home: Path) -> "subprocess.Popen[bytes]":
    """The program with its user's data in `data_home`, and with its modules compiled, as those of an installed one are."""
    name, *arguments = command
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "XDG_DATA_HOME": str(data_home.resolve())}
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(_ROOT / "build" / "compiled")}
    environment |= {"QT_LOGGING_RULES": "default.warning=false"}  # what a window without a screen cannot do
    program = [sys.executable, str(_HERE / f"{name}.py"), *arguments]
    return subprocess.Popen(program, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def until_ready_s(command: Command, data_home: Path) -> float:
    """Seconds from the start of the process to its first word."""
    began = steady_s()
    with started(command, data_home) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        took_s = steady_s() - began
        process.kill()
    assert first, command
    return took_s
