"""A patient and the monitors that speak of them, byte for byte.

Most monitors' bytes carry no mark of being simulated: whoever opens such a port must know it,
and a ward's own store never opens one.
"""

from typing import Protocol


class SimulatedDevice(Protocol):
    """One simulated device, without port, clock or thread; `now_s` is simulated seconds since the start."""

    def hear(self, data: bytes, now_s: float, /) -> None:
        """Take what the client sent."""

    def due(self, now_s: float, /) -> list[bytes]:
        """The frames to send now; what was missed is not sent later. An empty one breaks the line."""

    def next_s(self) -> float | None:
        """When the next frame is due, None while silent."""

    def thin(self, least_s: float, /) -> bool:
        """Send no two frames closer than this; True if that leaves frames out."""
