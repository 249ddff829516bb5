"""Saves events one after another and says of each on stdout once it is acknowledged; then it is gone without a goodbye.

Its log has room from the beginning for the first of them. Run as `python -m tests.torture.saving STORE COMMITS FIRST`.
"""

import os
import sys
from pathlib import Path

from db.log.batch import Batch
from db.space import Space
from tests.db.making import entry, heart_rates, recorder


def main(store: str, commits: str, first: str) -> None:
    writing = recorder(Path(store), space=Space(Path(store), ballast_bytes=4096, low_bytes=0, log_bytes=1 << 16))
    for number in range(int(first), int(first) + int(commits)):
        writing.add_samples(heart_rates(4, from_minute=number))
        for one in writing.append(Batch((entry(number),))).result():
            os.write(1, f"{one.event_id} {one.seq} {one.hash}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
