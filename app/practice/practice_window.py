"""What practice adds to the window: simulated monitors, how fast time runs, the controls for both, and the tour."""

from collections.abc import Mapping

from app.practice.pace import PracticePace
from app.practice.practice_monitors import PracticeMonitors
from app.practice.tour_at_bed import TourAtBed
from app.program.open_record import OpenRecord
from app.services.clock import ScaledClock
from app.settings import Options
from devices.models import MODELS
from ui.frame.bar.practice_controls import PracticeControls
from ui.frame.desk import Desk
from ui.frame.pages import PageKey
from ui.frame.window import Window


class PracticeWindow:
    """Takes the place of a ward's monitors. A fault or another monitor comes to the infusion that was shown last."""

    def __init__(self, record: OpenRecord, clock: ScaledClock, desk: Desk, window: Window, options: Options) -> None:
        self.monitors = PracticeMonitors(record, options.monitor, options.replay)
        self._clock, self._pace = clock, PracticePace(record.bedside, clock)
        self._news = record.bedside.news
        self._shown: str | None = None
        self._controls = PracticeControls(desk.kit, {key: model.label for key, model in MODELS.items()})
        window.side.addWidget(self._controls)
        self._controls.speed_chosen.connect(self._speed)
        self._controls.fault_chosen.connect(self._fault)
        self._controls.monitor_chosen.connect(self._monitor)
        self._controls.choose(options.speed)
        self._speed(options.speed)
        desk.asking.connect(self._asking)
        desk.show_page.connect(self._show)
        self.tour = TourAtBed(desk, window, self.monitors, self._pace)
        self._controls.tour_chosen.connect(self.tour.begin)

    def attend(self, infusion_id: str) -> None:
        self.monitors.attend(infusion_id)

    def beds(self) -> Mapping[str, str]:
        return self.monitors.beds()

    def tick(self, _steady_s: float = 0.0) -> None:
        """Set the speed that holds now, for the clock and every simulated monitor."""
        self.tour.tick()
        before = self._clock.speed
        now = self._pace.settle()
        self._controls.show_now(now != self._pace.chosen)
        if now != before:
            self.monitors.set_speed(now)
            self._news.wake()

    def close(self) -> None:
        self.monitors.close()

    def _asking(self, asking: bool) -> None:
        self._pace.asking = asking
        self.tick()

    def _speed(self, speed: int) -> None:
        self._pace.chosen = float(speed)
        self._news.wake()

    def _show(self, key: str, infusion_id: str) -> None:
        if key == PageKey.INFUSION:
            self._shown = infusion_id

    def _fault(self, name: str) -> None:
        self.monitors.break_one(self._shown, name)

    def _monitor(self, protocol: str) -> None:
        self.monitors.choose(self._shown, protocol)
