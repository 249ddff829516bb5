"""Mains and battery, as psutil reads them on Windows and Linux."""

from typing import NamedTuple


class PowerRead(NamedTuple):
    """None: it cannot be read; a computer without a battery is on mains."""

    on_mains: bool | None
    charge_pct: int | None


def read_power() -> PowerRead:
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (OSError, RuntimeError):
        return PowerRead(None, None)
    if battery is None:
        return PowerRead(True, None)
    return PowerRead(battery.power_plugged, round(battery.percent))
