"""Where this person's record lies on this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

_PREFERENCES = "preferences.json"
_MOST_BYTES = 1 << 20
_LONGEST_WARD = 40
#: Logical pixels from the corner of the first screen; no desktop is larger.
_FARTHEST = 1 << 20


def data_dir() -> Path:
    """The per-user folder of the record and what lies beside it. It may not exist yet."""
    return platformdirs.user_data_path("bedside", appauthor=False)


def store_path() -> Path:
    return where_it_lies(data_dir() / "bedside.db")


def where_it_lies(store: Path) -> Path:
    """A record is known by its own place, not by that of a link to it: there lie its log, its keys and its head."""
    return Path(os.path.realpath(store))


class WindowPlace(NamedTuple):
    """Logical pixels; `whole`: it took the whole screen."""

    left: int
    top: int
    wide: int
    high: int
    whole: bool = False


class Preferences(NamedTuple):
    """How this person's window looks. `ward` is the name in the top bar."""

    language: str | None = None
    theme: str = "light"
    ward: str = ""
    place: WindowPlace | None = None


def load_preferences() -> Preferences:
    """What was chosen last; the default for each that cannot be read, or is nothing that can be chosen.

    Read before the first frame: by what is there already, so that nothing is loaded for it.
    """
    found = _kept()
    language, theme = found.get("language"), found.get("theme")
    return Preferences(
        language if language in ("en", "zh_CN") else None,
        theme if theme in ("light", "dark") else "light",
        _text(found.get("ward"))[:_LONGEST_WARD],
        _place(found.get("place")),
    )


def _kept() -> dict[str, Any]:
    try:
        with (data_dir() / _PREFERENCES).open("rb") as file:
            import json

            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(found: Any) -> str:
    """Half a character is none, and cannot be kept again."""
    return found if isinstance(found, str) and found == found.encode(errors="ignore").decode() else ""


def _place(found: Any) -> WindowPlace | None:
    """Of what is kept; a number is one, and true is none."""
    if not isinstance(found, dict):
        return None
    numbers = [found.get(name) for name in ("left", "top", "wide", "high")]
    left, top, wide, high = (n if type(n) is int and abs(n) < _FARTHEST else None for n in numbers)
    whole = found.get("whole", False)
    if left is None or top is None or wide is None or high is None or not isinstance(whole, bool):
        return None
    return WindowPlace(left, top, wide, high, whole)


def save_preferences(preferences: Preferences) -> None:
    """Kept beside the store. A disk that cannot take it loses only a choice of colour and language."""
    import msgspec

    from db import surely

    with suppress(OSError):
        data_dir().mkdir(parents=True, exist_ok=True)
        kept = {**preferences._asdict(), "place": preferences.place and preferences.place._asdict()}
        surely.put(data_dir() / _PREFERENCES, msgspec.json.encode(kept))


class Recording(NamedTuple):
    """A monitor's bytes to be played again; `recovery_key`: the file that opens those of an encrypted store."""

    file: Path
    recovery_key: Path | None = None

    def words(self) -> list[str]:
        """As the command line takes it."""
        key = ["--recovery-key", str(self.recovery_key)] if self.recovery_key else []
        return ["--replay", str(self.file), *key]


class Options(NamedTuple):
    """How the program is opened. `monitor` names the protocol of the simulated monitor in practice.

    `replay`: a recording that is played at the bed in its place. `protocol`: a file to practise by in place of the program's own.
    `trial_seed`: of a made-up trial to begin practice with.
    """

    practice: bool = False
    speed: int = 1
    monitor: str = "datex-s5"
    store: Path | None = None
    replay: Recording | None = None
    protocol: Path | None = None
    trial_seed: int | None = None


@contextmanager
def store_of(options: Options) -> Iterator[Path]:
    """The store to open: in practice one that is thrown away at the end."""
    if not options.practice:
        yield options.store or store_path()
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="bedside-practice-", ignore_cleanup_errors=True) as scratch:
        yield Path(scratch) / "practice.db"
