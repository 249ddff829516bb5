"""When the system goes to sleep by itself on mains: read on Windows and under GNOME, elsewhere a person is asked."""

import os
import re
import sys

from app.domain.texts import say
from app.domain.watch.preflight import Looked

from .system_said import system_said

NOT_READ = Looked(None, say("Cannot be read"))
_HEX = re.compile(r"\b0x([0-9a-fA-F]{8})\b")
_GNOME = "org.gnome.settings-daemon.plugins.power"


def read_sleep() -> Looked:
    if sys.platform == "win32":
        return of_powercfg(system_said("powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"))
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", ""):
        return NOT_READ
    kind, after = (system_said("gsettings", "get", _GNOME, f"sleep-inactive-ac-{name}") for name in ("type", "timeout"))
    return of_gnome(kind, after)


def of_powercfg(said: str | None) -> Looked:
    """The last two numbers of its answer, in whatever language, are the seconds on mains and on battery."""
    found = _HEX.findall(said or "")
    return after_s(int(found[-2], 16)) if len(found) >= 2 else NOT_READ


def of_gnome(kind: str | None, after: str | None) -> Looked:
    """What it does, in quotes, and after how many seconds."""
    if kind is None or after is None or not after.strip().isdigit():
        return NOT_READ
    return after_s(0 if kind.strip().strip("'") == "nothing" else int(after))


def after_s(seconds: int) -> Looked:
    """0: never."""
    if seconds == 0:
        return Looked(True, say("Does not go to sleep"))
    return Looked(False, say("Goes to sleep after {n} min", n=max(1, seconds // 60)))
