"""From the threads that read ports to the thread that decides: one crossing for all that a read brought."""

from collections import deque
from collections.abc import Callable

from app.services.ward.ports import Post


class Crossing:
    """`put` may be called on any thread; the calls run in order where `post` runs them. What waits together crosses together."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_asked = False

    def put(self, call: Callable[[], None]) -> None:
        self._waiting.append(call)  # first: whoever is asked already takes it too
        if not self._is_asked:
            self._ask()

    def _ask(self) -> None:
        self._is_asked = True
        self._post(self._take)

    def _take(self) -> None:
        """What has come meanwhile is for another turn. One that fails keeps nobody else back."""
        self._is_asked = False
        try:
            for _ in range(len(self._waiting)):
                self._waiting.popleft()()
        finally:
            if self._waiting and not self._is_asked:
                self._ask()
