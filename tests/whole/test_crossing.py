"""What readers tell crosses to the deciding thread together, in order, and none of it is lost."""

from collections.abc import Callable
from threading import Thread

import pytest

from app.program.crossing import Crossing


class Later:
    """A thread that decides when it is told to: `turn` runs what was posted before."""

    def __init__(self) -> None:
        self.posted: list[Callable[[], None]] = []

    def post(self, call: Callable[[], None]) -> None:
        self.posted.append(call)

    def turn(self) -> None:
        calls, self.posted = self.posted, []
        for call in calls:
            call()


def test_what_one_read_brought_crosses_once_and_in_order() -> None:
    later, taken = Later(), list[str]()
    crossing = Crossing(later.post)
    crossing.put(lambda: taken.append("link"))
    crossing.put(lambda: taken.append("readings"))
    assert len(later.posted) == 1
    later.turn()
    assert taken == ["link", "readings"]
    assert later.posted == []


def test_what_comes_meanwhile_is_for_another_turn() -> None:
    later, taken = Later(), list[int]()
    crossing = Crossing(later.post)

    def again() -> None:
        taken.append(len(taken))
        crossing.put(again)

    crossing.put(again)
    for turn in range(3):
        later.turn()
        assert taken == list(range(turn + 1))


def test_one_that_fails_keeps_nobody_back() -> None:
    later, taken = Later(), list[int]()
    crossing = Crossing(later.post)
    crossing.put(lambda: taken.append(1 // 0))
    crossing.put(lambda: taken.append(2))
    with pytest.raises(ZeroDivisionError):
        later.turn()
    later.turn()
    assert taken == [2]


def test_of_many_threads_each_is_taken_once() -> None:
    later, taken = Later(), list[int]()
    crossing = Crossing(later.post)

    def tell(first: int) -> None:
        for number in range(first, first + 500):
            crossing.put(lambda number=number: taken.append(number))  # type: ignore[misc]

    threads = [Thread(target=tell, args=(500 * each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or later.posted:
        later.turn()
    assert sorted(taken) == list(range(2000))
