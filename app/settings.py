"""Where this person's record lies on this machine."""

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from app.practice import Recording

_PREFERENCES = "preferences.json"


def data_dir() -> Path:
    """The per-user folder of the record and what lies beside it. It may not exist yet."""
    return platformdirs.user_data_path("bedside", appauthor=False)


def store_path() -> Path:
    return data_dir() / "bedside.db"


class Preferences(msgspec.Struct):
    """How this person's window looks. `ward` is the name in the top bar."""

    language: str | None = None
    theme: str = "light"
    ward: str = ""


def load_preferences() -> Preferences:
    """What was chosen last; the defaults where nothing can be read."""
    try:
        return msgspec.json.decode((data_dir() / _PREFERENCES).read_bytes(), type=Preferences)
    except (OSError, msgspec.DecodeError):
        return Preferences()


def save_preferences(preferences: Preferences) -> None:
    """Kept beside the store. A disk that cannot take it loses only a choice of colour and language."""
    with suppress(OSError):
        data_dir().mkdir(parents=True, exist_ok=True)
        (data_dir() / _PREFERENCES).write_bytes(msgspec.json.encode(preferences))


class Options(msgspec.Struct, frozen=True):
    """How the program is opened. `monitor` names the protocol of the simulated monitor in practice.

    `replay`: a recording that is played at the bed in its place.
    """

    practice: bool = False
    speed: int = 1
    monitor: str = "datex-s5"
    store: Path | None = None
    replay: Recording | None = None
