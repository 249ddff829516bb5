"""An application that times from outside what its window's thread does, painting apart."""

import sys

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from app.services.clock import steady_s

_PAINTING = (QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.Expose, QEvent.Type.UpdateLater)


class Timed(QApplication):
    """`longest`: the longest event in s of each second. What is within an event is asked for its class alone: asking takes time."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.longest = [0.0]
        self._event_is_timed = self._is_painting = False
        self._painted_s = 0.0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self._event_is_timed or self._is_painting:
            is_grab = isinstance(event, QPaintEvent) and not self._is_painting
            return self._paint(receiver, event) if is_grab else super().notify(receiver, event)
        if event.type() in _PAINTING:
            return self._paint(receiver, event)
        self._event_is_timed, self._painted_s, began = True, 0.0, steady_s()
        done = super().notify(receiver, event)
        self._event_is_timed = False
        self.longest[-1] = max(self.longest[-1], steady_s() - began - self._painted_s)
        return done

    def _paint(self, receiver: QObject, event: QEvent) -> bool:
        self._is_painting, began = True, steady_s()
        done = super().notify(receiver, event)
        self._is_painting = False
        self._painted_s += steady_s() - began
        return done
