"""When records arrived: whole ones, as many as one read brought."""


class Arrived:
    """`count`: of all ports together, so many are waited for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.stamps: list[tuple[int, float]] = []

    def take(self, port: int, records: int, at_s: float) -> None:
        """Of one read: none, one, or several that came together."""
        self.stamps.extend([(port, at_s)] * records)

    @property
    def is_over(self) -> bool:
        return len(self.stamps) >= self._count

    def told(self) -> str:
        """A line each: port and seconds."""
        return "".join(f"{port} {at!r}\n" for port, at in self.stamps)
