"""What a bed is like now is worked out in one place: only the watch, and what plays it again, asks what is due or alarms."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What the watch alone may import, by the module that defines it.
ASKED = {
    "app.domain.infusion.tasks": {"due"},
    "app.domain.infusion.found.urgency": {"standing"},
    "app.domain.watch.conditions": {"verdicts"},
}
WATCH = "app/services/ward/watch.py"


def asking(file: Path) -> Iterator[str]:
    """Names of `ASKED` that a file imports; a module imported whole counts as all of its names."""
    package, text = file.relative_to(ROOT).with_suffix("").parts, file.read_text(encoding="utf-8")
    if not any(module.rpartition(".")[2] in text for module in ASKED):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module or "")))
            for alias in node.names:
                yield from ASKED.get(module, set()) & {alias.name}
                yield from ASKED.get(f"{module}.{alias.name}", set())
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from ASKED.get(alias.name, set())


def test_only_the_watch_asks_what_is_due_and_what_alarms() -> None:
    files = (file for room in ("app", "ui", "devices", "db") for file in (ROOT / room).rglob("*.py"))
    asked = {file.relative_to(ROOT).as_posix(): {*asking(file)} for file in files}
    assert {name: names for name, names in asked.items() if names} == {
        "app/domain/infusion/found/urgency.py": {"due"},
        WATCH: {"standing"},
        "app/services/ward/bed_alarms.py": {"verdicts"},
        "app/domain/watch/played_bed.py": {"verdicts"},
        "app/domain/watch/alarm_replay.py": {"due"},
        "app/services/record/sheets/handover.py": {"due"},
    }
