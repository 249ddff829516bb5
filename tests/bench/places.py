"""Folders on the project's own disk: a file system in memory would make every commit free."""

import tempfile
from pathlib import Path


def folder() -> tempfile.TemporaryDirectory[str]:
    Path("build").mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="bench-", dir="build", ignore_cleanup_errors=True)
