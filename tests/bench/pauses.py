"""Waiting, where a measure is about what happens meanwhile."""

from threading import Event

_NEVER = Event()


def pause(seconds: float) -> None:
    _NEVER.wait(seconds)
