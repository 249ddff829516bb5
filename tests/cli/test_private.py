"""What the program writes is for the person who runs it, from the first byte."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps it in the person's own folder")

PROGRAM = """
import os, resource, sys
from pathlib import Path
from app.cli import main
from tests.db.making import notes, save
os.umask(0)
main(["devices"])
save(Path(sys.argv[1]), notes(1, 3))
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
"""


def test_files_folders_and_memory_are_for_nobody_else(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / "new" / "ward.db")], check=True, capture_output=True,
                   env={**os.environ, "PYTHONPATH": os.getcwd()})  # fmt: skip
    there = [tmp_path / "new", *(tmp_path / "new").iterdir()]
    assert len(there) >= 3
    for path in there:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
