"""How fast, small and durable the program is: ratios to a floor measured in the same run."""

from .timing import RUNS, CannotRun, Pair, in_turn, pairs, timed

__all__ = ["RUNS", "CannotRun", "Pair", "in_turn", "pairs", "timed"]
