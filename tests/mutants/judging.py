"""How many changes were noticed, and whether each that was not is known, with its reason, in `survivors.toml`."""

import tomllib
from collections import Counter
from pathlib import Path

import msgspec

from .changes import Change

LIST = Path(__file__).with_name("survivors.toml")
ENOUGH = 0.95
WORDS = "words"
BY_TYPES = "caught by type check"
#: A test that never ends has noticed, and so has one that crashes.
KILLED = ("killed", "timeout", "segfault")


class Found(msgspec.Struct, frozen=True):
    """One change and what became of it, in the library's word for it."""

    file: str
    change: Change
    status: str


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the list: what nobody notices, and why that is so."""

    file: str
    function: str
    was: str
    now: str
    why: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.file, self.function, self.was, self.now


def listed() -> list[Survivor]:
    return msgspec.convert(tomllib.loads(LIST.read_text(encoding="utf-8")).get("survivor", []), list[Survivor])


def key(found: Found) -> tuple[str, str, str, str]:
    return found.file, found.change.function, found.change.was, found.change.now


class Judgement:
    """`found`: all changes of the files looked at. What the type checker refuses and what are words alone count nowhere."""

    def __init__(self, found: list[Found], known: list[Survivor]) -> None:
        self._found = [one for one in found if one.status not in (BY_TYPES, WORDS)]
        self._left_out = Counter((one.file, one.status) for one in found)
        self._files = sorted({one.file for one in found})
        survived = {key(one): one for one in self._found if one.status not in KILLED}
        names = {one.key for one in known}
        self.unknown = [one for name, one in survived.items() if name not in names]
        self.gone = [one for one in known if one.file in self._files and one.key not in survived]

    @property
    def killed(self) -> int:
        return sum(one.status in KILLED for one in self._found)

    @property
    def total(self) -> int:
        return len(self._found)

    @property
    def holds(self) -> bool:
        return self.killed >= ENOUGH * self.total and not self.unknown

    def lines(self) -> list[str]:
        """`file killed/total`, and what was not counted; the sum; then what is on no list, and what is on it without need."""
        told = [self._line(file, [one for one in self._found if one.file == file]) for file in self._files]
        share = f"{self.killed / self.total:.1%}" if self.total else "nothing to count"
        told.append(f"{'total':<60} {self.killed}/{self.total}  {share}")
        told += [_told(f"{one.status}, not listed", *key(one)) for one in self.unknown]
        return told + [_told("listed, but noticed or gone", *one.key) for one in self.gone]

    def _line(self, file: str, found: list[Found]) -> str:
        killed = sum(one.status in KILLED for one in found)
        return f"{file:<60} {killed}/{len(found)}  types {self._left_out[file, BY_TYPES]}  words {self._left_out[file, WORDS]}"


def _told(what: str, file: str, function: str, was: str, now: str) -> str:
    return f"{what}: {file} {function}\n    - {was}\n    + {now}"
