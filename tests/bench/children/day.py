"""Days of four beds in a window, second by second by a clock that is moved by hand: `day.py STORE DAYS`.

Each morning four infusions begin, each second brings four vital signs of each, every other second the program looks at all
of it, after 24 hours they are ended and signed, and an hour later the next day begins. No port is read and no monitor
simulated: nothing waits for anything. Tells after every hour what the program has used: 25 times a day.
"""

import gc
import os
import sys
from collections.abc import Callable
from decimal import Decimal
from math import sin
from pathlib import Path
from typing import Any

from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, FlushLine, Stop
from app.domain.infusion.chapters.signing import Sign
from app.domain.people.roles import Person
from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.program.open_record import open_record
from app.services.clock import SteppedClock
from app.services.protocol_files import load
from app.services.ward.alerts import Alerts
from app.services.ward.ports import Outcome
from tests.bench.children.meter import used
from tests.bench.played import Name, Played, again, running_infusion
from tests.domain.cast import LI, WANG, ZHAO
from tests.fakes import NoRecords
from ui.frame.bridge import Bridge
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.shell import Shell
from ui.infusion.page import InfusionPage
from ui.ward.page import WardPage

_BEDS, _HOURS, _HOUR_S, _LOOK_S, _TICK_S = 4, 24, 3600, 60, 2
_LEVELS = {"hr": 84.0, "spo2": 97.0, "rr": 17.0, "temp": 36.8}


class Day:
    """`look` shows by turns a bed and the ward, and waits until all is saved that was given to the writer."""

    def __init__(self, path: Path) -> None:
        self.shell = Shell("en", "light", practice=True, ward="")
        bridge = Bridge(self.shell.window)
        self.clock = SteppedClock(speed=1e9)
        self.record = open_record(path, load(), self.clock, bridge.post, practice=True, moment=self.clock.moment)
        self.bedside = self.record.bedside
        desk = Desk(self.shell.kit, self.bedside, self.record.people, self.record.exchange, NoRecords(), self.shell.window)
        desk.person = LI
        self.pages: dict[str, Any] = {"ward": WardPage(desk), "infusion": InfusionPage(desk)}
        for key, page in self.pages.items():
            self.shell.window.add_page(key, page)
        self.frame = WindowFrame(desk, self.shell.window, Alerts(self.bedside), self.record.ports.links, silent=True)
        self.shell.window.show()
        self.beds: list[str] = []
        self._bags: dict[str, tuple[str, ...]] = {}
        self._looks = 0

    def begin(self, played: Played, day: int) -> None:
        """Four infusions that were started two hours ago."""
        earlier = played.entries[-1].at - self.bedside.now()
        self.beds = [f"day-{day}-{bed}" for bed in range(_BEDS)]
        for bed, infusion_id in enumerate(self.beds):
            entries, _rows = again(played, Name(infusion_id, f"S-{day}{bed:02}", str(bed), 1, earlier))
            self._done(lambda told, i=infusion_id, x=entries: self.bedside.begin(i, list(x), told))  # type: ignore[misc]
            self._bags[infusion_id] = tuple(f"U-{infusion_id}-{n}" for n in range(len(played.bags)))
            self.bedside.connect(infusion_id, infusion_id)

    def _done(self, ask: Callable[[Callable[[Outcome], None]], None]) -> None:
        told: list[Outcome] = []
        ask(told.append)
        while not told:
            self.shell.settle()
        assert told[0].ok, told

    def hour(self) -> None:
        for _ in range(_HOUR_S):
            second = self.clock.tick()
            now = self.bedside.now()
            for port in self.beds:
                self.bedside.take_readings(_readings(port, second, now))
            if second % _TICK_S == 0:
                self.record.tick()
            if second % _LOOK_S == 0:
                self.look()
        gc.collect()
        os.write(1, used())

    def look(self) -> None:
        self._looks += 1
        self.record.recorder.flush().result()
        if self.beds:
            self.pages["infusion"].show_infusion(self.beds[self._looks % _BEDS])
        self.shell.window.show_page("infusion" if self._looks % 2 else "ward")
        self.frame.refresh()
        self.shell.settle()

    def sign(self) -> None:
        for infusion_id in self.beds:
            self._sign(infusion_id, self._bags[infusion_id][0])
        self.beds = []

    def _sign(self, infusion_id: str, bag: str) -> None:
        steps: list[tuple[Command, Person]] = [
            (Stop(Decimal(60), "a day is over"), LI),
            (FlushLine(Decimal(20)), LI),
            (DestroyLeftover(bag, Decimal(60), WANG), LI),
            (CloseObservation("no_reaction", (), "a day is over"), LI),
            (Sign("performed"), LI),
            (Sign("reviewed"), ZHAO),
        ]
        for command, by in steps:
            self._done(lambda told, c=command, p=by: self.bedside.submit(infusion_id, c, p, told))  # type: ignore[misc]


def _readings(port: str, second: float, now: Any) -> list[Reading]:
    values = {vital: Decimal(f"{level + sin(second / 60):.1f}") for vital, level in _LEVELS.items()}
    samples = [Sample(int(second), vital, value, "", Quality.OK, "ecg") for vital, value in values.items()]
    return [stamped(sample, now, port, "datex-s5", True) for sample in samples]


def main(path: Path, days: int) -> None:
    day, played = Day(path), running_infusion(24 * 3600)
    for number in range(days):
        day.begin(played, number)
        for _ in range(_HOURS):
            day.hour()
        day.sign()
        day.hour()
    day.record.close()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
