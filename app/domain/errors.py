"""Errors that say whose fault they are."""

from .texts import Text


class Refused(Exception):
    """An input or command the rules do not allow: the person is told why, nothing has changed."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class Broken(Exception):
    """The program's own fault: stop, log, report."""
