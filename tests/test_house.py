"""The house keeps its own rules (docs/house.md, docs/adr/0009): rooms, names, sizes, and a map that is true."""

import importlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs" / "house.md"
CODE = sorted(path for top in ("app", "ui", "devices", "db") for path in (ROOT / top).rglob("*.py"))
#: What stands once in every family of pages or monitors.
EVERYWHERE = {"__init__", "page", "view", "decoder", "dialogue", "simulator", "row"}
CHAPTERS = {path.stem for path in (ROOT / "app" / "domain" / "infusion" / "chapters").glob("*.py")}
COMMANDS = (ROOT / "app" / "cli", ROOT / "app" / "cli" / "rules")
FILES_A_ROOM = 20
LONG_LINES = 300
LONG_FILES = 3


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def twice(named: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: where for name, where in sorted(named.items()) if len(where) > 1}


def test_no_class_has_the_name_of_another() -> None:
    named: dict[str, list[str]] = defaultdict(list)
    for path in CODE:
        for name in re.findall(r"^ *class (\w+)[(:]", path.read_text(encoding="utf-8"), re.MULTILINE):
            named[name].append(module(path))
    assert twice(named) == {}


def test_no_module_has_the_name_of_another() -> None:
    """A command's file has the command's name; a chapter stands once as rules and once as questions."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in CODE:
        is_chapter = path.stem in CHAPTERS and path.parent.name in ("chapters", "questions")
        if path.stem not in EVERYWHERE and path.parent not in COMMANDS and "versions" not in path.parts and not is_chapter:
            named[path.stem].append(module(path))
    assert twice(named) == {}


def test_a_room_can_be_overlooked() -> None:
    rooms: dict[str, int] = defaultdict(int)
    for path in CODE:
        if path.name != "__init__.py":
            rooms[str(path.parent.relative_to(ROOT))] += 1
    assert {room: files for room, files in rooms.items() if files > FILES_A_ROOM} == {}


def test_few_files_are_long() -> None:
    lines = {module(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert len([name for name, count in lines.items() if count > LONG_LINES]) <= LONG_FILES, lines


def test_only_the_start_lies_loose_in_app() -> None:
    assert {path.name for path in (ROOT / "app").glob("*.py")} == {"__init__.py", "__main__.py", "main.py", "settings.py"}


def named_in_the_map() -> list[str]:
    return re.findall(r"`([^`\n]+)`", MAP.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [n for n in named_in_the_map() if "/" in n or n.endswith((".py", ".toml", ".md"))])
def test_a_path_on_the_map_is_there(name: str) -> None:
    path, _, symbol = name.partition("::")
    assert (ROOT / path).exists()
    if symbol:
        found: object = importlib.import_module(module(ROOT / path))
        for part in symbol.split("."):
            found = getattr(found, part)


def test_every_room_is_on_the_map() -> None:
    rooms = {f"{path.parent.relative_to(ROOT).as_posix()}/" for path in CODE if path.name != "__init__.py"}
    families = {room for room in rooms if room.startswith("devices/protocols/") and room.count("/") > 2}
    assert rooms - families - set(named_in_the_map()) - {"db/migrations/versions/"} == set()
