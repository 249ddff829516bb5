"""What a command of the system answers."""

import subprocess

_LONGEST_S = 3.0
#: On Windows no console flashes up.
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def system_said(*command: str) -> str | None:
    """Its output; None where the command is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_LONGEST_S, check=False, creationflags=_HIDDEN
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
