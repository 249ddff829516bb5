"""Wrong passwords typed before the store could be opened. A small file beside it, no secret and no name in it."""

from contextlib import suppress
from pathlib import Path

import msgspec

from db import surely


def beside(store: Path) -> Path:
    return store.with_name(store.name + ".tries")


def load(path: Path) -> dict[str, int]:
    """Wrong passwords by person; nothing where there is no file, or it is none."""
    try:
        return surely.read(path, dict[str, int])
    except (OSError, surely.NotWhole):
        return {}


def failed(path: Path, person_id: str) -> int:
    """One more for this person; how many there are now. A disk that takes nothing loses the count only."""
    tries = load(path)
    tries[person_id] = tries.get(person_id, 0) + 1
    with suppress(OSError):
        surely.put(path, msgspec.json.encode(tries))
    return tries[person_id]


def forget(path: Path) -> None:
    """They stand in the record now, which counts on."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
