"""A monitor that is switched off says no goodbye: its link is given up, and found again once it is on."""

import shutil
import subprocess
import sys

import pytest


def may_have_networks() -> bool:
    """Whether this machine lets anybody make networks of his own."""
    tools = all(map(shutil.which, ("unshare", "nsenter", "ip")))
    return tools and subprocess.run(["unshare", "-Urn", "ip", "link"], check=False, capture_output=True).returncode == 0


@pytest.mark.long
@pytest.mark.skipif(not may_have_networks(), reason="this machine has no networks for a test to cut")
def test_after_a_power_cut_the_values_come_again() -> None:
    run = ["unshare", "-Urn", sys.executable, "-m", "tests.whole.power_cut"]
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    states = done.stdout.split()
    assert states.count("live") >= 2, done.stderr
    assert states[-1] == "lost"
