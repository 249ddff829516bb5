"""Where this person's record lies on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import platformdirs

from db import surely

_PREFERENCES = "preferences.json"
_LONGEST_WARD = 40
_CHOICES = {"language": (None, "en", "zh_CN"), "theme": ("light", "dark")}


def data_dir() -> Path:
    """The per-user folder of the record and what lies beside it. It may not exist yet."""
    return platformdirs.user_data_path("bedside", appauthor=False)


def store_path() -> Path:
    return data_dir() / "bedside.db"


class WindowPlace(msgspec.Struct, frozen=True):
    """Logical pixels; `whole`: it took the whole screen."""

    left: int
    top: int
    wide: int
    high: int
    whole: bool = False


class Preferences(msgspec.Struct):
    """How this person's window looks. `ward` is the name in the top bar."""

    language: str | None = None
    theme: str = "light"
    ward: str = ""
    place: WindowPlace | None = None


def load_preferences() -> Preferences:
    """What was chosen last; the default for each that cannot be read, or is nothing that can be chosen."""
    try:
        found = surely.read(data_dir() / _PREFERENCES, dict[str, Any])
    except (OSError, surely.NotWhole):
        return Preferences()
    chosen = Preferences()
    for name, value in found.items():
        with suppress(msgspec.ValidationError):
            if value not in _CHOICES.get(name, (value,)):
                continue
            chosen = msgspec.convert({**msgspec.to_builtins(chosen), name: value}, Preferences)
    return msgspec.structs.replace(chosen, ward=chosen.ward[:_LONGEST_WARD])


def save_preferences(preferences: Preferences) -> None:
    """Kept beside the store. A disk that cannot take it loses only a choice of colour and language."""
    with suppress(OSError):
        data_dir().mkdir(parents=True, exist_ok=True)
        surely.put(data_dir() / _PREFERENCES, msgspec.json.encode(preferences))


class Recording(NamedTuple):
    """A monitor's bytes to be played again; `recovery_key`: the file that opens those of an encrypted store."""

    file: Path
    recovery_key: Path | None = None

    def words(self) -> list[str]:
        """As the command line takes it."""
        key = ["--recovery-key", str(self.recovery_key)] if self.recovery_key else []
        return ["--replay", str(self.file), *key]


class Options(msgspec.Struct, frozen=True):
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
