"""Whole screens composed from the kit, with the data of the pictures of intent."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from tests.domain.cast import TRIAL
from ui.frame.bar.alarm_bar import AlarmBar, AlarmState
from ui.frame.bar.due_pill import DueState
from ui.frame.bar.practice_banner import PracticeBanner
from ui.frame.bar.rail import Rail, RailItem, RailState
from ui.frame.bar.top_bar import TopBar, TopBarState
from ui.infusion.delivery import DeliveryState, DeliveryStrip
from ui.infusion.drip_card import DripCard, DripState
from ui.infusion.tile import Tile, TileState
from ui.infusion.trend_points import limit_lines
from ui.kit.chip import ChipState
from ui.kit.dock import Dock, DockAction, DockState
from ui.kit.identity_banner import IdentityBanner, IdentityFact, IdentityState
from ui.kit.look_and_words import Kit
from ui.kit.stage_strip import StageStrip, StripStage
from ui.kit.trend.chart import TrendChart
from ui.kit.trend.chart_data import CheckMark, Curve, DripCurve, PressureCurve, ProtocolBand, TrendData

PAGES = ("ward", "infusion", "dispense", "trial", "records", "devices", "settings")
NAMES = (say("Ward"), say("Infusion"), say("Dispense"), say("Trial"), say("Records"), say("Devices"), say("Settings"))


def frame(kit: Kit, current: str, alarm: AlarmState | None = None) -> tuple[QWidget, QVBoxLayout]:
    """The frame around a page, and the column to put the page's parts into."""
    window = QWidget()
    window.setProperty("ground", "page")
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    bar = TopBar(kit)
    due = say("Next due: {task} · Bed {bed}", task=say("Vital signs"), bed="12")
    bar.set_state(
        TopBarState(
            "Haematology 3",
            "14:32:07",
            DueState(due, "01:30"),
            monitor=ChipState(say("Monitor live"), dot="live"),
            person=ChipState(say("Nurse {name}", name="N-07"), "person"),
        )
    )
    column.addWidget(bar)
    row = QHBoxLayout()
    row.setSpacing(0)
    column.addLayout(row, 1)
    rail = Rail(kit)
    items = tuple(RailItem(key, key, name) for key, name in zip(PAGES, NAMES, strict=True))
    rail.set_state(RailState(items, current))
    row.addWidget(rail)
    page = QVBoxLayout()
    page.setContentsMargins(12, 8, 12, 8)
    page.setSpacing(8)
    row.addLayout(page, 1)
    alarms = AlarmBar(kit)
    alarms.set_state(alarm)
    page.addWidget(alarms)
    page.addWidget(PracticeBanner(kit))
    return window, page


def trend_data(seconds: int = 43 * 60 + 30) -> TrendData:
    """One hour of a quiet infusion with a gap of two minutes."""
    rng = np.random.default_rng(7)
    t_s = np.arange(-240, seconds, 1.0)
    gap = (t_s > 1440) & (t_s < 1560)

    def curve(middle: float, swing: float, noise: float) -> Curve:
        value = middle + swing * np.sin(t_s / 150) + rng.normal(0, noise, t_s.size)
        return Curve(t_s, np.where(gap, np.nan, value))

    cuff_s = np.arange(-180, seconds, 300.0)
    sys = 118 + rng.normal(0, 4, cuff_s.size)
    return TrendData(
        float(seconds),
        {"hr": curve(84, 3, 0.8), "spo2": curve(97, 0, 0.5), "rr": curve(17, 0.5, 0.7)}
        | {"temp": Curve(np.array([-120.0, 900.0, 1800.0]), np.array([36.5, 36.6, 36.8]))},
        PressureCurve(cuff_s, sys, sys - 44, sys - 29),
        DripCurve(
            Curve(np.array([0.0, 900.0]), np.array([20.0, 56.0])),
            Curve(np.array([120.0, 540.0, 960.0, 1440.0, 1980.0, 2460.0]), np.array([20.0, 19, 54, 57, 51, 55])),
        ),
        (
            ProtocolBand(0, 900, say("{rate} drops/min", rate="20"), strong=True),
            ProtocolBand(900, 3600, say("{rate} drops/min", rate="40–60")),
        ),
        (CheckMark(0, "done"), CheckMark(900, "done"), CheckMark(1800, "missed"), CheckMark(2700, "due"), CheckMark(3600, "due")),
        limit_lines(TRIAL.vitals),
    )


def tiles() -> tuple[TileState, ...]:
    """The five tiles of the picture."""
    monitor, second = say("monitor"), say("{n} s", n=1)
    return (
        TileState(say("Heart rate"), "heart", "84", say("/min"), "", "50–120", monitor, second),
        TileState(say("SpO₂"), "oxygen", "97", "%", "", "≥ 90", monitor, second),
        TileState(say("Blood pressure"), "pressure", "118/74", "mmHg", "(89)", "90–160", monitor, say("{n} min", n=3)),
        TileState(say("Resp. rate"), "breath", "17", say("/min"), "", "8–30", monitor, second),
        TileState(say("Temperature"), "warmth", "36.8", "°C", "", "35–38", say("by hand"), say("{n} min", n=13)),
    )


def odd_tiles() -> tuple[TileState, ...]:
    """The same with an alarm, a stale value and a missing one."""
    first, oxygen, cuff, breath, warmth = tiles()
    monitor = say("monitor")
    return (
        TileState(first.name, "heart", "132", say("/min"), "", "50–120", monitor, say("{n} s", n=1), alarm="medium", high=True),
        TileState(oxygen.name, "oxygen", "84", "%", "", "≥ 90", monitor, say("{n} s", n=1), alarm="high", high=False),
        TileState(
            cuff.name,
            "pressure",
            "184/106",
            "mmHg",
            "(132)",
            "90–160",
            monitor,
            say("{n} min", n=3),
            alarm="medium",
        ),
        TileState(breath.name, "breath", "17", say("/min"), "", "8–30", monitor, say("{n} s", n=48), stale=True),
        TileState(warmth.name, "warmth", None, "°C", "", "35–38", missing=say("not measured yet")),
    )


def stages() -> tuple[StripStage, ...]:
    """The eight stages in the middle of an infusion."""
    done = (
        (say("Released"), "13:05"),
        (say("Verified"), "13:12"),
        (say("Pre-medication"), "13:15"),
        (say("Thaw and hang"), "13:44"),
        (say("{rate} drops/min", rate="20"), "13:48"),
    )
    return (
        *(StripStage(name, "done", time) for name, time in done),
        StripStage(say("{rate} drops/min", rate="40–60"), "current", say("{left} left", left="16:30")),
        StripStage(say("Observation"), "next", say("waits for the end")),
        StripStage(say("Signed"), "later"),
    )


def identity() -> IdentityState:
    planned = Text("{cells} · {volume} ml", {"cells": "1.40 × 10⁸", "volume": "140"})
    return IdentityState(
        "B-007",
        (
            IdentityFact(say("Bed"), "12"),
            IdentityFact(say("Group"), say("{group} · {n} of {total}", group="B", n=1, total=2)),
            IdentityFact(say("Weight"), "70.0 kg"),
            IdentityFact(say("Planned"), planned),
            IdentityFact(say("Bag"), say("{n} of {total} · {bag}", n=1, total=2, bag="UC-2611-043")),
            IdentityFact(say("Set"), "20 gtt/ml"),
        ),
        "43:30",
    )


def infusion(kit: Kit, alarm: AlarmState | None = None, shown: tuple[TileState, ...] | None = None) -> QWidget:
    """The Infusion page."""
    window, page = frame(kit, "infusion", alarm)
    banner, strip = IdentityBanner(kit), StageStrip(kit)
    banner.set_state(identity())
    strip.set_state(stages())
    page.addWidget(banner)
    page.addWidget(strip)
    row = QHBoxLayout()
    row.setSpacing(8)
    page.addLayout(row, 1)
    trend = TrendChart(kit)
    trend.set_data(trend_data())
    row.addWidget(trend, 61)
    grid = QGridLayout()
    grid.setSpacing(8)
    row.addLayout(grid, 39)
    for at, state in enumerate(shown or tiles()):
        tile = Tile(kit)
        tile.set_state(state)
        grid.addWidget(tile, at // 2, at % 2)
    drip = DripCard(kit)
    drip.set_state(DripState(56, "55", say("measured {age} ago", age=say("{n} min", n=2))))
    grid.addWidget(drip, 2, 1)
    delivery = DeliveryStrip(kit)
    delivery.set_state(
        DeliveryState(
            91,
            97,
            140,
            say("{times} · {minutes} min", times="14:47–14:49", minutes="59–61"),
            say("(limit {minutes} min)", minutes=60),
            over_limit=True,
            needed=say("{rate} drops/min", rate=60),
        )
    )
    page.addWidget(delivery)
    dock = Dock(kit)
    dock.set_state(
        DockState(
            DockAction("vitals", say("Record {n}-min vital signs · due in {left}", n=45, left="01:30"), "Enter"),
            (
                DockAction("drip", say("Measure drip"), "F3"),
                DockAction("rate", say("Change rate"), "F4"),
                DockAction("pause", say("Pause")),
                DockAction("timeline", say("Timeline")),
            ),
        )
    )
    page.addWidget(dock)
    return window


def alarmed(kit: Kit) -> QWidget:
    """The Infusion page with a medium alarm, odd tiles."""
    lost = say("Monitor signal lost · {who} · since {span} · last data {time}", who="C-002 · 15", span="00:41",
               time="14:31:26")  # fmt: skip
    return infusion(kit, AlarmState("medium", lost, say("Look at cable and monitor"), (say("Backup is old"),)), odd_tiles())


SCENES = {"infusion": infusion, "alarmed": alarmed}
