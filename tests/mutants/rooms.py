"""What is changed, and by which tests it must be noticed. The decoders' files are those whose branches pyproject.toml counts."""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Room(NamedTuple):
    """`sources`: patterns of paths. `tests`: those of this room; which of them reach a function is measured."""

    sources: tuple[str, ...]
    tests: tuple[str, ...] = ("tests/domain",)


_INFUSION = "app/domain/infusion"
_PROTOCOLS = "devices/protocols"
_LINES = ("tests/devices/protocols",)

#: What can hurt somebody first.
ROOMS = {
    "products": Room(("app/domain/products/*.py",)),
    "drip": Room((f"{_INFUSION}/given/*.py", f"{_INFUSION}/d*.py", f"{_INFUSION}/flows.py", f"{_INFUSION}/checks.py")),
    "found": Room((f"{_INFUSION}/found/*.py",)),
    "vitals": Room(("app/domain/vitals/*.py",)),
    "watch": Room(("app/domain/watch/*.py",)),
    "chapters": Room((f"{_INFUSION}/chapters/*.py",)),
    "infusion": Room((f"{_INFUSION}/[!cdf]*.py", f"{_INFUSION}/co*.py", f"{_INFUSION}/facts.py")),
    "safety": Room(("app/domain/safety/*.py",)),
    "log": Room(("db/log/*.py",), ("tests/db",)),
    "oximeters": Room(
        (f"{_PROTOCOLS}/*.py", *(f"{_PROTOCOLS}/{name}/*.py" for name in ("contec", "masimo", "nellcor", "nonin"))), _LINES
    ),
    "scales": Room(
        tuple(f"{_PROTOCOLS}/{name}/*.py" for name in ("drop_sensor", "mt_sics", "scanner", "medibus", "dinamap")), _LINES
    ),
    "monitors": Room(tuple(f"{_PROTOCOLS}/{name}/*.py" for name in ("datex_s5", "hl7", "intellivue")), _LINES),
    "trial": Room(("app/domain/trial/*.py",)),
    "subject": Room(("app/domain/trial/subject/*.py",)),
    "people": Room(("app/domain/*.py", "app/domain/people/*.py", "app/domain/site/*.py")),
}
_NOT_COUNTED = ("row.py", "simulator.py", "simulated_*.py")


def files(room: Room) -> list[str]:
    """Below the root, with slashes."""
    found = {path for pattern in room.sources for path in ROOT.glob(pattern)}
    return sorted(p.relative_to(ROOT).as_posix() for p in found if not any(map(p.match, _NOT_COUNTED)))
