"""Wrong passwords typed before the store could be opened. They stand in its key file, without which no password opens anything:
whoever deletes it has no tries more, but none.
"""

from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from app.domain.errors import Refused

from . import keyfile


def beside(store: Path) -> Path:
    return keyfile.beside(store)


def load(path: Path) -> dict[str, int]:
    """Wrong passwords by person; nothing where there is no key file, or it is none."""
    try:
        return dict(keyfile.load(path).tries)
    except (OSError, Refused):
        return {}


def failed(path: Path, person_id: str) -> int:
    """One more for this person; how many there are now. A disk that takes nothing loses the count only."""
    tries = load(path)
    tries[person_id] = tries.get(person_id, 0) + 1
    _put(path, tries)
    return tries[person_id]


def forget(path: Path) -> None:
    """They stand in the record now, which counts on."""
    if load(path):
        _put(path, {})


def _put(path: Path, tries: dict[str, int]) -> None:
    with suppress(OSError, Refused):
        keyfile.save(path, replace(keyfile.load(path), tries=tries))
