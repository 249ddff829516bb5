"""A monitor in a network of its own that is switched off without a goodbye, and on again. Run by `unshare -Urn` (Linux).

Prints the states of its link, once its values have come again.
"""

import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from devices.link import LinkState
from devices.models import MODELS
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from tests.devices.stage import reading

OURS, THEIRS, PORT = "10.99.0.1", "10.99.0.2", 7001


def ip(*words: str, inside: tuple[str, ...] = ()) -> None:
    subprocess.run([*inside, "ip", *words], check=True)


@contextmanager
def cabled() -> Iterator[tuple[str, ...]]:
    """Two ends of a cable; gives what runs a command at the monitor's."""
    with subprocess.Popen(["unshare", "-n", "sh", "-c", "echo there; cat"], stdin=-1, stdout=-1) as network:
        assert network.stdin is not None
        assert network.stdout is not None
        network.stdout.readline()
        inside = ("nsenter", "-n", "-t", str(network.pid))
        ip("link", "add", "ours", "type", "veth", "peer", "name", "theirs", "netns", str(network.pid))
        ip("addr", "add", f"{OURS}/24", "dev", "ours")
        ip("link", "set", "ours", "up")
        ip("addr", "add", f"{THEIRS}/24", "dev", "theirs", inside=inside)
        ip("link", "set", "theirs", "up", inside=inside)
        yield inside
        network.stdin.close()


@contextmanager
def switched_on(inside: tuple[str, ...]) -> Iterator[None]:
    """While it is on; off, its end of the cable is dead before anything can be said through it."""
    command = [*inside, sys.executable, "-m", "tests.whole.power_cut", "monitor"]
    with subprocess.Popen(command, stdout=-1) as monitor:
        assert monitor.stdout is not None
        monitor.stdout.readline()
        ip("link", "set", "theirs", "up", inside=inside)
        yield
        ip("link", "set", "theirs", "down", inside=inside)
        monitor.kill()


def play_monitor() -> None:
    """An S/5 that speaks to whoever connects, one at a time, at real speed."""
    seconds = 0.0
    with socket.create_server((THEIRS, PORT)) as server:
        print("on", flush=True)
        while True:
            client, _ = server.accept()
            device = MODELS["datex-s5"].simulator(Patient(), MonitorFaults())
            with client:
                while not (ready := select.select([client], [], [], 1.0)[0]) or (said := client.recv(4096)):
                    device.hear(said if ready else b"", seconds)
                    client.sendall(b"".join(device.due(seconds)))
                    seconds += 1.0


def main() -> None:
    with ExitStack() as stack:
        inside = stack.enter_context(cabled())
        watch = stack.enter_context(reading(f"socket://{THEIRS}:{PORT}", speed=1.0))
        for _ in range(2):
            with switched_on(inside):
                watch.until_state(LinkState.LIVE)
                watch.until_more_readings()
            watch.until_state(LinkState.LOST)
    print(" ".join(watch.states))


if __name__ == "__main__":
    play_monitor() if sys.argv[1:] else main()
