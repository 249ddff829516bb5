"""A laptop whose power, disk, sleep and sound are what a test says."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime
from typing import Any

from app.domain.texts import say
from app.domain.watch.laptop_seen import LaptopSeen, SoundFault
from app.domain.watch.preflight import Looked
from app.domain.watch.priority import Priority
from app.jobs.laptop.laptop_watch import LaptopRead, LaptopWatch
from app.jobs.laptop.power import PowerRead
from tests.fakes import at_once

NEVER_SLEEPS, NO_UPDATE = Looked(True, say("Does not go to sleep")), Looked(True, say("No restart by itself"))
GOOD = LaptopRead(PowerRead(True, 90), 10**11, NEVER_SLEEPS, NO_UPDATE)


class SameThread(Executor):
    """Does everything at once, where it is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class FakeAwake:
    """`can`: whether the system lets itself be kept awake; `is_held` whether it is."""

    def __init__(self, can: bool = True) -> None:
        self.can, self.is_held = can, False

    def hold(self) -> bool:
        self.is_held = self.can
        return self.can

    def let_go(self) -> None:
        self.is_held = False


class FakeLaptop:
    """`says` is what it answers next; `watch` looks after it."""

    def __init__(self, now: Callable[[], datetime], seen: Callable[[LaptopSeen], object], can_stay_awake: bool = True) -> None:
        self.says, self.awake = GOOD, FakeAwake(can_stay_awake)
        self.watch = LaptopWatch(lambda: self.says, self.awake, SameThread(), at_once, now, seen)


class FakeSpeaker:
    """A sound device that does as a test says; `played`: what went to it."""

    def __init__(self) -> None:
        self.is_there = self.can_play = True
        self.is_stuck = self.is_closed = False
        self.played: list[Priority] = []

    def play(self, priority: Priority) -> bool:
        self.played.append(priority)
        return self.is_there and self.can_play

    def missing(self) -> SoundFault | None:
        return None if self.is_there else SoundFault.NO_DEVICE

    def stuck(self) -> SoundFault | None:
        return SoundFault.FAILED if self.is_stuck else None

    def close(self) -> None:
        self.is_closed = True
