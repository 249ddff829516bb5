"""The power goes at every write of the real writer: its system calls are recorded (strace) and the disk of each moment is opened.

Run as `python -m tests.torture.power_cuts FOLDER COMMITS SEED`; prints how many states were opened, how many events were
acknowledged, how many of those were lost, and how many states `verify` found at fault.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.db.killing import stored
from tests.db.making import faults, notes, recorder, save

from .disk import Change, Disk

CALLS = "openat,pwrite64,write,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")
_SAID = 1


def recorded(store: Path, commits: int) -> list[tuple[str, str]]:
    """Each system call and what it was given, in the order in which they ended; those of threads that were cut are put together."""
    log = store.with_name("calls.log")
    run = [sys.executable, "-m", "tests.torture.saving", str(store), str(commits), "10"]
    strace = ["strace", "-f", "-y", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", str(log), *run]
    subprocess.run(strace, check=True, capture_output=True)
    found, begun = [], dict[str, str]()
    for line in log.read_text(encoding="ascii").splitlines():
        process, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[process] = call.removesuffix("<unfinished ...>")
            continue
        if call.startswith("<..."):
            call = begun.pop(process) + call.partition("resumed>")[2]
        matched = _CALL.match(call)
        if matched and int(matched[3]) >= 0:
            found.append((matched[1], matched[2]))
    log.unlink()
    return found


def _bytes(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


class Player:
    """Plays the calls on a disk; `said` holds what the program had acknowledged by then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = Disk({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
        self.said = b""
        self._at: dict[str, int] = {}

    def play(self, name: str, given: str) -> bool:
        """Whether it touched the disk."""
        texts = [_bytes(text) for text in _TEXT.findall(given)]
        file = _FILE.match(given)
        if name == "write" and file and int(file[1]) == _SAID:
            self.said += texts[0]
            return False
        path = Path(_bytes(file[2]).decode()) if file else None
        if name in ("fsync", "fdatasync") and path == self.folder:
            self.disk.sync_folder()
            return True
        if name.startswith(("open", "rename", "unlink")):
            return self._names(name, given, [Path(text.decode()) for text in texts])
        if path is None or path.parent != self.folder or path.name.endswith("-shm"):
            return False
        return self._writes(name, path.name, given, texts)

    def _names(self, call: str, given: str, paths: list[Path]) -> bool:
        ours = [path.name for path in paths if path.parent == self.folder and not path.name.endswith("-shm")]
        if not ours:
            return False
        if call.startswith("rename"):
            self.disk.rename(ours[0], ours[1])
        elif call.startswith("unlink"):
            self.disk.unlink(ours[0])
        elif "O_CREAT" in given or "O_TRUNC" in given:
            self.disk.open(ours[0], "O_TRUNC" in given)
            self._at[ours[0]] = 0
        return True

    def _writes(self, call: str, name: str, given: str, texts: list[bytes]) -> bool:
        if call in ("fsync", "fdatasync"):
            self.disk.sync(name)
        elif call == "ftruncate":
            self.disk.change(name, Change(int(given.rpartition(",")[2])))
        elif call == "pwrite64":
            self.disk.change(name, Change(int(given.rpartition(",")[2]), texts[0]))
        else:
            at = self._at.get(name, 0)
            self.disk.change(name, Change(at, texts[0]))
            self._at[name] = at + len(texts[0])
        return True


def states(player: Player, calls: list[tuple[str, str]], chance: Random) -> Iterator[tuple[dict[str, bytes], bytes]]:
    """Each disk that a cut could leave, with what was acknowledged before it."""
    for name, given in calls:
        if player.play(name, given):
            for files in (player.disk.nothing_more(), player.disk.all_of_it(), player.disk.some_of_it(chance)):
                yield files, player.said


def opened(folder: Path, files: dict[str, bytes]) -> tuple[set[str], int]:
    """The events and faults that are found when the program is started on it again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    store = folder / "ward.db"
    recorder(store).close()
    return stored(store), len(faults(store))


def main(folder: str, commits: str, seed: str) -> None:
    store = Path(folder).resolve() / "ward" / "ward.db"
    store.parent.mkdir()
    save(store, notes(1, 2))
    player, chance = Player(store.parent), Random(seed)
    count, lost, faulty, said = 0, set[str](), 0, b""
    calls = recorded(store, int(commits))
    for files, said in states(player, calls, chance):
        there, wrong = opened(store.parent.parent / "found", files)
        lost |= set(said.decode().split("\n")[:-1]) - there
        faulty += bool(wrong)
        count += 1
    print(count, said.count(b"\n"), len(lost), faulty)


if __name__ == "__main__":
    main(*sys.argv[1:])
