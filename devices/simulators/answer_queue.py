"""Devices that speak only when asked: answers in turn, no two closer than the line is to be thinned."""

from collections import deque

_WAITING_AT_MOST = 16


class AnswerQueue:
    """Answers that wait to be sent, the oldest first; what nobody waits for any more is lost."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque(maxlen=_WAITING_AT_MOST)
        self._not_before_s = float("-inf")
        self._asked_s = 0.0
        self._least_s = 0.0

    def put(self, answer: bytes, now_s: float) -> None:
        self._asked_s = now_s
        self._waiting.append(answer)

    def thin(self, least_s: float) -> bool:
        self._least_s = least_s
        return False

    def next_s(self) -> float | None:
        return max(self._not_before_s, self._asked_s) if self._waiting else None

    def due(self, now_s: float) -> list[bytes]:
        if not self._waiting or now_s < self._not_before_s:
            return []
        self._not_before_s = now_s + self._least_s
        return [self._waiting.popleft()]
