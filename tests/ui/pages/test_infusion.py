"""What a nurse sees on the Infusion page at every stop of one infusion, in both languages, and what her keys do."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fnmatch import fnmatch

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.drip import SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.pause import Pause, Resume
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ReportEmpty
from app.domain.infusion.phases import Phase
from app.domain.infusion.task_kinds import TaskKind
from app.domain.vitals.vital_signs import Quality
from app.services.ward.series import OldPart, Trend
from devices.link import LinkState
from tests.domain.cast import LI, WANG, ZHAO
from tests.services.ward import PORT, Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.frame.desk import Desk
from ui.frame.window import Window
from ui.infusion.more_menu import MoreMenu
from ui.infusion.page import TREND, InfusionPage
from ui.infusion.tile import TileState
from ui.infusion.trend_points import trend_data
from ui.kit.look_and_words import Kit
from ui.questions import actions

BAGS = ("UC-2611-043", "UC-2611-044")
SIZES = ((1366, 768), (1280, 720))


class Bed:
    """The page in its window, on a ward moved by hand."""

    def __init__(self, ward: Ward, furnish: Furnish, kit: Kit, made: type[InfusionPage] = InfusionPage) -> None:
        self.ward, self.kit = ward, kit
        self.window: Window
        self.window, self.desk = furnish(ward, made)
        page = self.window.pages["page"]
        assert isinstance(page, InfusionPage)
        self.page, self.sheet = page, page.sheet
        self.look()

    def look(self) -> None:
        """Everything pulled, laid out and painted."""
        self.page.show_infusion(self.ward.infusion_id)
        for _ in range(3):
            QApplication.processEvents()

    @property
    def primary(self) -> str:
        self.look()
        return self.sheet.dock.primary.text()

    def tile(self, at: int) -> TileState:
        self.look()
        state = self.sheet.tiles[at].state
        assert state is not None
        return state

    def notes(self) -> list[str]:
        """The stage strip's notes, as written."""
        self.look()
        assert self.sheet.strip.state is not None
        return [self.kit.words.shown(stage.note) for stage in self.sheet.strip.state]

    def said(self, text: object) -> str:
        return self.kit.words.shown(text)  # type: ignore[arg-type]

    def nothing_is_cut(self, sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
        for language in ("zh_CN", "en"):
            self.kit.words.set_language(language)
            for size in sizes:
                self.window.resize(*size)
                self.look()
                assert_nothing_cut(self.window)


@pytest.fixture
def bed(furnish: Furnish, kit: Kit) -> Bed:
    """43½ min after the start."""
    return Bed(story.infusing(), furnish, kit)


def ordered(furnish: Furnish, kit: Kit) -> Bed:
    ward = story.new_ward()
    story.ordered(ward, "B-007", "12")
    return Bed(ward, furnish, kit)


def test_an_order_that_was_given_up_was_not_released(furnish: Furnish, kit: Kit) -> None:
    bed = Bed(story.new_ward(), furnish, kit)
    assert bed.notes() == ["Abandoned", *[""] * 7]
    assert bed.sheet.strip.state is not None
    assert bed.sheet.strip.state[0].status == "current"


# --- the whole way


def _hung(ward: Ward) -> None:
    story.hung(ward, BAGS[0])


def _second_bag(ward: Ward) -> None:
    ward.do(ReportEmpty(), LI)


def _ended(ward: Ward) -> None:
    ward.do(End(Decimal(60)), LI)


def _tidied(ward: Ward) -> None:
    story.checked(ward)
    ward.do(FlushLine(Decimal(20)), LI)
    ward.do(DestroyLeftover(BAGS[1], Decimal(60), WANG), LI)


def _observed(ward: Ward) -> None:
    for _ in range(4):
        story.watch(ward, 30)
        story.checked(ward)


WAY: tuple[tuple[Callable[[Ward], object], str], ...] = (
    (lambda _w: None, "Dispense and release"),
    (lambda w: story.released(w, "70.0", BAGS), "Receive the bags"),
    (story.received, "Verify patient, order and bags"),
    (lambda w: w.do(CheckIdentity("B-007", BAGS), LI), "Verify: second person"),
    (lambda w: w.do(CheckIdentity("B-007", BAGS), WANG), "Give pre-medication"),
    (story.premedicated, "Thaw bag UC-2611-043 · from *"),
    (story.joined, "Thaw bag UC-2611-043 · from *"),
    (lambda w: story.watch(w, 20), "Thaw bag UC-2611-043"),
    (lambda w: story.thawed(w, BAGS[0]), "Check bag UC-2611-043"),
    (lambda w: w.do(CheckBag(BAGS[0], BAGS[0], True), LI), "Check bag UC-2611-043: second person"),
    (lambda w: w.do(CheckBag(BAGS[0], BAGS[0], True), WANG), "Hang bag UC-2611-043"),
    (_hung, "Baseline vital signs · from *"),
    (lambda w: story.watch(w, 6), "Record baseline vital signs · due in 04:00"),
    (story.checked, "Start at 20 drops/min · from *"),
    (lambda w: story.watch(w, 4), "Start at 20 drops/min"),
    (lambda w: w.do(Start(Decimal(20)), LI), "Measure drip rate · due in 05:00"),
    (lambda w: story.watch(w, 7), "Measure drip rate · 02:00 late"),
    (lambda w: story.measured(w, 20), "Vital signs 15 min · from *"),
    (lambda w: story.watch(w, 8), "Record 15-min vital signs"),
    (story.checked, "Step up to 40–60/min"),
    (lambda w: w.do(StepUp(Decimal(56)), LI), "Measure drip rate · due in 05:00"),
    (lambda w: story.measured(w, 56), "Vital signs 30 min · from *"),
    (lambda w: story.watch(w, 15), "Record 30-min vital signs"),
    (story.checked, "Measure drip rate"),
    (lambda w: story.measured(w, 56), "Thaw bag UC-2611-044 · from *"),
    (lambda w: story.watch(w, 4), "Thaw bag UC-2611-044"),
    (lambda w: story.thawed(w, BAGS[1]), "Check bag UC-2611-044"),
    (lambda w: story.looked_at(w, BAGS[1]), "Vital signs 45 min · from *"),
    (lambda w: w.do(Pause(), LI), "Resume the infusion · paused for 00:00"),
    (lambda w: w.do(Resume(Decimal(56)), LI), "Measure drip rate · due in 05:00"),
    (_second_bag, "Hang bag UC-2611-044"),
    (lambda w: w.do(HangBag(BAGS[1]), LI), "Measure drip rate · due in 05:00"),
    (lambda w: story.measured(w, 56), "Vital signs 45 min · from *"),
    (lambda w: story.watch(w, 9), "Record 45-min vital signs · due in *"),
    (lambda w: story.watch(w, 1), "Record 45-min vital signs · due in *"),
    (story.checked, "Measure drip rate*"),
    (lambda w: story.measured(w, 56), "Measure drip rate · from *"),
    (lambda w: story.watch(w, 5), "Stop: dose reached*"),
    (_ended, "*"),
    (_tidied, "Vital signs 30 min · from *"),
    (_observed, "Close the observation"),
    (lambda w: w.do(CloseObservation("no_reaction"), LI), "Sign as the nurse"),
    (lambda w: w.do(Sign("performed"), LI), "Sign as the investigator"),
    (lambda w: w.do(Sign("reviewed"), ZHAO), "Open the record (PDF)"),
)  # fmt: skip


def test_the_one_next_action_from_the_order_to_the_record_and_nothing_is_cut_on_the_way(furnish: Furnish, kit: Kit) -> None:
    bed = ordered(furnish, kit)
    for step, words in WAY:
        step(bed.ward)
        assert fnmatch(bed.primary, words), (bed.primary, words)
        bed.nothing_is_cut(SIZES[1:])
    assert bed.ward.state.phase is Phase.SIGNED


# --- 43½ minutes in


def test_the_dock_in_both_languages(bed: Bed) -> None:
    assert bed.primary == "Record 45-min vital signs · due in 01:30"
    bed.kit.words.set_language("zh_CN")
    assert bed.primary == "记录 45 分钟生命体征 · 还有 01:30"


def test_whose_infusion_it_is(bed: Bed) -> None:
    state = bed.sheet.identity.state
    assert state is not None
    facts = {bed.said(fact.label): bed.said(fact.value) for fact in state.facts}
    assert (state.code, state.clock, facts["Bed"]) == ("B-007", "43:30", "12")
    assert facts["Group"] == "B · 1 of 2"
    assert facts["Planned"] == "1.40 × 10⁸ · 140.0 ml"
    assert facts["Bag · thawed 52 min"] == "1 of 2 · UC-2611-043"
    assert facts["Next · thawed 9 min"] == "UC-2611-044"


def test_tiles_tell_value_source_and_age(bed: Bed) -> None:
    heart, cuff, temp = bed.tile(0), bed.tile(2), bed.tile(4)
    assert (heart.value, bed.said(heart.source), heart.stale, heart.limits) == ("84", "simulated", False, "50–120")
    assert (cuff.value, cuff.second, bed.said(cuff.age)) == ("119/75", "(90)", "3 min")
    assert (temp.value, bed.said(temp.source), bed.said(temp.age), temp.stale) == ("36.7", "by hand", "13 min", False)


def test_a_tile_says_where_its_value_went_since_the_baseline(bed: Bed) -> None:
    bed.ward.hear("hr", 103)
    bed.ward.hear("spo2", 97)
    heart, oxygen, cuff = (bed.tile(at) for at in range(3))
    assert (heart.before, heart.moved, heart.worrying, heart.alarm) == ("78", "↑", True, None)
    assert (oxygen.before, oxygen.moved, oxygen.worrying) == ("97", "=", False)
    assert (cuff.before, cuff.moved) == ("118/72", "↑")
    bed.ward.wait(seconds=61)
    bed.ward.hear("hr", 103)
    bed.ward.bedside.tick()
    assert (bed.tile(0).alarm, bed.tile(0).high) == ("medium", True)


def test_what_was_typed_fades_when_the_next_check_is_due_and_goes_when_it_is_late(bed: Bed) -> None:
    story.watch(bed.ward, 2)
    assert (bed.tile(4).value, bed.tile(4).stale) == ("36.7", True)
    story.watch(bed.ward, 6)
    assert (bed.tile(4).value, bed.said(bed.tile(4).missing), bed.said(bed.tile(4).source)) == (None, "too old", "last 36.7")


def test_the_numbers_of_a_lost_monitor_fade_at_once_and_then_go(bed: Bed) -> None:
    bed.ward.link(LinkState.LOST)
    heart = bed.tile(0)
    assert (heart.value, heart.stale, bed.said(heart.source)) == ("84", True, "monitor lost")
    bed.nothing_is_cut()
    story.watch(bed.ward, 1.5, silent=True)
    heart, cuff = bed.tile(0), bed.tile(2)
    assert (heart.value, bed.said(heart.missing), bed.said(heart.source)) == (None, "monitor lost", "last 84")
    assert (cuff.value, cuff.stale) == ("119/75", True)
    story.watch(bed.ward, 4, silent=True)
    assert (bed.tile(2).value, bed.said(bed.tile(2).source)) == (None, "last 119/75")
    bed.nothing_is_cut()


def test_a_missing_value_says_why(furnish: Furnish, kit: Kit) -> None:
    bed = ordered(furnish, kit)
    assert (bed.tile(1).value, bed.said(bed.tile(1).missing)) == (None, "no monitor")
    bed.ward.link(LinkState.LISTENING)
    bed.ward.bedside.connect(bed.ward.infusion_id, PORT)
    assert bed.said(bed.tile(1).missing) == "monitor not yet connected"
    bed.ward.link(LinkState.LIVE)
    bed.ward.hear("spo2", None, Quality.SENSOR_OFF)
    assert bed.said(bed.tile(1).missing) == "sensor off"
    assert bed.said(bed.tile(2).missing) == "not measured yet"
    assert bed.said(bed.tile(3).missing) == "nothing received"


def test_the_pulse_stands_in_for_a_heart_rate_that_is_gone(bed: Bed) -> None:
    story.watch(bed.ward, 2, silent=True)
    bed.ward.hear("pr", 77)
    heart = bed.tile(0)
    assert (bed.said(heart.name), heart.value, heart.stale) == ("Pulse rate", "77", False)


@pytest.mark.parametrize(
    ("vital", "value", "at", "alarm", "high"),
    [("hr", 132, 0, "medium", True), ("spo2", 84, 1, "high", False), ("nibp_dia", 111, 2, "high", True)],
)
def test_a_value_beyond_its_limits_wears_its_alarm(bed: Bed, vital: str, value: int, at: int, alarm: str, high: bool) -> None:
    bed.ward.hear(vital, value)
    assert (bed.tile(at).alarm, bed.tile(at).high) == (alarm, high)
    bed.nothing_is_cut()


def test_stages_tell_their_time_and_what_the_next_waits_for(bed: Bed) -> None:
    assert bed.notes()[5:] == ["16:30 left", "waits for the end", ""]


def test_the_faster_rate_waits_for_its_time_then_for_vital_signs(furnish: Furnish, kit: Kit) -> None:
    ward = story.begun()
    bed = Bed(ward, furnish, kit)
    step_at = ward.bedside.now() + timedelta(minutes=15)
    assert bed.notes()[4:6] == ["15:00 left", f"from {kit.words.catalogue.time(step_at)}"]
    story.watch(ward, 15)
    assert bed.notes()[5] == "waits for vital signs"
    story.checked(ward)
    assert bed.notes()[5] == "ready"
    ward.do(NoteReaction(ward.bedside.now(), ("rash",), "continue"), LI)
    assert bed.notes()[5] == "waits for no discomfort"


def test_drip_and_delivery(bed: Bed) -> None:
    drip, delivery = bed.sheet.drip.state, bed.sheet.delivery.state
    assert drip is not None
    assert delivery is not None
    assert (drip.target, drip.measured, bed.said(drip.age), drip.off_target) == (56, "55", "measured 5 min ago", False)
    assert (delivery.at_least_ml, delivery.at_most_ml, delivery.planned_ml) == (89, 100, 140)
    assert bed.said(delivery.needed) == "56 drops/min"
    assert delivery.over_limit


def test_a_new_target_forgets_what_was_measured_before(bed: Bed) -> None:
    bed.ward.do(SetRate(Decimal(60), ""), LI)
    bed.look()
    drip = bed.sheet.drip.state
    assert drip is not None
    assert (drip.target, drip.measured) == (60, None)
    story.measured(bed.ward, 48)
    bed.look()
    assert bed.sheet.drip.state is not None
    assert bed.sheet.drip.state.off_target


def test_the_trend_has_bands_checks_and_a_gap(bed: Bed) -> None:
    data = bed.sheet.trend._data
    assert [(band.from_s, band.to_s) for band in data.bands] == [(0, 900), (900, 3600)]
    assert [(check.t_s, check.status) for check in data.checks] == [
        (0, "done"), (900, "done"), (1800, "done"), (2700, "due"), (3600, "due")
    ]  # fmt: skip
    heart = data.curves["hr"]
    assert heart.t_s.size == heart.value.size
    assert any(value != value for value in heart.value[(heart.t_s > 1400) & (heart.t_s < 1600)].tolist())  # noqa: PLR0124
    assert data.curves["temp"].value[1] == pytest.approx(36.7)
    assert data.drip.target.value.tolist() == [20, 56]


def test_the_page_stands_before_what_draws_the_trend_is_there(furnish: Furnish, kit: Kit) -> None:
    """Tiles, drip and actions wait for nothing; the curves come, with all that was, once they can be drawn."""
    coming = {TREND}

    class Early(InfusionPage):
        def __init__(self, desk: Desk) -> None:
            desk.is_coming = coming.__contains__
            super().__init__(desk)

    bed = Bed(story.mid_infusion(story.new_ward()), furnish, kit, Early)
    drawn = [bed.sheet.has_trend]
    assert bed.tile(0).value is not None
    assert bed.primary
    bed.sheet.show_timeline(True)
    bed.look()
    drawn.append(bed.sheet.has_trend)
    coming.clear()
    bed.look()
    turns = 0
    while not bed.sheet.has_trend and turns < 20:
        bed.look()  # nothing begins anew because somebody looks meanwhile
        QApplication.processEvents()
        turns += 1
    QApplication.processEvents()
    assert [*drawn, bed.sheet.has_trend] == [False, False, True]
    assert len(bed.sheet.trend.plot.boxes) == len(bed.sheet.trend.scales) + 1
    assert bed.sheet.timeline_shown
    assert bed.sheet.trend._data.curves["hr"].t_s.size


def test_the_pulse_rate_is_drawn_where_no_heart_rate_holds(bed: Bed) -> None:
    state, now = bed.desk.infusion(bed.ward.infusion_id), bed.desk.now()
    trend = Trend()
    for minute in range(10):
        at = now - timedelta(seconds=(10 - minute) * 10)
        trend.add("pr", at.timestamp(), 80.0)
        if minute == 5:
            trend.break_off("hr", at.timestamp())
        elif minute < 5:
            trend.add("hr", at.timestamp(), 81.0)
    pulse = trend_data(state, trend, now).curves["pr"]
    assert [value == value for value in pulse.value.tolist()] == [False] * 5 + [True] * 5  # noqa: PLR0124
    del trend.series["hr"]
    assert set(trend_data(state, trend, now).curves["pr"].value.tolist()) == {80.0}


class OldCurves:
    """Counts for whom it was asked; `version` is as a test says."""

    def __init__(self) -> None:
        self.version, self.asked = 0, list[str]()

    def of(self, infusion_id: str) -> OldPart:
        self.asked.append(infusion_id)
        return {}


def test_curves_of_before_are_asked_for_where_all_is_shown_of_more_than_memory_has(bed: Bed) -> None:
    old = bed.desk.old_curves = OldCurves()
    bed.look()
    bed.sheet.trend.set_span(None)
    bed.look()
    assert old.asked == []
    bed.ward.bedside.clock.move_on(timedelta(hours=2))
    bed.look()
    assert old.asked == [bed.ward.infusion_id]
    bed.sheet.trend.set_span(3600.0)
    old.version += 1
    bed.look()
    assert old.asked == [bed.ward.infusion_id]


# --- what stops, and what is wrong


def test_a_wrong_patient_is_a_full_stop(furnish: Furnish, kit: Kit) -> None:
    bed = ordered(furnish, kit)
    story.released(bed.ward, "70.0", BAGS)
    story.received(bed.ward)
    bed.ward.do(CheckIdentity("B-008", BAGS), LI)
    assert bed.primary == "Check patient and bags again"
    assert bed.sheet.stop.isVisible()
    assert (bed.sheet.stop.expected.accessibleName(), bed.sheet.stop.found.accessibleName()) == ("B-007", "B-008")
    assert bed.sheet.stop.width() == bed.sheet.width()
    bed.nothing_is_cut()
    story.verified(bed.ward)
    assert bed.primary == "Give pre-medication"
    assert not bed.sheet.stop.isVisible()


def test_a_wrong_second_bag_stops_without_hiding_the_patient(furnish: Furnish, kit: Kit) -> None:
    ward = story.begun()
    story.thawed(ward, BAGS[1])
    ward.do(CheckBag(BAGS[1], "UC-2611-999", True), LI)
    bed = Bed(ward, furnish, kit)
    assert bed.sheet.stop.isVisible()
    assert not bed.sheet.stop.geometry().intersects(bed.sheet.tiles[0].geometry())
    assert not bed.sheet.stop.geometry().intersects(bed.sheet.dock.geometry())
    bed.nothing_is_cut()


def test_what_is_not_saved_says_so(bed: Bed) -> None:
    bed.ward.store.broken = True
    bed.ward.do(Pause(), LI)
    assert bed.primary.startswith("Resume the infusion · paused for")
    assert bed.sheet.identity.state is not None
    assert bed.said(bed.sheet.identity.state.clock_name) == "1 not yet saved"
    assert not bed.sheet.notice.isHidden()
    bed.nothing_is_cut()
    bed.ward.store.broken = False
    story.watch(bed.ward, 0.2)
    bed.look()
    assert bed.sheet.notice.isHidden()


def test_an_unknown_time_is_asked_for_and_the_worst_case_shown(bed: Bed) -> None:
    bed.ward.bedside.resumed(bed.ward.bedside.now() - timedelta(minutes=2), "power", False)
    assert bed.primary == "Enter what time it is"
    assert bed.sheet.identity.state is not None
    assert bed.sheet.identity.state.clock == "≥ 43:30"
    assert bed.sheet.delivery.state is not None
    assert bed.sheet.delivery.state.at_most_ml == 100
    bed.nothing_is_cut()


def test_a_reaction_stands_until_it_is_over(bed: Bed) -> None:
    bed.ward.do(NoteReaction(bed.ward.bedside.now(), ("chills", "rash"), "stop"), LI)
    assert bed.primary == "Resume: an investigator signs · paused for 00:00"
    assert not bed.sheet.notice.isHidden()
    assert bed.sheet.dock.reaction.isVisible()
    bed.nothing_is_cut()


def test_a_correction_strikes_the_old_value_through(bed: Bed) -> None:
    given = next(x for x in bed.ward.state.entries if isinstance(x.event, e.PremedicationGiven))
    bed.ward.do(Correct(given.event_id, "allergies", '"penicillin"', "asked again"), LI)
    bed.page.act("timeline")
    assert bed.sheet.timeline_shown
    row = next(row for row in bed.sheet.timeline._rows.rows if row.old and row.key)
    assert "penicillin" in bed.said(row.text)
    assert "penicillin" not in bed.said(row.old)
    assert row.reason == "asked again"
    bed.nothing_is_cut()
    bed.page.act("timeline")
    assert not bed.sheet.timeline_shown


# --- keys


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which question was asked, instead of the question."""
    found: list[str] = []

    def noted(key: str) -> actions.Ask:
        return lambda _desk, _infusion_id, _parent: found.append(str(key))

    for key in list(actions.ACTIONS):
        monkeypatch.setitem(actions.ACTIONS, key, noted(key))
    return found


def test_every_action_has_its_key(bed: Bed, asked: list[str]) -> None:
    """F8 is the window's own: tests/ui/test_stop_key.py."""
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4)
    for key in keys:
        QTest.keyClick(bed.window, key)
    assert asked == ["vitals", "vitals", "vitals", "measure", "change_rate"]


def test_a_key_keeps_its_meaning_where_the_primary_does_the_same(furnish: Furnish, kit: Kit, asked: list[str]) -> None:
    ward = story.begun()
    bed = Bed(ward, furnish, kit)
    assert bed.primary.startswith("Measure drip rate")
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F2, Qt.Key.Key_Return):
        QTest.keyClick(bed.window, key)
    assert asked == ["measure", "vitals", "measure"]


@pytest.mark.qt_log_ignore("does not support")
def test_more_offers_only_what_the_phase_allows(bed: Bed, asked: list[str]) -> None:
    bed.page.act("more")
    menu = bed.window.findChildren(MoreMenu)[0]
    offered = [one.objectName() for one in menu.actions()]
    assert {"bag_empty", "take_down", TaskKind.END, "stop", "note", "hand_over"} <= set(offered)
    assert not {"abandon", "override", "resolve_reaction", TaskKind.VITALS} & set(offered)
    next(one for one in menu.actions() if one.objectName() == "note").trigger()
    assert asked == ["note"]
    menu.close()


def test_an_early_task_is_shown_but_not_offered(furnish: Furnish, kit: Kit) -> None:
    ward = story.new_ward()
    story.at_the_bed(ward, "B-007", "12", "B", "70.0", BAGS)
    bed = Bed(ward, furnish, kit)
    at = kit.words.catalogue.time(ward.bedside.now() + timedelta(minutes=20))
    assert bed.primary == f"Thaw bag UC-2611-043 · from {at}"
    assert not bed.sheet.dock.primary.isEnabled()
    assert bed.sheet.dock.primary.toolTip() == "Thawing begins in the last 10 min before the start."


# --- the page itself


def test_without_an_infusion_it_says_what_to_do(furnish: Furnish, kit: Kit, qtbot: QtBot) -> None:
    window, desk = furnish(story.new_ward(), InfusionPage)
    page = window.pages["page"]
    assert isinstance(page, InfusionPage)
    assert page.empty.isVisible()
    with qtbot.waitSignal(desk.show_page) as shown:
        page.empty.action.click()
    assert shown.args == ["ward", ""]
    kit.words.set_language("zh_CN")
    assert_nothing_cut(window)


def test_it_follows_each_look_while_it_is_seen_and_no_timer_runs_while_it_is_not(bed: Bed) -> None:
    bed.ward.clock.move(seconds=30)
    bed.desk.looked.emit()
    assert bed.sheet.identity.state is not None
    assert bed.sheet.identity.state.clock == "44:00"
    bed.window.hide()
    bed.ward.clock.move(seconds=30)
    bed.desk.looked.emit()
    assert bed.sheet.identity.state.clock == "44:00"
    assert not [one for one in bed.window.findChildren(QTimer) if one.isActive()]


def test_another_value_stands_on_its_tile_before_the_next_look_and_nothing_else_is_touched(bed: Bed) -> None:
    bed.ward.bedside.connect(bed.ward.infusion_id, PORT)
    bed.ward.hear("rr", 17)
    bed.desk.looked.emit()
    before = [tile.state for tile in bed.sheet.tiles]
    bed.ward.clock.move(seconds=0.25)
    bed.ward.hear("rr", 18)
    after = [tile.state for tile in bed.sheet.tiles]
    assert [at for at, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [3]
    assert after[3] is not None
    assert after[3].value == "18"


def test_it_shows_at_once_what_happened(bed: Bed) -> None:
    bed.ward.do(Pause(), LI)
    assert bed.sheet.dock.primary.text().startswith("Resume the infusion")


def test_turning_to_another_bed_closes_the_drawer(bed: Bed) -> None:
    bed.page.act("timeline")
    story.ordered(bed.ward, "A-005", "03", "A")
    bed.look()
    assert not bed.sheet.timeline_shown
    assert bed.sheet.identity.state is not None
    assert bed.sheet.identity.state.code == "A-005"
