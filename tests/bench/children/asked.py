"""One question to a whole record: `asked.py ledger|trail|bags STORE`. Tells processor seconds, and kB at the process's peak."""

import argparse
import os
import resource
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import process_time

from app.cli import ledger
from app.program.open_record import open_record
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from app.services.words.trail_scope import QUIET
from db.log.log_pages import TrailFilter
from db.queries import StoreReader
from tests.bench.keys import RECOVERY, key_beside
from tests.fakes import at_once

question, path = sys.argv[1], Path(sys.argv[2])


def main() -> None:
    took_s = {"ledger": _ledger, "trail": _trail, "bags": _bags}[question]()
    os.write(1, f"{took_s!r} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n".encode())
    os._exit(0)


def _ledger() -> float:
    """The command as a person gives it, its words imported before."""
    began = process_time()
    with redirect_stdout(StringIO()) as said:
        assert ledger.run(argparse.Namespace(db=path, recovery_key=path.with_name(RECOVERY), csv=True)) == 0
    assert said.getvalue()
    return process_time() - began


def _trail() -> float:
    """What the page asks: the newest events that are told, how many there are, and those in which a word is found."""
    with StoreReader(path, key_beside(path)) as store:
        began = process_time()
        for wanted in (TrailFilter(without=QUIET), TrailFilter(text="nowhere")):
            store.trail(wanted)
            store.trail_count(wanted)
        return process_time() - began


def _bags() -> float:
    """The first scan of a bag since the record was opened: does another infusion have it?"""
    record = open_record(path, load(), ScaledClock(), at_once, practice=False, key=key_beside(path))
    began = process_time()
    assert record.bedside.holder_of("U-nobody-has-it", "") is None
    return process_time() - began


main()
