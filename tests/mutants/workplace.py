"""Where the library works on one room: a copy of everything in `build/mutants/ROOM`, its settings, and what it found."""

import configparser
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mutmut.configuration import reset_config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

from .changes import Change, changes
from .judging import BY_TYPES, KILLED, WORDS, Found
from .rooms import ROOT, Room

_LINKED = ("app", "db", "devices", "ui", "resources", "tests", "docs", "pyproject.toml")
#: A property test draws its cases anew each time: what only it notices is noticed by luck.
_WITHOUT = "not hypothesis and not long and not screens and not torture and not calls"
_PLUGINS = ("-p", "tests.mutants.order", "-p", "no:cacheprovider", "-p", "no:xdist")
#: What the library's own frame around the changes is told for, and what follows from another line's change.
_NOT_OF_THE_CHANGE = ("has-type", "no-any-return", "var-annotated", "misc", "untyped-decorator")
_TYPES = (sys.executable, "-m", "mypy", "--config-file", "setup.cfg", "--output", "json")
_NOTICED = (*KILLED, BY_TYPES)


class Made(NamedTuple):
    """A file's changes as it is now and its functions' hashes, by the library's full names."""

    changes: dict[str, Change]
    hashes: dict[str, str]


class Workplace:
    """`wanted`: the files of the room that are changed."""

    def __init__(self, name: str, room: Room, wanted: list[str]) -> None:
        self._room, self._wanted = room, wanted
        self._path = ROOT / "build" / "mutants" / name
        self._path.mkdir(parents=True, exist_ok=True)
        for linked in _LINKED:
            with contextlib.suppress(FileExistsError):
                (self._path / linked).symlink_to(ROOT / linked)
        with (self._path / "setup.cfg").open("w") as file:
            self._settings().write(file)

    def _settings(self) -> configparser.ConfigParser:
        told = configparser.ConfigParser()
        told["mutmut"] = {
            "source_paths": _lines(["app", "db", "devices"]),
            "only_mutate": _lines(self._wanted),
            "also_copy": _lines(["resources", "ui", "docs"]),
            "pytest_add_cli_args_test_selection": _lines(self._room.tests),
            "pytest_add_cli_args": _lines(["-m", _WITHOUT, *_PLUGINS]),
            "type_check_command": _lines([*_TYPES, *self._wanted]),
            "timeout_constant": "2",
            "track_dependencies": "false",
            "use_git_change_detection": "false",
        }
        told["mypy"] = {
            "strict": "true",
            "follow_untyped_imports": "true",
            "warn_unused_ignores": "false",
            "disable_error_code": ", ".join(_NOT_OF_THE_CHANGE),
            "cache_dir": str(ROOT / "build" / "mutants" / "types"),
        }
        return told

    def run(self) -> list[Found]:
        """Try what was not noticed before; what is known then of every change of these files."""
        made = {file: self._made(file) for file in self._wanted}
        tried = [name for file, of_file in made.items() for name in self._not_noticed(file, of_file)]
        if tried:
            self._forget_what_is_old()
            environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
            command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", "1", *tried]
            done = subprocess.run(command, cwd=self._path, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stdout.rpartition("\r")[2] + done.stderr)
        return [found for file, of_file in made.items() for found in self._found(file, of_file)]

    def _forget_what_is_old(self) -> None:
        """Files that were copied unchanged while others were wanted, and which test reaches what if tests or files are others."""
        copied = self._path / "mutants"
        anew = [file for file in self._wanted if not self._is_changed(copied / file, file)]
        for file in anew:
            (copied / file).unlink(missing_ok=True)
        measured, tests = copied / "mutmut-stats.json", (ROOT / "tests").rglob("*.py")
        if measured.exists() and (anew or any(test.stat().st_mtime > measured.stat().st_mtime for test in tests)):
            measured.unlink()
        shutil.rmtree(copied / "tests", ignore_errors=True)

    def _is_changed(self, copied: Path, file: str) -> bool:
        if not copied.with_name(f"{copied.name}.meta").exists():
            return False
        return not self._known(file).exit_code_by_key or "__mutmut_" in copied.read_text(encoding="utf-8")

    def _made(self, file: str) -> Made:
        with contextlib.chdir(self._path):
            reset_config()
            mutated = mutate_file_contents(file, (ROOT / file).read_text(encoding="utf-8"))
        path = Path(file)
        return Made(
            {get_mutant_name(path, name): change for name, change in changes(mutated.code).items()},
            {get_mutant_name(path, name): text for name, text in mutated.hash_by_function_name.items()},
        )

    def _not_noticed(self, file: str, made: Made) -> list[str]:
        """What was noticed before, in a function that is as it was then, needs no trial again."""
        known = self._known(file)
        then = {get_mutant_name(Path(file), name): text for name, text in known.hash_by_function_name.items()}
        noticed = {
            name
            for name, code in known.exit_code_by_key.items()
            if status_by_exit_code[code] in _NOTICED
            and then.get(function := mangled_name_from_mutant_name(name)) == made.hashes.get(function)
        }
        return [name for name, change in made.changes.items() if not change.words_only and name not in noticed]

    def _found(self, file: str, made: Made) -> list[Found]:
        codes = self._known(file).exit_code_by_key
        return [
            Found(file, change, WORDS if change.words_only else status_by_exit_code[codes.get(name)])
            for name, change in made.changes.items()
        ]

    def _known(self, file: str) -> SourceFileMutationData:
        with contextlib.chdir(self._path):
            known = SourceFileMutationData(path=file)
            known.load()
        return known


def _lines(values: Iterable[str]) -> str:
    return "\n" + "\n".join(values)
