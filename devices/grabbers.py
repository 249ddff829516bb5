"""System services of Linux that take serial ports as they appear, and are in the way of a monitor."""

from pathlib import Path

_KNOWN = ("brltty", "ModemManager")


def grabbers(processes: Path = Path("/proc")) -> tuple[str, ...]:
    """Which of them run now; none where the system does not say."""
    names = {_name_of(process) for process in processes.glob("[0-9]*/comm")}
    return tuple(known for known in _KNOWN if known in names)


def _name_of(process: Path) -> str:
    try:
        return process.read_text("utf-8", "replace").strip()
    except OSError:  # it has ended meanwhile
        return ""
