"""The shape of a command: a module of this package with `add(commands)`."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What `add` is given: `commands.add_parser("dose").set_defaults(run=run)`."""

Run: TypeAlias = Callable[[argparse.Namespace], int]
"""Carries the command out and returns the exit code; what is slow to import is imported here."""
