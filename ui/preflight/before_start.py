"""What is known of the laptop, the monitor and the backup before a start; knows no widget."""

from collections.abc import Callable, Container
from datetime import datetime

from app.domain.infusion.facts import PreflightDone, PreflightKey
from app.domain.texts import say
from app.domain.watch.preflight import Before, Looked, looked_over, unread
from app.jobs.laptop.laptop_watch import LaptopWatch
from app.services.ward.ward import Bedside
from devices.link import LinkState, LinkStatus


class BeforeStart:
    """What people said once in a shift is not asked again. `backup_at`: of the newest backup."""

    def __init__(
        self, laptop: LaptopWatch, bedside: Bedside, backup_at: Callable[[], datetime | None], practice: bool = False
    ) -> None:
        self.laptop, self.practice = laptop, practice
        self._bedside, self._backup_at = bedside, backup_at

    def before(self, infusion_id: str, clock_off_min: int | None = None) -> Before:
        """`clock_off_min`: as it is compared now; None: as before in this shift."""
        laptop, now = self.laptop, self._bedside.now()
        return Before(
            laptop.seen, laptop.sleep, laptop.updates, monitor(self._bedside.bed(infusion_id).link, now),
            laptop.clock_off_min() if clock_off_min is None else clock_off_min, laptop.heard_at, self._backup_at(),
            self.practice,
        )  # fmt: skip

    @property
    def asks_clock(self) -> bool:
        """Nobody compared it with the ward clock in this shift."""
        return not self.practice and self.laptop.clock_off_min() is None

    def to_ask(self, infusion_id: str) -> tuple[PreflightKey, ...]:
        """What cannot be read, and nobody said in this shift."""
        asked = unread(self.before(infusion_id), self._bedside.now())
        return tuple(key for key in asked if key not in self.laptop.answered())

    def done(self, infusion_id: str, answered: Container[str], clock_off_min: int | None, reason: str = "") -> PreflightDone:
        known = self.laptop.answered()
        said = {key for key in (*known, *self.to_ask(infusion_id)) if key in known or key in answered}
        return looked_over(self.before(infusion_id, clock_off_min), said, self._bedside.now(), reason)


def monitor(link: LinkStatus | None, now: datetime) -> Looked:
    """The worst of the bed's monitors, with its port and the age of its last byte."""
    if link is None:
        return Looked(False, say("No monitor: values are typed"))
    age_s = link.byte_age_s(now)
    if age_s is None:
        return Looked(link.state is LinkState.LIVE, say("{port}: nothing came yet", port=link.port))
    return Looked(link.state is LinkState.LIVE, say("{port}: last byte {n} s ago", port=link.port, n=max(0, int(age_s))))
