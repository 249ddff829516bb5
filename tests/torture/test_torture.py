"""Nothing acknowledged is lost: kills, power cuts at every write, calls that fail, a file that is taken away.

`make torture` runs many of each and prints counts; `make test` a few.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.db.killing import stored
from tests.db.making import faults, notes, recorder, save

from .disk import Change, Disk
from .power_cuts import Player, recorded, states

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="system calls are recorded with strace")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
#: which call fails, and the how manieth of its kind
FAILING = [(call, n) for call in ("fdatasync", "fsync", "pwrite64", "write", "ftruncate") for n in range(1, 26)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """With two events in it."""
    path = tmp_path / "ward" / "ward.db"
    path.parent.mkdir()
    save(path, notes(1, 2))
    return path


def counted(*words: object) -> tuple[int, ...]:
    done = subprocess.run([sys.executable, "-m", *map(str, words)], check=True, capture_output=True, text=True)
    return tuple(map(int, done.stdout.split()))


# --- power cuts


def test_a_disk_forgets_what_was_not_synced() -> None:
    disk = Disk({"a": b"old"})
    disk.change("a", Change(0, b"new"))
    disk.open("b", cut=True)
    disk.change("b", Change(0, b"x" * 1024))
    assert disk.nothing_more() == {"a": b"old"}
    assert disk.all_of_it() == {"a": b"new", "b": b"x" * 1024}
    disk.sync("a")
    disk.sync("b")
    assert disk.nothing_more() == {"a": b"new"}, "the name of b is not sure yet"
    disk.rename("b", "a")
    disk.sync_folder()
    assert disk.nothing_more() == {"a": b"x" * 1024}
    disk.change("a", Change(512))
    left = {len(disk.some_of_it(Random(seed))["a"]) for seed in range(20)}
    assert left == {512, 1024}


@needs_strace
def test_a_power_cut_at_any_write_loses_nothing_acknowledged(tmp_path: Path) -> None:
    opened, acknowledged, lost, faulty = counted("tests.torture.power_cuts", tmp_path, 1, 1)
    assert (lost, faulty) == (0, 0)
    assert opened > 30
    assert acknowledged <= 1


@needs_strace
def test_a_writer_that_does_not_sync_is_found(store: Path) -> None:
    calls = [call for call in recorded(store, 2) if call[0] not in ("fsync", "fdatasync")]
    (*_, (files, said)) = ((files, said) for files, said in states(Player(store.parent), calls, Random(1)) if said)
    assert said
    assert files["ward.db"] == store.read_bytes(), "the wal is not synced: its events are not on the disk"


@pytest.mark.torture
@needs_strace
def test_power_cuts(tmp_path: Path) -> None:
    opened, acknowledged, lost, faulty = counted("tests.torture.power_cuts", tmp_path, 60, 2)
    print(f"\npower cuts: {opened} states opened, {acknowledged} events acknowledged, {lost} lost, {faulty} at fault")
    assert (lost, faulty) == (0, 0)


# --- kills


@pytest.mark.torture
@needs_fork
def test_kills(tmp_path: Path) -> None:
    acknowledged, there, lost, wrong = counted("tests.db.killing", tmp_path, 200, "torture")
    print(f"\nkill -9: 200 times, {acknowledged} events acknowledged, {there} stored, {lost} lost, {wrong} faults")
    assert (lost, wrong) == (0, 0)


# --- calls that fail


def failing(store: Path, call: str, number: int) -> str:
    """What was acknowledged by a writer one of whose calls fails."""
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={number}"]
    run = [*strace, sys.executable, "-m", "tests.torture.saving", str(store), "6", "10"]
    return subprocess.run(run, check=False, capture_output=True, text=True, timeout=120).stdout


def _lost(store: Path, said: str) -> set[str]:
    recorder(store).close()
    assert faults(store) == []
    return set(said.split("\n")[:-1]) - stored(store)


@needs_strace
def test_a_call_that_fails_loses_nothing_acknowledged(store: Path) -> None:
    said = failing(store, "fdatasync", 2)
    assert _lost(store, said) == set()


@pytest.mark.torture
@needs_strace
def test_failing_calls(tmp_path: Path) -> None:
    acknowledged, lost = 0, set[str]()
    for call, number in FAILING:
        path = tmp_path / f"{call}-{number}" / "ward.db"
        path.parent.mkdir()
        save(path, notes(1, 2))
        said = failing(path, call, number)
        acknowledged += said.count("\n")
        lost |= _lost(path, said)
    print(f"\nfailing calls: {len(FAILING)}, {acknowledged} events acknowledged, {len(lost)} lost")
    assert not lost


# --- a file that is taken away


def behind_it(store: Path, chance: Random) -> int:
    """How many events were acknowledged once the store was removed, or another put in its place, while the writer stood still."""
    run = [sys.executable, "-m", "tests.torture.saving", str(store), "100000", "10"]
    with subprocess.Popen(run, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        for _ in range(chance.randrange(1, 30)):
            child.stdout.readline()
        os.kill(child.pid, signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        os.set_blocking(child.stdout.fileno(), False)
        child.stdout.read(1 << 20)
        if chance.random() < 0.5:
            store.unlink()
        else:
            other = store.with_name("other.db")
            shutil.copyfile(store, other)
            other.replace(store)
        os.set_blocking(child.stdout.fileno(), True)
        os.kill(child.pid, signal.SIGCONT)
        return child.stdout.read().count(b"\n")


@needs_fork
def test_behind_a_store_that_is_taken_away_nothing_is_acknowledged(store: Path) -> None:
    """But what was past its last look when the program stood still."""
    assert behind_it(store, Random(1)) <= 1


@pytest.mark.torture
@needs_fork
def test_stores_taken_away(tmp_path: Path) -> None:
    counts, chance = [], Random(3)
    for number in range(100):
        path = tmp_path / str(number) / "ward.db"
        path.parent.mkdir()
        save(path, notes(1, 2))
        counts.append(behind_it(path, chance))
    print(f"\ntaken away: {len(counts)} times, {sum(counts)} events acknowledged behind it, at most {max(counts)} at once")
    assert max(counts) <= 1
