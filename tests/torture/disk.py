"""A disk as a power cut finds it: what was synced stands; of the rest each write may have come, in part, or not at all.

Files are told by inode, names by their folder: a new, renamed or removed name is sure only once the folder was synced.
"""

from collections.abc import Callable
from random import Random

import msgspec

SECTOR = 512


class Change(msgspec.Struct, frozen=True):
    """`data` at `offset`; None: cut to `offset` bytes."""

    offset: int
    data: bytes | None = None

    def on(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.offset :]
            content.extend(bytes(self.offset - len(content)))
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def torn(self, chance: Random) -> "Change":
        """As much of it as came before the power went, in whole sectors."""
        if self.data is None:
            return self
        return Change(self.offset, self.data[: chance.randrange(len(self.data) // SECTOR + 1) * SECTOR])


class Inode:
    def __init__(self, content: bytes = b"") -> None:
        self.synced, self.waiting = bytearray(content), list[Change]()

    def sync(self) -> None:
        for change in self.waiting:
            change.on(self.synced)
        self.waiting.clear()

    def found(self, came: Callable[[list[Change]], list[Change]]) -> bytes:
        content = bytearray(self.synced)
        for change in came(self.waiting):
            change.on(content)
        return bytes(content)


class Disk:
    """One folder. `names`: as the running program sees it; `sure`: as after a sync of the folder."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.names = {name: Inode(content) for name, content in files.items()}
        self.sure = dict(self.names)
        self._moves: list[tuple[str, Inode | None]] = []

    def open(self, name: str, cut: bool) -> None:
        if name not in self.names:
            self._name(name, Inode())
        if cut:
            self.names[name].waiting.append(Change(0))

    def change(self, name: str, change: Change) -> None:
        self.names[name].waiting.append(change)

    def rename(self, old: str, new: str) -> None:
        inode = self.names[old]
        self._name(new, inode)
        self._name(old, None)

    def unlink(self, name: str) -> None:
        self._name(name, None)

    def sync(self, name: str) -> None:
        self.names[name].sync()

    def sync_folder(self) -> None:
        self.sure, self._moves = dict(self.names), []

    def _name(self, name: str, inode: Inode | None) -> None:
        self._moves.append((name, inode))
        _put(self.names, name, inode)

    # --- what a power cut leaves

    def nothing_more(self) -> dict[str, bytes]:
        """Only what was synced."""
        return {name: inode.found(lambda _waiting: []) for name, inode in self.sure.items()}

    def all_of_it(self) -> dict[str, bytes]:
        """As when only the program was killed."""
        return {name: inode.found(lambda waiting: waiting) for name, inode in self.names.items()}

    def some_of_it(self, chance: Random) -> dict[str, bytes]:
        """Any of the writes, in part; of the names those up to some moment."""
        names = dict(self.sure)
        for name, inode in self._moves[: chance.randrange(len(self._moves) + 1)]:
            _put(names, name, inode)

        def came(waiting: list[Change]) -> list[Change]:
            kept = [change for change in waiting if chance.random() < 0.5]
            return [*kept[:-1], kept[-1].torn(chance)] if kept else []

        return {name: inode.found(came) for name, inode in names.items()}


def _put(names: dict[str, Inode], name: str, inode: Inode | None) -> None:
    if inode is None:
        names.pop(name, None)
    else:
        names[name] = inode
