"""A whole record proved, and its file hashed, by turns: `proved.py STORE RUNS`; tells processor seconds of both, a line a turn."""

import hashlib
import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import process_time

from app.cli.verify import WHOLE, verify
from tests.bench.keys import key_beside

path, runs = Path(sys.argv[1]), int(sys.argv[2])
key = key_beside(path)
for _ in range(runs):
    began = process_time()
    with redirect_stdout(StringIO()) as said:
        found = verify(path, key=key)
    proved_s, began = process_time() - began, process_time()
    assert found == WHOLE, said.getvalue()
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")
    os.write(1, f"{proved_s!r} {process_time() - began!r}\n".encode())
