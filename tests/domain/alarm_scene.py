"""A scene at one or several beds, told by the minute: what stands then, as short plain words."""

from typing import Any

from app.domain.protocol import Protocol
from app.domain.watch.alarm_story import AfterStep, play, read_story

from .cast import TRIAL

FULL: dict[str, Any] = {"hr": 70, "spo2": 98, "nibp_sys": 120, "nibp_dia": 75, "rr": 16, "temp": "36.8"}
ASKED: dict[str, Any] = {"oxygen": False, "acvpu": "A"}


class Scene:
    """`at` lets time go by up to that moment, takes what is said and gives back “key priority state”, a dot where it is heard."""

    def __init__(self, rules: Protocol = TRIAL, **story: Any) -> None:
        self._rules, self._story = rules, story
        self._steps: list[dict[str, Any]] = []
        self.last = AfterStep(0, [], None, 0)

    def at(self, minutes: float = 0, seconds: float = 0, do: str = "", **step: Any) -> list[str]:
        self._steps.append({"t_s": int(minutes * 60 + seconds), "do": do, **step})
        *_, self.last = play(read_story({"steps": self._steps, **self._story}), self._rules)
        return [f"{x.key} {x.priority} {x.state}{' •' if x.audible else ''}" for x in self.last.active]
