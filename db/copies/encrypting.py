"""New files for copies of a store. A plain one becomes encrypted by SQLCipher's own export, which copies everything but two
numbers in the header.
"""

from contextlib import closing
from pathlib import Path

from db.engine import PAGE_SIZE, driver, known_error
from db.schema import APPLICATION_ID


def encrypted_copy(path: Path, to: Path, key: bytes) -> None:
    """Copy the plain store `path` to `to`, where nothing stands, under `key` (32 raw bytes). Raises `StoreError`."""
    try:
        with closing(new_copy(to, key)) as copy:
            copy.execute("PRAGMA temp_store = MEMORY")
            copy.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
            copy.execute("SELECT sqlcipher_export('main', 'plain')")
            copy.execute("DETACH DATABASE plain")
            copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except driver.Error as error:
        raise known_error(error) from error


def new_copy(path: Path, key: bytes | None) -> "driver.Connection":
    """An empty file that the database's own backup copies into."""
    raw = driver.connect(str(path), isolation_level=None)
    if key is not None:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
    return raw
