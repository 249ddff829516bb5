"""Whether an update may restart the system by itself: read on Windows and with apt, elsewhere a person is asked."""

import sys
from collections.abc import Sequence
from pathlib import Path

from app.domain.texts import say
from app.domain.watch.preflight import Looked

from .system_said import system_said

NOT_READ = Looked(None, say("Cannot be read"))
RESTART_WAITS = Looked(False, say("A restart is waiting"))
BY_NOBODY = Looked(True, say("No restart by itself"))
MAY_RESTART = Looked(False, say("May restart by itself"))
_WAITING = (Path("/run/reboot-required"), Path("/var/run/reboot-required"))
#: Infusion and observation, with the time around them.
_TAKES_H = 4


def read_updates(hour: int) -> Looked:
    """`hour`: of the day now, local."""
    if sys.platform == "win32":
        return _of_windows(hour)
    if any(path.exists() for path in _WAITING):
        return RESTART_WAITS
    return of_apt(system_said("apt-config", "dump", "Unattended-Upgrade::Automatic-Reboot"))


def of_apt(said: str | None) -> Looked:
    """`Unattended-Upgrade::Automatic-Reboot "true";`, or nothing where it is not set, which is no."""
    if said is None:
        return NOT_READ
    return MAY_RESTART if '"true"' in said.lower() or '"1"' in said else BY_NOBODY


def of_active_hours(active: Sequence[int] | None, hour: int) -> Looked:
    """Windows restarts only outside its active hours, [from, to); they may go over midnight."""
    if active is None:
        return NOT_READ
    begin, end = active
    span, since = (end - begin) % 24 or 24, (hour - begin) % 24
    if since + _TAKES_H <= span:
        return Looked(True, say("No restart before {hour}:00", hour=end))
    return Looked(False, say("May restart from {hour}:00 on", hour=end))


if sys.platform == "win32":
    import winreg

    _UPDATE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"
    _HOURS = r"SOFTWARE\Microsoft\WindowsUpdate\UX\Settings"

    def _of_windows(hour: int) -> Looked:
        try:
            winreg.CloseKey(winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _UPDATE))
        except OSError:
            return of_active_hours(_active_hours(), hour)
        return RESTART_WAITS

    def _active_hours() -> tuple[int, int] | None:
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _HOURS) as key:
                begin, end = (int(winreg.QueryValueEx(key, f"ActiveHours{name}")[0]) for name in ("Start", "End"))
        except (OSError, ValueError):
            return None
        return begin, end
