"""A module that lies in the folder where the program is started, such as a stick, is never run: not by it nor by a child."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.practice.simulated_monitor import SimulatedMonitor

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "tests" / "captures" / "datex_s5_simulator.raw"
#: What a command starts as, with the current folder on its path; and a child of its own, as the typesetter is one.
STARTED = """
import sys
sys.path.append("")
from app.cli import main
if __name__ == "__main__":
    main()
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        process.submit(len, "").result()
"""
PLANTED = ("hl7", "msgspec", "serial", "multiprocessing", "concurrent", "app", "devices", "typst")


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a module of each name that says when it is run."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path)!r} + '/{name}.ran', 'w').close()\nraise SystemExit(9)\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    monkeypatch.chdir(folder)
    return folder


def ran(stick: Path) -> list[str]:
    return [path.name for path in stick.parent.glob("*.ran")]


def test_a_command_and_its_child_take_no_code_from_the_current_folder(stick: Path) -> None:
    program = stick.parent / "bedside"
    program.write_text(STARTED)
    done = subprocess.run([sys.executable, str(program), "decode", "hl7", str(CAPTURE)], capture_output=True, check=False)
    assert ran(stick) == []
    assert done.returncode == 0, done.stderr


def test_a_simulated_monitor_takes_none(stick: Path) -> None:
    SimulatedMonitor("hl7", seed=1, speed=1.0).close()
    assert ran(stick) == []


def test_a_planted_module_would_run(stick: Path) -> None:
    """Or the two above prove nothing."""
    subprocess.run([sys.executable, "-c", "import hl7"], capture_output=True, check=False)
    assert ran(stick) == ["hl7.ran"]
