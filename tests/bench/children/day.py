"""Four beds watched for a day in a window, at ×720, by the simulated monitors: `day.py STORE HOURS`.

Tells after every simulated hour what it has used. At that speed the monitors leave frames out and say so.
"""

import os
import sys
from pathlib import Path
from typing import Any

from app.practice.simulated_monitor import SimulatedMonitor
from app.program.open_record import open_record
from app.services.access.practice_people import PRACTICE
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from app.services.ward.alerts import Alerts
from tests.bench.children.meter import used
from tests.fakes import NoRecords
from ui.frame.bridge import Bridge
from ui.frame.desk import Desk
from ui.frame.frame import WindowFrame
from ui.frame.shell import Shell
from ui.infusion.page import InfusionPage
from ui.ward.page import WardPage

SPEED = 720
TICK_MS = 250


def main(path: Path, hours: int) -> None:
    shell = Shell("en", "light", practice=True, ward="")
    bridge = Bridge(shell.window)
    record = open_record(path, load(), ScaledClock(SPEED), bridge.post, practice=True)
    monitors = {s.infusion_id: SimulatedMonitor("datex-s5", n, SPEED) for n, s in enumerate(record.bedside.infusions)}
    for infusion_id, monitor in monitors.items():
        record.ports.listen(monitor.url, "datex-s5", simulated=True)
        record.bedside.connect(infusion_id, monitor.url)
    desk = Desk(shell.kit, record.bedside, record.people, record.exchange, NoRecords(), shell.window)
    desk.person = PRACTICE[0][0]
    pages: dict[str, Any] = {"ward": WardPage(desk), "infusion": InfusionPage(desk)}
    for key, page in pages.items():
        shell.window.add_page(key, page)
    frame = WindowFrame(desk, shell.window, Alerts(record.bedside), record.ports.links, silent=True)
    pages["infusion"].show_infusion(min(monitors))
    shell.window.show_page("infusion")
    shell.window.show()
    told: list[bytes] = []

    def tick() -> None:
        record.tick()
        frame.refresh()

    def an_hour_later() -> None:
        """By turns a bed and the ward are looked at."""
        shown = sorted(monitors)[len(told) % len(monitors)]
        pages["infusion"].show_infusion(shown)
        shell.window.show_page("infusion" if len(told) % 2 else "ward")
        told.append(used())
        os.write(1, told[-1])
        if len(told) == hours:
            shell.app.quit()

    shell.every(TICK_MS, tick)
    shell.every(3600_000 // SPEED, an_hour_later)
    shell.run()
    for monitor in monitors.values():
        monitor.close()
    record.close()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
