"""How loud the system's output is: PipeWire and PulseAudio on Linux, the Core Audio endpoint on Windows."""

import re
import sys

from app.domain.watch.laptop_seen import SoundFault

from .system_said import system_said

_SHARE = re.compile(r"Volume: (\d+[.,]\d+)")
_PERCENT = re.compile(r"(\d+)\s*%")


def read_volume() -> SoundFault | None:
    """Muted or turned down to nothing; None for loud enough, or where it cannot be read: whether it is heard is asked."""
    if sys.platform == "win32":
        return _of_windows()
    found = system_said("wpctl", "get-volume", "@DEFAULT_AUDIO_SINK@")
    if found is not None:
        return of_wpctl(found)
    mute = system_said("env", "LC_ALL=C", "pactl", "get-sink-mute", "@DEFAULT_SINK@")
    volume = system_said("env", "LC_ALL=C", "pactl", "get-sink-volume", "@DEFAULT_SINK@")
    return of_pactl(mute or "", volume or "")


def of_wpctl(said: str) -> SoundFault | None:
    """`Volume: 0.40 [MUTED]`"""
    if "[MUTED]" in said:
        return SoundFault.MUTED
    found = _SHARE.search(said)
    return SoundFault.VOLUME_0 if found and float(found[1].replace(",", ".")) == 0 else None


def of_pactl(mute: str, volume: str) -> SoundFault | None:
    """`Mute: no`, and `Volume: front-left: 65536 / 100% / 0.00 dB, front-right: …`"""
    if "yes" in mute:
        return SoundFault.MUTED
    found = _PERCENT.findall(volume)
    return SoundFault.VOLUME_0 if found and not any(map(int, found)) else None


if sys.platform == "win32":
    import comtypes
    from pycaw.pycaw import AudioUtilities

    def _of_windows() -> SoundFault | None:
        """On whatever thread: each needs COM for itself, until its end."""
        try:
            comtypes.CoInitialize()
            endpoint = AudioUtilities.GetSpeakers().EndpointVolume
            if endpoint.GetMute():
                return SoundFault.MUTED
            return SoundFault.VOLUME_0 if endpoint.GetMasterVolumeLevelScalar() == 0 else None
        except (comtypes.COMError, AttributeError, OSError):
            return None
