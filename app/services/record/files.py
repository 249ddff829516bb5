"""Files that are whole or not there: written beside, flushed to the disk, then put in place."""

import errno
from pathlib import Path

from app.domain.texts import Text, say
from db import surely


class NotWritten(Exception):
    """The disk or folder did not take a file: the person is told what to do. What stood there before still stands."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def written(out: Path, data: bytes) -> None:
    """Put `data` in place of `out`, all or nothing. Raises `NotWritten`."""
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        surely.put(out, data, beside)
    except OSError as error:
        raise NotWritten(_why(out, error)) from error


def _why(out: Path, error: OSError) -> Text:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say("The disk is full: {file} was not written. The record itself is safe. Make room, then export again.",
                   file=out.name)  # fmt: skip
    return say("{file} could not be written to {folder}: {why}. The record itself is safe. Choose another folder.",
               file=out.name, folder=str(out.parent), why=error.strerror or str(error))  # fmt: skip
