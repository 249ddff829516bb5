"""What is changed, and by which tests it must be noticed. The decoders' files are those whose branches pyproject.toml counts."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Room(NamedTuple):
    """`sources`: patterns of paths. `tests`: those of this room; which of them reach a function is measured."""

    sources: tuple[str, ...]
    tests: tuple[str, ...] = ("tests/domain",)


#: What can hurt somebody first.
ROOMS = {
    "products": Room(("app/domain/products/*.py",)),
    "infusion": Room(("app/domain/infusion/**/*.py",)),
    "watch": Room(("app/domain/vitals/*.py", "app/domain/watch/*.py")),
    "safety": Room(("app/domain/safety/*.py",)),
    "log": Room(("db/log/*.py",), ("tests/db",)),
    "lines": Room(("devices/protocols/**/*.py",), ("tests/devices/protocols",)),
    "trial": Room(("app/domain/trial/**/*.py",)),
    "people": Room(("app/domain/*.py", "app/domain/people/*.py", "app/domain/site/*.py")),
}
_NOT_COUNTED = ("row.py", "simulator.py", "simulated_*.py")


def files(room: Room) -> list[str]:
    """Below the root, with slashes."""
    found = {path for pattern in room.sources for path in ROOT.glob(pattern)}
    return sorted(p.relative_to(ROOT).as_posix() for p in found if not any(map(p.match, _NOT_COUNTED)))
