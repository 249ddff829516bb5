"""What can go wrong with the store, each as a text for people: what happened, what is safe, what to do."""

from app.domain.texts import Text, say


class StoreError(Exception):
    """The environment's fault: the store could not be opened, read or written. `text` is for the person."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class DiskFull(StoreError):
    pass


class ReadOnly(StoreError):
    pass


class DiskFailed(StoreError):
    """An I/O error: the disk, the stick or the network drive did not do what it was asked."""


class Busy(StoreError):
    """Another program holds the file."""


class Damaged(StoreError):
    pass


class NotAStore(StoreError):
    pass


class WrongKey(StoreError):
    """An encrypted store does not open with the key that was given."""


class CannotOpen(StoreError):
    pass


class NewerStore(StoreError):
    pass


class WrongKind(StoreError):
    """A practice store where the ward's is meant, or the other way round."""


class OldSqlite(StoreError):
    pass


class SecondInstance(StoreError):
    pass


class FileGone(StoreError):
    """The file that is written to is not the one at its path any more, or its write-ahead log was cut."""


class GivenUp(StoreError):
    """Work that only reads was stopped before its end, because somebody said so."""


class Closed(StoreError):
    """The writer has ended; nothing more can be saved by it."""


def disk_full() -> DiskFull:
    return DiskFull(say("The disk is full: this could not be saved. Everything saved before is safe. "
                        "Free some space on the disk; saving is then tried again."))  # fmt: skip


def read_only() -> ReadOnly:
    return ReadOnly(say("The record may only be read, not written: this could not be saved. Everything saved "
                        "before is safe. Make the disk or the file writable again; saving is then tried "
                        "again."))  # fmt: skip


def disk_failed() -> DiskFailed:
    return DiskFailed(say("The disk did not answer as it should: it is not certain that this was saved. "
                          "Everything saved before is safe. Check that the disk or stick is plugged in; saving "
                          "is then tried again, and nothing is stored twice."))  # fmt: skip


def busy() -> Busy:
    return Busy(say("Another program holds the record: this could not be saved. Everything saved before is safe. "
                    "Close the other program; saving is then tried again."))  # fmt: skip


def damaged() -> Damaged:
    return Damaged(say("The record file is damaged. What is still whole in it was not touched. Do not write to it: "
                       "keep the file, take the newest backup, and call whoever looks after this "
                       "program."))  # fmt: skip


def not_a_store(path: object) -> NotAStore:
    return NotAStore(say("{path} is not a Bedside record. Nothing was changed. Choose another file.",
                         path=str(path)))  # fmt: skip


def wrong_key(path: object) -> WrongKey:
    return WrongKey(say("The key does not open {path}: it belongs to another record, or the file is damaged at its very "
                        "beginning. Nothing was changed.", path=str(path)))  # fmt: skip


def cannot_open(path: object = "") -> CannotOpen:
    return CannotOpen(say("The record {path} cannot be opened. Nothing was changed. Check that the folder exists, "
                          "that the disk is plugged in and that you may use it.", path=str(path)))  # fmt: skip


def newer_store(revision: str) -> NewerStore:
    return NewerStore(say("This record was written by a newer version of Bedside (form {revision}). Nothing was "
                          "changed. Open it with that version or a later one.", revision=revision))  # fmt: skip


def wrong_kind(practice: bool) -> WrongKind:
    if practice:
        return WrongKind(say("This is a practice record, not the ward's. Nothing was changed. "
                             "Open it in practice mode."))  # fmt: skip
    return WrongKind(say("This is the ward's own record, not one for practice. Nothing was changed. "
                         "Choose another file to practise."))  # fmt: skip


def old_sqlite(version: str) -> OldSqlite:
    return OldSqlite(say("The database engine {version} can damage a record. Nothing was opened. "
                         "Install Bedside again with the parts it brings along.", version=version))  # fmt: skip


def second_instance(path: object) -> SecondInstance:
    return SecondInstance(say("Bedside is already open on this record ({path}). Nothing was changed. "
                              "Use the window that is open, or close it first.", path=str(path)))  # fmt: skip


def file_gone(path: object) -> FileGone:
    return FileGone(say("The record {path} was deleted, moved, replaced or cut while it is open: nothing more is saved there. The "
                        "infusion and its times go on. Do not close this window: choose a place where the record is saved.",
                        path=str(path)))  # fmt: skip


def place_taken(path: object) -> CannotOpen:
    return CannotOpen(say("{path} is there already. Choose a new name; nothing was touched.", path=str(path)))


def given_up() -> GivenUp:
    return GivenUp(say("The backup was given up. Nothing was left behind."))


def closed() -> Closed:
    return Closed(say("Saving has ended: this was not saved. Everything saved before is safe. "
                      "Start Bedside again."))  # fmt: skip


_BY_CODE = {
    5: busy, 6: busy, 8: read_only, 9: given_up, 10: disk_failed, 11: damaged, 13: disk_full,
    14: cannot_open, 15: busy, 26: damaged,
}  # fmt: skip
#: What the database's own backup raises bears no code, only the words of one.
_BY_WORDS = {
    "database is locked": 5, "disk I/O error": 10, "database disk image is malformed": 11, "database or disk is full": 13,
}  # fmt: skip


def store_error(error: BaseException | None) -> StoreError | None:
    """What an error of the database engine means for people; None if it is the program's own fault.

    Takes the engine's own error or SQLAlchemy's wrapping of it. Codes: sqlite.org/rescode.html.
    """
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None) or _BY_WORDS.get(str(cause), 0)
    made = _BY_CODE.get(code & 0xFF)
    return None if made is None else made()
