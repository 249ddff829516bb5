"""A monitor is tried from the window's thread without holding it up, and never where it is read already."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from app.domain.texts import Text
from app.jobs import port_test as probing


def asked(url: str, read: tuple[str, ...] = ()) -> Text:
    """What is told of an S/5 on that port."""
    posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
    told: list[Text] = []
    with ThreadPoolExecutor(1) as executor:
        probing.PortTest(executor, posted.put, read.__contains__).test(url, "datex-s5", None, lambda text, _line: told.append(text))
        if not told:
            posted.get(timeout=60)()
    return told[0]


def test_a_port_that_is_not_there_is_told() -> None:
    assert "no-such-port" in str(asked("no-such-port"))


def test_a_port_that_another_driver_reads_is_left_alone() -> None:
    assert str(asked("COM3", read=("COM3",))).startswith("COM3 is read already")
