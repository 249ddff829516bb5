"""Reminder sounds in the spirit of IEC 60601-1-8, in a timbre of their own so that nobody takes them for the monitor.

A sound backend can fail silently: the device is opened anew for each burst, and a failure is shown, not hidden.
"""

import ctypes
import math
from array import array
from collections.abc import Generator
from contextlib import suppress
from functools import cache

import miniaudio

from app.domain.watch.laptop_seen import SoundFault
from app.domain.watch.priority import Priority
from app.services.clock import steady_s

RATE_HZ = 44_100
_FUNDAMENTAL_HZ = 440.0
_HARMONICS_DB = (0, -3, -6, -9, -12)
_TOP = 9_000
#: JACK, a studio's, complains to the terminal where it does not run.
_BACKENDS = [backend for backend in miniaudio.Backend if backend.name not in ("NULL", "JACK")]
#: file, line, function, error, format
_ALSA_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
#: ALSA's own device for nobody's ears.
_NOBODY_HEARS = "Discard all samples"
#: So long after its end a burst must have gone through the device.
_LATE_S = 2.0

#: Seconds: (pulse, gaps after each pulse); the last gap is left out.
_PULSE_S = {Priority.HIGH: 0.15, Priority.MEDIUM: 0.2, Priority.LOW: 0.2}
_GAPS_S = {
    Priority.HIGH: (0.1, 0.1, 0.35, 0.1, 1.0, 0.1, 0.1, 0.35, 0.1, 0.0),
    Priority.MEDIUM: (0.2, 0.2, 0.0),
    Priority.LOW: (0.0,),
}


@cache
def burst(priority: Priority) -> array:  # type: ignore[type-arg]
    """One burst as signed 16-bit mono samples."""
    sound = array("h")
    pulse = _pulse(_PULSE_S[priority])
    for gap_s in _GAPS_S[priority]:
        sound.extend(pulse)
        sound.extend([0] * int(gap_s * RATE_HZ))
    return sound


def _pulse(length_s: float) -> list[int]:
    count = int(length_s * RATE_HZ)
    ramp = count // 5
    return [round(_TOP * _envelope(n, count, ramp) * _tone(n / RATE_HZ)) for n in range(count)]


def _envelope(n: int, count: int, ramp: int) -> float:
    return min(1.0, n / ramp, (count - n) / ramp)


def _tone(t_s: float) -> float:
    parts = (
        10 ** (level / 20) * math.sin(2 * math.pi * _FUNDAMENTAL_HZ * (at + 1) * t_s) for at, level in enumerate(_HARMONICS_DB)
    )
    return sum(parts) / 3


class Speaker:
    """Plays one burst at a time. Opening the device takes as long as the system likes."""

    def __init__(self) -> None:
        _hush()
        self._device: miniaudio.PlaybackDevice | None = None
        self._played: _Played | None = None

    def play(self, priority: Priority) -> bool:
        """Whether the burst could be started."""
        self.close()
        try:
            self._device = miniaudio.PlaybackDevice(nchannels=1, sample_rate=RATE_HZ, backends=_BACKENDS)
            self._played = _Played(burst(priority), steady_s())
            stream = self._played.frames()
            next(stream)
            self._device.start(stream)
        except miniaudio.MiniaudioError:
            self.close()
            return False
        return True

    def missing(self) -> SoundFault | None:
        """No device is there."""
        try:
            devices = miniaudio.Devices(backends=_BACKENDS).get_playbacks()
        except miniaudio.MiniaudioError:
            return SoundFault.NO_DEVICE
        heard = [device for device in devices if not device["name"].startswith(_NOBODY_HEARS)]
        return None if heard else SoundFault.NO_DEVICE

    def stuck(self) -> SoundFault | None:
        """The last burst was begun, and the device never asked for all of it."""
        return SoundFault.FAILED if self._played is not None and self._played.is_stuck(steady_s()) else None

    def close(self) -> None:
        if self._device is not None:
            with suppress(miniaudio.MiniaudioError):
                self._device.close()
            self._device = None


class _Played:
    """A burst on its way through the device, begun at `begun_s`."""

    def __init__(self, sound: "array[int]", begun_s: float) -> None:
        self._sound, self._begun_s = sound, begun_s
        self._at = 0

    def frames(self) -> Generator["array[int]", int, None]:
        """What the device asks for, a number of frames at a time; silence after the end."""
        wanted = yield array("h")
        while self._at < len(self._sound):
            at, self._at = self._at, self._at + wanted
            wanted = yield self._sound[at : at + wanted]

    def is_stuck(self, now_s: float) -> bool:
        length = len(self._sound)
        return self._at < length and now_s > self._begun_s + length / RATE_HZ + _LATE_S


@cache
def _hush() -> object:
    """ALSA writes its own complaints to the terminal; what matters is shown in the window. Kept, for ALSA calls it."""

    def nothing(*_what: object) -> None: ...

    handler = _ALSA_HANDLER(nothing)
    with suppress(OSError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    return handler
