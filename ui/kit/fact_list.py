"""Names and values beneath each other, as many as there are; long values are broken, and the whole can be scrolled."""

import re
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea

from app.domain.texts import Text
from ui.kit.look.tokens import SPACE_8

from .labels_and_buttons import Card, clear_page, label
from .look_and_words import Kit

_TOP = Qt.AlignmentFlag.AlignTop
Fact = tuple[Text | str, Text | str]


class FactList(QScrollArea):
    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit = kit
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._card = Card(kit)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setSpacing(SPACE_8)
        self._card.body.addLayout(self._grid)
        self._card.body.addStretch(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(clear_page(self._card))

    def make_room(self, rows: int) -> None:
        """Made before they are needed; not seen."""
        for _ in range(rows):
            self._add_row()
            for one in self._rows[-1]:
                one.ensurePolished()
                one.hide()

    def put(self, facts: Iterable[Fact]) -> None:
        """In place of those before."""
        listed = list(facts)
        while len(self._rows) < len(listed):
            self._add_row()
        for at, row in enumerate(self._rows):
            name, value = listed[at] if at < len(listed) else ("", "")
            for one, text in zip(row, (name, breakable(self.kit.words.shown(value))), strict=True):
                self.kit.words.bind(one, text=text)
                one.setVisible(at < len(listed))  # a hidden one counts for nothing in the height
        self._fit()

    def _add_row(self) -> None:
        row = label(self.kit, "", "body", "quiet"), label(self.kit, "", "body", wrap=True)
        for column, one in enumerate(row):
            self._grid.addWidget(one, len(self._rows), column, _TOP)
        self._rows.append(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the broken lines need: a scroll area does not ask for it itself."""
        self._card.setMinimumHeight(self._card.body.totalHeightForWidth(self.viewport().width()))


def breakable(text: str) -> str:
    """A long word, such as a hash, may be broken after every sixteen letters."""
    return re.sub(r"(\S{16})(?=\S)", "\\1\u200b", text)
