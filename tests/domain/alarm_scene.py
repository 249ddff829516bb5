"""A scene at one or several beds, told by the minute: what stands then, as short plain words."""

from collections.abc import Iterator
from typing import Any

import msgspec

from app.domain.protocol import Protocol
from app.domain.watch.alarm_story import AfterStep, Step, play, read_story

from .cast import TRIAL

FULL: dict[str, Any] = {"hr": 70, "spo2": 98, "nibp_sys": 120, "nibp_dia": 75, "rr": 16, "temp": "36.8"}
ASKED: dict[str, Any] = {"oxygen": False, "acvpu": "A"}


class Scene:
    """`at` lets time go by up to that moment, takes what is said and gives back “key priority state”, a dot where it is heard."""

    def __init__(self, rules: Protocol = TRIAL, **story: Any) -> None:
        self._rules, self._story = rules, story
        self._steps: list[dict[str, Any]] = []
        self._beds: set[str] = set()
        self._said: list[Step] = []
        self._played: Iterator[AfterStep] = iter(())
        self.last = AfterStep(0, [], None, 0)

    def at(self, minutes: float = 0, seconds: float = 0, do: str = "", **step: Any) -> list[str]:
        """Played on from where it stands; from the beginning where a bed comes in, which was there all the time."""
        self._steps.append({"t_s": int(minutes * 60 + seconds), "do": do, **step})
        story = read_story({"steps": self._steps, **self._story})
        self._said.append(story.steps[-1])
        if story.steps[-1].bed not in self._beds:
            self._beds.add(story.steps[-1].bed)
            self._played = play(msgspec.structs.replace(story, steps=self._said), self._rules)
            for _earlier in self._said[1:]:
                next(self._played)
        self.last = next(self._played)
        return [f"{x.key} {x.priority} {x.state}{' •' if x.audible else ''}" for x in self.last.active]
