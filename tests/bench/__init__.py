"""How fast, small and durable the program is: ratios to a floor measured in the same run."""

from .timing import RUNS, CannotRun, Found, Pair, in_turn, timed

__all__ = ["RUNS", "CannotRun", "Found", "Pair", "in_turn", "timed"]
