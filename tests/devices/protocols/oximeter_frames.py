"""Frames of every oximeter format, built from the published layouts and not from the simulators."""

from collections.abc import Callable, Iterable

OFF, LOST, ARTEFACT = 0x08, 0x10, 0x20


def summed(body: bytes) -> bytes:
    return body + bytes((sum(body) & 0xFF,))


def nonin_2(rate: int = 72, spo2: int = 97, flags: int = 0, **floats: int) -> bytes:
    """One cycle of 25 frames of format #2; `floats`: f8=… is the FLOAT of frame 8."""
    return b"".join(
        summed(bytes((0x01, status, 50 + n, value))) for n, (status, value) in enumerate(_cycle(rate, spo2, flags, floats))
    )


def nonin_7(rate: int = 72, spo2: int = 97, flags: int = 0) -> bytes:
    return b"".join(
        summed(bytes((status, 0x7A, 3 + 7 * n, value))) for n, (status, value) in enumerate(_cycle(rate, spo2, flags, {}))
    )


def _cycle(rate: int, spo2: int, flags: int, floats: dict[str, int]) -> Iterable[tuple[int, int]]:
    by_frame = {1: rate >> 7, 2: rate & 0x7F, 3: spo2} | {int(name[1:]): value for name, value in floats.items()}
    return [(0x80 | flags | (number == 1), by_frame.get(number, 0)) for number in range(1, 26)]


def nonin_8(rate: int = 72, spo2: int = 97, status: int = 0, status2: int = 0x20) -> bytes:
    return bytes((0x80 | status | rate >> 7, rate & 0x7F, spo2, status2))


def nonin_13(
    rate: int = 72, spo2: int = 97, status: int = 0x0200, date: str = "20260314092653", head: str = "0002000d000e"
) -> bytes:
    data = bytes.fromhex(date) + bytes((7, status >> 8, status & 0xFF, rate >> 8, rate & 0xFF, 0, spo2))
    return bytes.fromhex(head) + data + bytes((sum(data) & 0xFF, 0x03))


def nonin_line(rate: int | None = 72, spo2: int | None = 97) -> bytes:
    spo2_text, rate_text = ("---" if number is None else f"{number:03}" for number in (spo2, rate))
    return f"SPO2={spo2_text} HR={rate_text}\r\n".encode()


def five_bytes(rate: int = 72, spo2: int = 97, first: int = 5, third: int = 6) -> bytes:
    return bytes((0x80 | first, 51, third | rate >> 7 << 6, rate & 0x7F, spo2))


def contec_7(rate: int = 72, spo2: int = 97, signal: int = 5, pleth: int = 51, bar: int = 6, index: int = 123) -> bytes:
    data = (signal, pleth, bar, rate, spo2, index & 0xFF, index >> 8)
    high = 0x80 | sum((byte >> 7) << k for k, byte in enumerate(data))
    return bytes((0x01, high, *(byte | 0x80 for byte in data)))


#: Each format: its protocol, bytes that show a rate and an SpO₂, frames in these, frames that must come first.
FORMATS: dict[str, tuple[str, Callable[[int, int], bytes], int, int]] = {
    "nonin #2": ("nonin", nonin_2, 25, 25),
    "nonin #7": ("nonin", nonin_7, 25, 25),
    "nonin #8": ("nonin", nonin_8, 1, 8),
    "nonin #13": ("nonin", nonin_13, 1, 1),
    "nonin lines": ("nonin", nonin_line, 1, 8),
    "contec v7": ("contec", contec_7, 1, 8),
    "contec v5": ("contec-v5", five_bytes, 1, 8),
    "contec v5 recognised": ("contec", five_bytes, 1, 8),
    "berry": ("berry", five_bytes, 1, 8),
}
