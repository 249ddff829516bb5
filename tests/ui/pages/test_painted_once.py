"""What nobody sees change is neither drawn nor painted, while time goes by and the monitor repeats itself."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.texts import say
from tests.services.ward import PORT
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.test_infusion import Bed
from ui.infusion.tile import Tile
from ui.kit.dock import Dock, DockAction, DockState
from ui.kit.look_and_words import Kit
from ui.kit.table import Column, Table, TableLine, TableState
from ui.kit.trend.chart import TrendChart
from ui.kit.trend.chart_data import TrendData

VALUES = {"hr": 78, "spo2": 97, "rr": 16, "temp": "36.7"}


class Paints(QObject):
    """Every painting, by the kind of its widget, and of which part."""

    def __init__(self) -> None:
        super().__init__()
        self.of: Counter[str] = Counter()
        self.parts: dict[QWidget, QRect] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and isinstance(watched, QWidget):
            self.of[type(watched).__name__] += 1
            self.parts[watched] = self.parts.get(watched, QRect()).united(event.region().boundingRect())
        return False

    def begin(self) -> None:
        self.of.clear()
        self.parts.clear()


@pytest.fixture
def paints(qapp: QApplication) -> Iterator[Paints]:
    made = Paints()
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.fixture
def watched(furnish: Furnish, kit: Kit) -> Bed:
    """43½ min after the start, with a monitor."""
    bed = Bed(story.mid_infusion(story.new_ward()), furnish, kit)
    bed.ward.bedside.connect(bed.ward.infusion_id, PORT)
    return bed


def second(bed: Bed, **other: object) -> None:
    """One goes by: the monitor speaks, the ward is looked at, what is to be painted is."""
    bed.ward.clock.move(seconds=1)
    for vital, value in {**VALUES, **other}.items():
        bed.ward.hear(vital, value)
    bed.ward.bedside.tick()
    bed.desk.looked.emit()
    QApplication.processEvents()


def test_a_tile_that_says_the_same_is_not_painted_and_another_value_paints_its_tile_alone(watched: Bed, paints: Paints) -> None:
    for _ in range(3):
        second(watched)
    paints.begin()
    for _ in range(10):
        second(watched)
    assert paints.of["Tile"] == 0
    assert paints.of["DripCard"] == 0
    assert paints.of["IdentityBanner"] <= 10
    clock = next(part for widget, part in paints.parts.items() if type(widget).__name__ == "IdentityBanner")
    assert clock.width() < 200
    paints.begin()
    second(watched, temp="36.9")
    tiles = [widget for widget in paints.parts if isinstance(widget, Tile)]
    assert tiles == [watched.sheet.tiles[4]]
    assert paints.parts[tiles[0]].top() > 0  # not its head


def test_the_trend_is_drawn_a_pixel_of_time_apart_and_at_once_for_a_value_that_moves_or_goes(
    watched: Bed, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[float] = []
    draw = TrendChart.set_data

    def counted(chart: TrendChart, data: TrendData) -> None:
        drawn.append(data.now_s)
        draw(chart, data)

    monkeypatch.setattr(TrendChart, "set_data", counted)
    for _ in range(3):
        second(watched)
    left, right = watched.sheet.trend.plot.range_s
    a_pixel_s = (right - left) / watched.sheet.trend.plot.width()
    assert a_pixel_s > 5
    drawn.clear()
    for _ in range(20):
        second(watched)
    assert 1 <= len(drawn) <= 20 / a_pixel_s + 1
    drawn.clear()
    second(watched, temp="37.6")
    assert len(drawn) == 1
    second(watched, temp="37.6")
    assert len(drawn) == 1
    watched.sheet.trend.point(drawn[0])
    drawn.clear()
    second(watched, temp="37.6")
    second(watched, temp="37.6")
    assert len(drawn) == 2  # the cursor reads each second


def test_what_is_hidden_is_not_drawn(watched: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(TrendChart, "set_data", lambda _chart, data: drawn.append(data))
    watched.page.act("timeline")
    drawn.clear()
    for _ in range(3):
        second(watched, temp="37.6")
    assert drawn == []
    watched.page.act("timeline")
    assert len(drawn) == 1


def test_a_dock_whose_words_go_on_paints_the_button_that_says_them(furnish: Furnish, paints: Paints) -> None:
    window, _ = furnish(story.new_ward(), lambda desk: Dock(desk.kit))
    dock = window.pages["page"]
    assert isinstance(dock, Dock)
    for left in ("1:30", "1:31", "1:32"):
        paints.begin()
        others = tuple(DockAction(str(at), f"Other {at}", f"F{at}") for at in range(2, 5))
        dock.set_state(DockState(DockAction("next", f"Take vital signs · {left} late", "Enter"), others))
        for _ in range(3):
            QApplication.processEvents()
    assert paints.of["KeyButton"] == 1


def test_a_table_paints_the_cell_that_says_something_else(furnish: Furnish, paints: Paints) -> None:
    window, _ = furnish(story.new_ward(), lambda desk: Table(desk.kit, say("Devices")))
    table = window.pages["page"]
    assert isinstance(table, Table)
    columns = (Column("Bed"), Column("Left"))
    for left in ("1:30", "1:29", "1:28"):
        paints.begin()
        table.set_state(TableState(columns, (TableLine("a", ("12", left)), TableLine("b", ("14", "9:00")))))
        table.choose("b")
        for _ in range(3):
            QApplication.processEvents()
    part = paints.parts[table.view.viewport()]
    assert part.width() <= table.view.columnWidth(1) + 1
    assert part.height() <= table.view.rowHeight(0) + 1
    assert table.current() == "b"
