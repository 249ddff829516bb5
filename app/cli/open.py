"""`bedside` alone: the program on the ward's own store."""

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options.command import Commands

if TYPE_CHECKING:
    from app.settings import Recording


def add(commands: Commands) -> None:
    parser = commands.add_parser("open", help="open the program on the ward's own store (the same as no command)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace | None = None) -> int:
    """Exit codes: 0, 2 without a display or when the store cannot be opened."""
    if not has_display():
        _say_no_display()
        return 2
    return open_window(practice=False)


def has_display() -> bool:
    """Whether a window can be shown: asked before Qt is imported, which aborts without one."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(
    practice: bool,
    speed: int = 1,
    monitor: str = "datex-s5",
    replay: "Recording | None" = None,
    protocol: Path | None = None,
    trial_seed: int | None = None,
) -> int:
    """Nothing is collected until the window stands: imports make much and leave no rubbish."""
    gc.disable()
    try:
        from app.main import run
        from app.settings import Options
    except ImportError as error:
        _say_what_it_needs(error)
        return 2
    return run(Options(practice, speed, monitor, replay=replay, protocol=protocol, trial_seed=trial_seed))


def _say_no_display() -> None:
    from app.domain.texts import say
    from app.services.words.words import tr

    no_display = say(
        "There is no display to open a window on. Start it on the desktop, or set DISPLAY. “bedside practice” runs without one."
    )
    print(tr(no_display), file=sys.stderr)


def _say_what_it_needs(error: ImportError) -> None:
    from app.domain.texts import say
    from app.services.words.words import tr

    needs = say(
        "The window cannot be opened: {why}. On Debian install what README names; make env prints the line.",
        why=str(error),
    )
    print(tr(needs), file=sys.stderr)
