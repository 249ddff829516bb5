"""Encrypted stores with their key file and the recovery key as printed, for the commands."""

from pathlib import Path

from app.services.access import recovery_key
from app.services.access.keyfile import KeyFile, beside, save
from tests.db.making import notes, recorder

KEY = bytes(range(32))
SECRET = bytes(range(20))


def encrypted(path: Path, events: int = 5) -> Path:
    """A store of so many notes at `path`; gives back the file with its recovery key, elsewhere."""
    writing = recorder(path, key=KEY)
    writing.append(notes(1, events)).result()
    writing.close()
    save(beside(path), KeyFile("store-1").with_recovery(SECRET, KEY))
    return printed(path.parent / "safe" / "recovery-key.txt", SECRET)


def printed(file: Path, secret: bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(recovery_key.written(secret) + "\n", encoding="utf-8")
    return file
