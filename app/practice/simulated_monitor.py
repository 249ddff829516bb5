"""A simulated monitor as a process of its own, steered through its standard input."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import IO

from app.domain.errors import Refused
from app.domain.texts import say
from app.settings import Recording


class SimulatedMonitor:
    """Runs `bedside simulate`, or plays a recording with it. `url` is where it can be read.

    A recording is played over TCP, which holds what a fast clock sends at once: a terminal would lose some of it.
    `tell` gets what it says of itself, on another thread.
    """

    def __init__(
        self,
        protocol: str,
        seed: int,
        speed: float,
        tell: Callable[[str], None] = lambda _line: None,
        replay: Recording | None = None,
    ) -> None:
        where = ["--pty"] if os.name == "posix" and not replay else ["--tcp", "0"]
        arguments = ["simulate", protocol, *where, "--seed", str(seed), "--speed", str(speed), "--control"]
        arguments += replay.words() if replay else []
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "app", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        first = self._out.readline()
        if not first:
            self.close()
            raise Refused(say("The simulated monitor did not start."))
        self.url: str = json.loads(first)["url"]
        self._thread = Thread(target=self._listen, args=(tell,), name="simulator's words", daemon=True)
        self._thread.start()

    @property
    def _out(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _listen(self, tell: Callable[[str], None]) -> None:
        for line in self._out:
            tell(line.rstrip())

    @property
    def is_running(self) -> bool:
        """Until it is closed, or has played its recording to the end."""
        return self._process.poll() is None

    def set_speed(self, speed: float) -> None:
        self._say(f"speed {speed}")

    def fault(self, name: str) -> None:
        """Inject a fault now."""
        self._say(f"fault {name}")

    def mend(self) -> None:
        """Cable, sensors and patient are well again."""
        self._say("mend")

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # Windows calls a broken pipe an invalid argument
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        self._say("quit")
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if hasattr(self, "_thread"):
            self._thread.join(2)
        self._out.close()
