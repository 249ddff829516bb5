"""The key of a store on the disk: from the key file beside it and the recovery key that was printed."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from app.domain.errors import Refused
from app.domain.texts import say

from . import keyfile, recovery_key

OPTION = "--recovery-key FILE"


class StoreFile(NamedTuple):
    """Where a store lies, and what opens it. `key` None: it is plain."""

    path: Path
    key: bytes | None = None


def key_of(store: Path, recovery_file: Path | None = None) -> bytes | None:
    """The key of an encrypted store, None for a plain one: an encrypted store has its key file beside it.

    `recovery_file` holds the nine groups as printed. Raises `Refused`.
    """
    keys = keyfile.beside(store)
    if keys.is_file():
        if recovery_file is None:
            raise Refused(say("{file} is encrypted. Give its recovery key: {option}.", file=store.name, option=OPTION))
        return _read_keys(keys).open_with_recovery(read_recovery(recovery_file))
    if recovery_file is not None:
        raise Refused(say("There is no key file {file}. Without it a recovery key opens nothing.", file=str(keys)))
    return None


def _read_keys(keys: Path) -> keyfile.KeyFile:
    try:
        return keyfile.load(keys)
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=str(keys), why=error.strerror or str(error))) from error


def key_near(recording: Path, recovery_file: Path | None) -> bytes | None:
    """The key of the store whose raw bytes these are: its key file lies in the folder above, or in the same one.

    None without a recovery key: a plain recording needs none. Raises `Refused`.
    """
    if recovery_file is None:
        return None
    secret, here = read_recovery(recovery_file), recording.resolve().parent
    for keys in (*sorted(here.parent.glob("*.keys")), *sorted(here.glob("*.keys"))):
        with suppress(Refused):
            return _read_keys(keys).open_with_recovery(secret)
    raise Refused(say("The recovery key opens none of the key files near {file}.", file=recording.name))


def read_recovery(file: Path) -> bytes:
    """What a file with a printed recovery key says. Raises `Refused`."""
    try:
        return recovery_key.read(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise Refused(say("{file} holds no recovery key.", file=file.name)) from None
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=str(file), why=error.strerror or str(error))) from error
