"""Whoever reads a command's lines may stop before the end, as `head` does: that is no fault."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("words", [["dose", "--weight", "70"], ["trial", "criteria"], ["devices"]])
def test_nothing_is_said_of_lines_that_nobody_reads(words: list[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as output:
        done = subprocess.run([sys.executable, "-m", "app", *words], stdout=output, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
