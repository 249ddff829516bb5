"""What is opened next is loaded on a thread of its own; what the first page does not need is not loaded before it."""

import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.frame.ahead import NEXT, Ahead

#: All that is loaded until a nurse sees the ward.
WARD = (
    "import sys, app.cli.open, app.main, ui.frame.shell, app.program.open_record, app.program.ward_monitors,"
    " app.program.window_program, app.jobs.record_maker, ui.frame.scans, ui.entrance.sign_in, ui.ward.page; print(*sys.modules)"
)
LATER = re.compile(
    r"multiprocessing|pyqtgraph|numpy|alembic|typst|biip|segno|miniaudio|psutil|PySide6\.QtPrintSupport"
    r"|app\.(practice|program\.entrance|services\.record)\b|app\.jobs\.(witnessing|record_folder|first_record)"
    r"|db\.(examine|proof|migrations)\b|devices\.(models|simulators|protocols\.(?!scanner|__)\w+\.decoder)"
    r"|ui\.(infusion|dispense|trial|records|trail|settings|devices|handover)\.page|ui\.questions\.reaction"
)


def test_the_ward_loads_nothing_that_only_other_pages_need() -> None:
    loaded = subprocess.run([sys.executable, "-c", WARD], check=True, capture_output=True, text=True).stdout.split()
    assert "ui.ward.page" in loaded
    assert [module for module in loaded if LATER.match(module)] == []


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names = ["bedside_first_ahead", "bedside_second_ahead"]
    for name in names:
        (tmp_path / f"{name}.py").write_text("import gc; COLLECTS = gc.isenabled()")
    monkeypatch.syspath_prepend(tmp_path)
    return names


def test_it_is_coming_until_it_is_there(qtbot: QtBot, modules: list[str]) -> None:
    ahead = Ahead([*modules, "sys"])
    assert [ahead.is_coming(name) for name in (*modules, "sys", "never asked for")] == [True, True, False, False]
    ahead.start()
    qtbot.waitUntil(lambda: not any(map(ahead.is_coming, modules)))
    ahead.close()
    assert [sys.modules.pop(name).COLLECTS for name in modules] == [False, False]
    assert gc.isenabled()
    assert ahead.is_over


def test_closed_before_its_time_it_loads_nothing(modules: list[str]) -> None:
    ahead = Ahead(modules)
    ahead.start()
    ahead.close()
    assert not set(modules) & set(sys.modules)
    assert not any(map(ahead.is_coming, modules))


def test_all_of_it_is_there_to_be_loaded() -> None:
    known = {path.with_suffix("").as_posix().replace("/", ".") for room in ("ui", "app/jobs") for path in Path(room).rglob("*.py")}
    assert set(NEXT) <= known
