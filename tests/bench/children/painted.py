"""The program up to its first painted frame, by the way that `bedside` takes."""

import os
import sys

from app.cli import main
from app.main import _Program


def painted(_program: _Program) -> None:
    os.write(1, b"ready\n")
    os._exit(0)


setattr(_Program, "open", painted)  # noqa: B010
sys.exit(main(["open"]))
