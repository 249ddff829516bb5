"""What each widget does when it is pressed, typed into, or given something new."""

from decimal import Decimal

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.texts import say
from tests.ui.cut import assert_nothing_cut
from tests.ui.scanner import send
from tests.ui.scenes import identity, stages, tiles
from ui.ask.big_number import BigNumber, NumberKeys, NumberState
from ui.ask.tap_pad import TapPad
from ui.ask.toggle_grid import Toggle, ToggleGrid, ToggleItem, ToggleState
from ui.frame.bar.alarm_bar import SETTLES_MS, AlarmBar, AlarmState
from ui.frame.bar.rail import Rail, RailButton, RailItem, RailState
from ui.frame.bar.top_bar import TopBar, TopBarState
from ui.infusion.blood_pressure import with_pressure
from ui.infusion.drip_card import DripCard, DripState
from ui.infusion.tile import Tile, TileState
from ui.infusion.timeline import Timeline, TimelineRow
from ui.kit import labels_and_buttons
from ui.kit.chip import ChipState
from ui.kit.dock import Dock, DockAction, DockState
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.identity_banner import IdentityBanner
from ui.kit.look_and_words import MOVES_MS, MOVES_ON_BATTERY_MS, Kit
from ui.kit.message_strip import MessageState, MessageStrip
from ui.kit.metronome import Metronome, picture_at
from ui.kit.progress import Progress, ProgressState
from ui.kit.stage_strip import StageStrip
from ui.kit.table import Column, Table, TableLine, TableState
from ui.kit.time_ring import RingState, TimeRing


def test_the_same_state_again_paints_nothing(kit: Kit, qtbot: QtBot) -> None:
    tile = Tile(kit)
    qtbot.addWidget(tile)
    painted: list[TileState] = []

    class Counting(Tile):
        def draw(self, canvas, state) -> None:  # type: ignore[no-untyped-def]
            painted.append(state)
            super().draw(canvas, state)

    tile = Counting(kit)
    qtbot.addWidget(tile)
    tile.set_state(tiles()[0])
    tile.show()
    qtbot.waitUntil(lambda: bool(painted))
    before = len(painted)
    tile.set_state(tiles()[0])
    qtbot.wait(20)
    assert len(painted) == before
    tile.set_state(tiles()[1])
    qtbot.waitUntil(lambda: len(painted) > before)


def test_a_missing_value_says_why(kit: Kit, qtbot: QtBot) -> None:
    tile = Tile(kit)
    qtbot.addWidget(tile)
    tile.set_state(TileState(say("Temperature"), "warmth", missing=say("not measured yet")))
    assert tile.accessibleName() == "Temperature no value not measured yet"


def test_a_stale_value_says_so(kit: Kit, qtbot: QtBot) -> None:
    tile = Tile(kit)
    qtbot.addWidget(tile)
    tile.set_state(msgspec.structs.replace(tiles()[0], stale=True))
    assert "stale" in tile.accessibleName()


def test_a_narrow_tile_still_says_where_its_value_comes_from(kit: Kit, qtbot: QtBot) -> None:
    tile = Tile(kit)
    qtbot.addWidget(tile)
    tile.resize(230, 110)
    state = TileState(say("Blood pressure"), "pressure", "119/75", "mmHg", "(90)", source=say("simulated"), age="3 min")
    tile.set_state(msgspec.structs.replace(state, before="118/72", moved="↑"))
    tile.grab()
    assert "118/72 → ↑ · simulated" in [written.text for written in tile.written]


def test_pressure_is_written_as_one() -> None:
    state = TileState(say("Blood pressure"), "pressure")
    shown = with_pressure(state, Decimal(118), Decimal(74), Decimal("88.6"))
    assert (shown.value, shown.second) == ("118/74", "(89)")
    assert with_pressure(state, Decimal(118), None, None).value is None


def test_acknowledge_stops_the_flashing(kit: Kit, qtbot: QtBot) -> None:
    bar = AlarmBar(kit)
    qtbot.addWidget(bar)
    bar.set_state(AlarmState("high", "SpO₂ 84 % < 90", others=("one", "two")))
    assert not bar.isHidden()
    assert bar._timer.isActive()
    assert bar.more.text() == "+2"
    qtbot.wait(SETTLES_MS + 50)
    with qtbot.waitSignal(bar.acknowledge_pressed):
        QTest.mouseClick(bar.acknowledge, Qt.MouseButton.LeftButton)
    bar.set_state(AlarmState("high", "SpO₂ 84 % < 90", others=("one", "two"), acknowledged_by="Li"))
    assert not bar._timer.isActive()
    bar.set_state(None)
    assert bar.isHidden()


def test_alarm_flashing_keeps_the_standard(kit: Kit, qtbot: QtBot) -> None:
    from ui.frame.bar.alarm_bar import _FLASH_MS

    for priority, low_hz, high_hz in (("high", 1.4, 2.8), ("medium", 0.4, 0.8)):
        lit, dark = _FLASH_MS[priority]
        assert low_hz <= 1000 / (lit + dark) <= high_hz
        assert 0.2 <= lit / (lit + dark) <= 0.6
    bar = AlarmBar(kit)
    qtbot.addWidget(bar)
    bar.set_state(AlarmState("low", "Backup is old"))
    assert not bar._timer.isActive()


def test_the_dock_presses_by_mouse_and_key(kit: Kit, qtbot: QtBot) -> None:
    dock = Dock(kit)
    qtbot.addWidget(dock)
    dock.resize(1258, 48)
    dock.set_state(DockState(DockAction("vitals", say("Vital signs"), "Enter"), (DockAction("drip", say("Measure drip"), "F3"),)))
    dock.show()
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    kit.words.set_language("zh_CN")
    for key, name in ((Qt.Key.Key_Return, "vitals"), (Qt.Key.Key_F3, "drip")):
        with qtbot.waitSignal(dock.chosen, check_params_cb=lambda got, name=name: got == name):
            QTest.keyClick(dock, key)
    with qtbot.waitSignal(dock.chosen, check_params_cb=lambda got: got == "reaction"):
        QTest.mouseClick(dock.reaction, Qt.MouseButton.LeftButton)


def test_reaction_stays_in_its_corner(kit: Kit, qtbot: QtBot) -> None:
    dock = Dock(kit)
    qtbot.addWidget(dock)
    dock.resize(1258, 48)
    dock.show()
    corners = set()
    for count in (0, 2, 4):
        others = tuple(DockAction(str(at), say("Pause")) for at in range(count))
        dock.set_state(DockState(DockAction("a", say("Pause")), others))
        qtbot.wait(10)
        corners.add(dock.reaction.geometry().bottomRight().toTuple())
    assert corners == {QPoint(1257, 47).toTuple()}


def test_a_disabled_action_says_why(kit: Kit, qtbot: QtBot) -> None:
    dock = Dock(kit)
    qtbot.addWidget(dock)
    dock.set_state(DockState(DockAction("a", say("Pause"), enabled=False, why=say("not measured yet"))))
    assert not dock.primary.isEnabled()
    assert dock.primary.toolTip() == "not measured yet"


def test_the_rail_tells_the_page(kit: Kit, qtbot: QtBot) -> None:
    rail = Rail(kit)
    qtbot.addWidget(rail)
    rail.set_state(RailState((RailItem("ward", "ward", say("Ward")), RailItem("trial", "trial", say("Trial"))), "ward"))
    rail.show()
    with qtbot.waitSignal(rail.chosen, check_params_cb=lambda got: got == "trial"):
        QTest.mouseClick(rail.findChildren(RailButton)[1], Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [640, 960, 1280, 1366])
def test_the_top_bar_never_drops_clock_or_due(kit: Kit, qtbot: QtBot, width: int) -> None:
    bar = TopBar(kit)
    qtbot.addWidget(bar)
    bar.set_state(TopBarState("Haematology 3", "14:32:07"))
    bar.resize(width, 48)
    bar.show()
    qtbot.wait(10)
    assert bar.width() == width
    assert bar.clock.isVisible()
    assert bar.clock.width() >= bar.clock.sizeHint().width()
    assert bar.due.isVisible()
    assert_nothing_cut(bar)


def test_what_gave_way_to_a_long_name_that_is_dropped_itself_comes_back(kit: Kit, qtbot: QtBot) -> None:
    bar = TopBar(kit)
    qtbot.addWidget(bar)
    bar.set_state(TopBarState("Ward 3", "14:32:07", person=ChipState("An administrator with a name that goes on and on", "person")))
    bar.resize(2_000, 48)
    bar.show()
    assert bar.ward.isVisible()
    assert not bar.person.is_bare
    enough = next(width for width in range(2_000, 600, -4) if narrowed(bar, width).person.is_bare)
    assert (bar.ward.isVisible(), bar.lock.is_bare) == (True, False)
    narrowed(bar, enough - bar.person.full_width())
    assert (bar.ward.isVisible(), bar.lock.is_bare) == (False, True)


def narrowed(bar: TopBar, width: int) -> TopBar:
    bar.resize(width, 48)
    return bar


def test_the_identity_takes_a_second_row_when_narrow(kit: Kit, qtbot: QtBot) -> None:
    banner = IdentityBanner(kit)
    qtbot.addWidget(banner)
    banner.set_state(identity())
    assert banner.heightForWidth(1258) == 60
    assert banner.heightForWidth(600) > 60


def test_stages_elide_and_tell_all_when_squeezed(kit: Kit, qtbot: QtBot) -> None:
    strip = StageStrip(kit)
    qtbot.addWidget(strip)
    strip.set_state(stages())
    strip.resize(500, 52)
    boxes = strip.boxes(stages())
    assert boxes[-1].right() <= 500
    assert "Pre-medication done 13:15" in strip.accessibleName()


def test_the_drop_lands_on_the_beat(kit: Kit, qtbot: QtBot) -> None:
    drop = Metronome(kit)
    qtbot.addWidget(drop)
    drop.set_rate(300)
    past, left = drop.phase_ms()
    assert past + left == pytest.approx(200)
    drop.show()
    assert drop._timer.isActive()
    drop.hide()
    assert not drop._timer.isActive()


@pytest.mark.parametrize(
    ("rate_gtt_min", "pictures"),
    [(1, [0, 1, 2, 3]), (20, [0, 1, 2, 3]), (40, [0, 1, 2, 3]), *((rate, [0, 2, 3]) for rate in (41, 56, 60, 120, 240, 300))],
)
def test_a_beat_is_three_or_four_pictures_and_its_drop_lands_on_time(rate_gtt_min: int, pictures: list[int]) -> None:
    """A minute by a clock that is stepped from picture to picture, each a ms late as a timer is."""
    period, now, shown, landed = 60_000 / rate_gtt_min, 0.0, [], []
    while now < 59_990:
        picture, wait = picture_at(now % period, period)
        shown.append(picture)
        landed += [now] if picture == 0 else []
        now += int(wait) + 1
    assert shown == pictures * rate_gtt_min
    assert max(abs(at - beat * period) for beat, at in enumerate(landed)) <= 1


def test_the_drop_rests_a_minute_after_the_last_touch_and_falls_in_its_rhythm_when_somebody_comes(
    kit: Kit, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_ms = [0]
    monkeypatch.setattr("ui.kit.look_and_words.QElapsedTimer.elapsed", lambda _self: still_ms[0])
    monkeypatch.setattr("ui.kit.look_and_words.QElapsedTimer.restart", lambda _self: still_ms[0])
    drop = Metronome(kit)
    qtbot.addWidget(drop)
    drop.set_rate(20)
    drop.show()
    for on_battery, moves_ms in ((False, MOVES_MS), (True, MOVES_ON_BATTERY_MS)):
        kit.attendance.on_battery = on_battery
        still_ms[0] = moves_ms - 1
        drop._frame()
        assert (drop.is_resting, drop._timer.isActive()) == (False, True)
        still_ms[0] = moves_ms
        drop._frame()
        assert (drop.is_resting, drop.picture, drop._timer.isActive()) == (True, 1, False)
        with qtbot.waitSignal(kit.attendance.came):
            kit.attendance.touched()
        still_ms[0] = 0
        drop._frame()
        assert (drop.is_resting, drop._timer.isActive()) == (False, True)
        assert drop.picture == picture_at(drop.phase_ms()[0], 3000)[0]


def test_the_drop_holds_still_while_paused(kit: Kit, qtbot: QtBot) -> None:
    card = DripCard(kit)
    qtbot.addWidget(card)
    card.set_state(DripState(56, None, running=False))
    assert card.metronome.rate_gtt_min == 0
    assert card.accessibleName() == "Drip rate not yet measured  target 56"


def test_numbers_are_typed_and_tapped(kit: Kit, qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    number = BigNumber(kit, around)
    keys = NumberKeys(kit, around).keys
    number.set_state(NumberState(say("Temperature"), "°C", 1, 2))
    QTest.keyClicks(number.field, "36,85x")
    assert number.value() == Decimal("36.8")
    keys["⌫"].click()
    assert number.value() == Decimal("36")
    keys["5"].click()
    assert number.value() == Decimal("36.5") or number.value() == Decimal("36")
    with qtbot.waitSignal(number.accepted):
        QTest.keyClick(number.field, Qt.Key.Key_Return)
    number.set_value(None)
    assert number.value() is None


def test_whole_numbers_take_no_point(kit: Kit, qtbot: QtBot) -> None:
    number = BigNumber(kit)
    qtbot.addWidget(number)
    number.set_state(NumberState(say("Heart rate"), "/min"))
    QTest.keyClicks(number.field, "8.4")
    assert number.value() == Decimal(84)


def test_toggles_are_one_stop_with_arrows_and_letters(kit: Kit, qtbot: QtBot) -> None:
    grid = ToggleGrid(kit)
    qtbot.addWidget(grid)
    grid.set_state(ToggleState((ToggleItem("yes", say("Yes"), "Y"), ToggleItem("no", say("No"), "N")), 2, exclusive=True))
    grid.show()
    yes, no = grid.findChildren(Toggle)
    assert [bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) for one in (yes, no)] == [True, False]
    grid.take_focus()
    QTest.keyClick(yes, Qt.Key.Key_Right)
    assert grid.chosen() == frozenset({"no"})
    assert [bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) for one in (yes, no)] == [False, True]
    QTest.keyClicks(no, "y")
    assert grid.chosen() == frozenset({"yes"})
    send(yes, "SUBJECT-N", gap_ms=4)
    assert grid.chosen() == frozenset({"yes"}), "a scanner answers nothing"


def test_toggles_keep_what_was_chosen(kit: Kit, qtbot: QtBot) -> None:
    grid = ToggleGrid(kit)
    qtbot.addWidget(grid)
    items = (ToggleItem("fever", say("Fever")), ToggleItem("rash", say("Rash")))
    grid.set_state(ToggleState(items))
    with qtbot.waitSignal(grid.changed, check_params_cb=lambda got: got == frozenset({"rash"})):
        grid.findChildren(Toggle)[1].click()
    grid.set_state(ToggleState((*items, ToggleItem("other", say("Other")))))
    assert grid.chosen() == {"rash"}


def test_one_of_several(kit: Kit, qtbot: QtBot) -> None:
    grid = ToggleGrid(kit)
    qtbot.addWidget(grid)
    grid.set_state(ToggleState((ToggleItem("a", "a"), ToggleItem("b", "b")), exclusive=True))
    for toggle in grid.findChildren(Toggle):
        toggle.click()
    assert grid.chosen() == {"b"}


def test_taps_are_taken_on_the_press(kit: Kit, qtbot: QtBot) -> None:
    times = iter((1.0, 2.1, 3.2))
    pad = TapPad(kit, lambda: next(times))
    qtbot.addWidget(pad)
    with qtbot.waitSignal(pad.tapped, check_params_cb=lambda got: got == 1.0):
        QTest.keyPress(pad, Qt.Key.Key_Space)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(pad, Qt.MouseButton.LeftButton)
    assert list(pad.taps) == [1.0, 2.1, 3.2]
    pad.clear()
    assert not pad.taps


def test_a_table_tells_its_row(kit: Kit, qtbot: QtBot) -> None:
    table = Table(kit, say("Records"))
    qtbot.addWidget(table)
    columns = (Column(say("Subject"), strong=True), Column(say("Time"), right=True))
    table.set_state(TableState(columns, (TableLine("a", ("B-007", "14:32")), TableLine("b", ("A-004", "14:40")))))
    with qtbot.waitSignal(table.chosen, check_params_cb=lambda got: got == "b"):
        table.view.selectRow(1)
    table.set_state(TableState(columns, (TableLine("b", ("A-004", "14:41")), TableLine("a", ("B-007", "14:32")))))
    assert table.current() == "b"
    kit.words.set_language("zh_CN")
    assert table.current() == "b"
    assert table.view.model().headerData(0, Qt.Orientation.Horizontal) == "受试者"


def test_no_row_of_the_timeline_lies_on_the_next(kit: Kit, qtbot: QtBot) -> None:
    """In a narrower place texts wrap that just fitted, and what stands below them moves down."""
    timeline = Timeline(kit)
    qtbot.addWidget(timeline)
    text = "Bag checked before hanging: looks right"
    timeline.set_state(tuple(TimelineRow("14:20", f"{text} {'i' * n}", "N-07") for n in range(40)))
    timeline.resize(900, 300)
    timeline.show()
    qtbot.waitUntil(timeline.list.verticalScrollBar().isVisible)
    timeline.resize(int(kit.look.metrics("body").horizontalAdvance(f"{text} {'i' * 20}")) + 100, 300)
    model = timeline.list.model()

    def lie_below_each_other() -> None:
        places = [timeline.list.visualRect(model.index(at, 0)) for at in range(model.rowCount())]
        assert len({place.height() for place in places}) == 2
        assert [place.top() for place in places[1:]] == [place.bottom() + 1 for place in places[:-1]]

    qtbot.waitUntil(lie_below_each_other)


def test_the_timeline_reads_itself_aloud(kit: Kit, qtbot: QtBot) -> None:
    timeline = Timeline(kit)
    qtbot.addWidget(timeline)
    assert timeline.list.isHidden()
    timeline.set_state((TimelineRow("14:20", "Temperature 36.8", "N-07", "38.6", "typed wrongly", unsaved=True),))
    timeline.show()
    said = timeline.list.model().index(0, 0).data()
    assert said == "14:20 38.6 Temperature 36.8 N-07 · Reason: typed wrongly · not yet saved"
    assert not timeline.list.isHidden()


def test_a_message_offers_the_way_out(kit: Kit, qtbot: QtBot) -> None:
    strip = MessageStrip(kit)
    qtbot.addWidget(strip)
    strip.set_state(MessageState(say("The record could not be written: the disk is full."), action=say("Try again")))
    strip.show()
    with qtbot.waitSignal(strip.action_pressed):
        strip.action.click()
    with qtbot.waitSignal(strip.closed):
        strip.close_button.click()
    assert strip.isHidden()


def test_long_work_can_be_cancelled(kit: Kit, qtbot: QtBot) -> None:
    work = Progress(kit)
    qtbot.addWidget(work)
    work.set_state(ProgressState(say("Saving the backup"), 3, 10))
    assert (work.bar.value(), work.bar.maximum()) == (3, 10)
    with qtbot.waitSignal(work.cancelled):
        work.cancel.click()


def test_an_empty_page_leads_on(kit: Kit, qtbot: QtBot) -> None:
    empty = EmptyPage(kit)
    qtbot.addWidget(empty)
    empty.set_state(EmptyState(say("Nothing recorded yet"), say("Every step appears here as it is done."), say("Trial")))
    with qtbot.waitSignal(empty.pressed):
        empty.action.click()


def test_a_ring_says_its_time(kit: Kit, qtbot: QtBot) -> None:
    ring = TimeRing(kit)
    qtbot.addWidget(ring)
    ring.set_state(RingState(0.4, "16:30"))
    ring.show()
    assert ring.accessibleName() == "16:30"
    assert_nothing_cut(ring)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_focused_button_is_pressed_by_enter_and_space(kit: Kit, qtbot: QtBot, key: Qt.Key) -> None:
    made = labels_and_buttons.button(kit, "New infusion")
    qtbot.addWidget(made)
    pressed: list[bool] = []
    made.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(made, key)
    assert pressed == [True]
