"""The pace of a device that speaks by itself."""


class LinePace:
    """When the next line is due; what was missed is not sent later."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._least_s = 0.0
        self.next_s = 0.0

    def thin(self, least_s: float) -> bool:
        self._least_s = least_s
        return least_s > self._every_s

    def is_due(self, now_s: float) -> bool:
        """Whether a line is to be sent now; asked once for each."""
        if now_s < self.next_s:
            return False
        every_s = max(self._every_s, self._least_s)
        on_time_s = self.next_s + every_s
        self.next_s = on_time_s if on_time_s > now_s else now_s + every_s
        return True
