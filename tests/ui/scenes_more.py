"""More screens: the ward, the bench where a dose is dispensed, and the parts of dialogs side by side."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.texts import Text, say
from tests.ui.scenes import frame
from ui.ask.big_number import BigNumber, NumberState
from ui.ask.tap_pad import TapPad, TapState
from ui.ask.toggle_grid import ToggleGrid, ToggleItem, ToggleState
from ui.dispense.dose_chain import DoseChain, DosePiece, DoseState
from ui.dispense.set_bars import SetBars, SetBarsState, SetRow
from ui.infusion.timeline import Timeline, TimelineRow
from ui.kit.dock import Dock, DockAction, DockState
from ui.kit.empty import EmptyPage, EmptyState
from ui.kit.identity_banner import IdentityBanner, IdentityFact, IdentityState
from ui.kit.labels_and_buttons import Card, button
from ui.kit.look_and_words import Kit
from ui.kit.message_strip import MessageState, MessageStrip
from ui.kit.progress import Progress, ProgressState
from ui.kit.stage_strip import StageStrip, StripStage
from ui.kit.table import Column, Table, TableLine, TableState
from ui.kit.time_ring import RingState
from ui.ward.ward_card import WardCard, WardCardState


def _group(name: str, n: int, total: int) -> Text:
    return say("{group} · {n} of {total}", group=name, n=n, total=total)


def beds() -> tuple[WardCardState, ...]:
    """Four beds, the first due soonest."""
    bed, left, age = say("Bed {bed}", bed="12"), "in {left}", say("{n} s", n=3)
    return (
        WardCardState(
            "1", "B-007", bed, _group("B", 1, 2), say("{rate} drops/min", rate="40–60"), RingState(0.72, "16:30"),
            say("Vital signs"), say(left, left="01:30"), vitals="84 · 97 % · 118/74 · 17 · 36.8 °C",
            vitals_age=age, link="live", first=True,
        ),
        WardCardState(
            "2", "A-004", say("Bed {bed}", bed="09"), _group("A", 1, 1), say("Observation"),
            RingState(0.4, "1:12:40"), say("Vital signs"), say("{left} late", left="02:10"), late=True,
            vitals="76 · 98 % · 122/70 · 15 · 36.5 °C", vitals_age=age, link="live",
        ),
        WardCardState(
            "3", "C-002", say("Bed {bed}", bed="15"), _group("C", 3, 4), say("Pre-medication"),
            RingState(0.55, "13:20"), say("Thaw and hang"), say(left, left="03:20"),
            vitals="88 · 96 % · 110/68 · 18 · 36.9 °C", vitals_age=say("{n} min", n=2), link="lost",
            alarm="medium",
        ),
        WardCardState(
            "4", "A-005", say("Bed {bed}", bed="03"), _group("A", 1, 1), say("Released"), RingState(done=True),
            say("Verify identity"),
        ),
    )  # fmt: skip


def ward(kit: Kit) -> QWidget:
    """The Ward page."""
    window, page = frame(kit, "ward")
    row = QHBoxLayout()
    row.setSpacing(8)
    for state in beds():
        card = WardCard(kit)
        card.set_state(state)
        row.addWidget(card)
    page.addLayout(row)
    below = Card(kit, say("Next due"))
    table = Table(kit, say("Next due"))
    rows = (
        ("14:33", "B-007 · 12", say("Vital signs"), "01:30"),
        ("14:35", "C-002 · 15", say("Thaw and hang"), "03:20"),
        ("14:45", "A-004 · 09", say("Vital signs"), "12:40"),
        ("15:44", "A-004 · 09", say("Observation"), "1:12:40"),
    )
    cells = tuple(TableLine(str(at), (*row[:3], say("in {left}", left=row[3]))) for at, row in enumerate(rows))
    columns = (
        Column(say("Time"), 1),
        Column(say("Subject"), 3, strong=True),
        Column(say("Task"), 4),
        Column(say("Left"), 3),
    )
    table.set_state(TableState(columns, cells))
    below.body.addWidget(table)
    page.addWidget(below, 1)
    return window


def _dose(kit: Kit) -> Card:
    card = Card(kit, say("Dose"))
    chain = DoseChain(kit)
    cells, litres = say("{n} cells", n="1.64 × 10⁸"), say("{n} ml", n="165.3")
    chain.set_state(
        DoseState(
            (
                (DosePiece("82.0 kg × 2 × 10⁶"), DosePiece("=", "operator"), DosePiece(cells, "result")),
                (
                    DosePiece(say("first bag {n} ml", n="100")),
                    DosePiece("+", "operator"),
                    DosePiece(say("second bag {n} ml", n="65.3")),
                    DosePiece("=", "operator"),
                    DosePiece(litres, "result"),
                ),
                (
                    DosePiece(say("{n} bags,", n=2), "result"),
                    DosePiece(say("{n} ml left over", n="34.7")),
                    DosePiece(say("(destroy, witnessed)"), "quiet"),
                ),
            ),
            (
                say(
                    "Second bag's label says {count}: its own count is used. Viable cells at release: {viable}.",
                    count="0.98 × 10⁸",
                    viable="1.49 × 10⁸",
                ),
            ),
        )
    )
    card.body.addWidget(chain)
    card.body.addStretch(1)
    return card


def _sets(kit: Kit) -> Card:
    card = Card(kit, say("Which giving set makes 30–60 min possible"))
    bars = SetBars(kit)
    bars.set_state(
        SetBarsState(
            (
                SetRow("10 gtt/ml", 45, 150, True),
                SetRow("15 gtt/ml", 30, 100, True),
                SetRow("20 gtt/ml", 22.5, 75, False),
            ),
            82.0,
            advice=say("Use a {sets} set. With {set}: {rates} drops/min after the first 15 min.", sets="15 / 10 gtt/ml",
                       set=15, rates="49–60"),
        )
    )  # fmt: skip
    card.body.addWidget(bars)
    card.body.addStretch(1)
    return card


def dispense(kit: Kit) -> QWidget:
    """The Dispense page."""
    window, page = frame(kit, "dispense")
    banner, strip = IdentityBanner(kit), StageStrip(kit)
    facts = (
        IdentityFact(say("Group"), _group("A", 1, 1)),
        IdentityFact(say("Weight today"), "82.0 kg"),
        IdentityFact(say("Last weight"), "81.4 kg (+0.7 %)"),
        IdentityFact(say("Measured by"), "N-07, 13:40"),
    )
    banner.set_state(IdentityState("A-006", facts))
    names = ("Weight", "Dose", "Bags", "Certificate", "Release signature", "Nurse receipt")
    status = ("done", "done", "current", "next", "later", "later")
    strip.set_state(tuple(StripStage(say(name), st) for name, st in zip(names, status, strict=True)))  # type: ignore[arg-type]
    page.addWidget(banner)
    page.addWidget(strip)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(_dose(kit), 1)
    row.addWidget(_sets(kit), 1)
    page.addLayout(row)
    card = Card(kit, say("Bags scanned · {n} of {total}", n=2, total=2))
    table = Table(kit, say("Bags"))
    columns = (
        Column(say("Bag"), 2.5, strong=True),
        Column(say("Lot"), 1.5),
        Column(say("Content"), 3),
        Column(say("Viability"), 2),
        Column(say("Expiry"), 2.5),
    )
    rows = (
        TableLine("1", ("UC-2611-051", "UC2611", "100 ml · 1.00 × 10⁸", "91.2 %", "2026-11-24 18:00")),
        TableLine("2", ("UC-2611-052", "UC2611", "100 ml · 0.98 × 10⁸", "90.8 %", "2026-11-24 18:00")),
    )
    table.set_state(TableState(columns, rows))
    card.body.addWidget(table)
    page.addWidget(card, 1)
    dock = Dock(kit)
    others = (DockAction("reject", say("Reject a bag")), DockAction("cancel", say("Cancel")))
    dock.set_state(DockState(DockAction("go", say("Go on to the certificate"), "Enter"), others, reaction=False))
    page.addWidget(dock)
    return window


SYMPTOMS = (
    "Fever",
    "Chills",
    "Rash",
    "Itching",
    "Breathlessness",
    "Chest pain",
    "Low blood pressure",
    "Nausea",
    "Other",
)


def _taps() -> float:
    return 0.0


def parts(kit: Kit) -> QWidget:
    """Dialog parts, a message, long work, a timeline, an empty page."""
    window, page = frame(kit, "settings")
    message = MessageStrip(kit)
    message.set_state(
        MessageState(
            say("The record could not be written: the disk is full."),
            say("The infusion goes on and nothing is lost; {count} entries wait to be saved.", count=3),
            say("Free some space, then press Try again."),
            say("Try again"),
        )
    )
    page.addWidget(message)
    row = QHBoxLayout()
    row.setSpacing(8)
    page.addLayout(row, 1)
    for column in (_numbers(kit), _choices(kit), _lists(kit)):
        row.addLayout(column, 1)
    return window


def _numbers(kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout()
    card = Card(kit)
    number = BigNumber(kit)
    number.set_state(NumberState(say("Temperature"), "°C", 1, 2, say("Above the limit of 38.0: please confirm."), refused=True))
    number.field.setText("38.4")
    card.body.addWidget(number)
    column.addWidget(card)
    progress_card, progress = Card(kit), Progress(kit)
    progress.set_state(ProgressState(say("Saving the backup"), 120, 400, say("{n} of {total} records", n=120, total=400)))
    progress_card.body.addWidget(progress)
    column.addWidget(progress_card)
    column.addStretch(1)
    return column


def _choices(kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout()
    card = Card(kit, say("What happened?"))
    grid = ToggleGrid(kit)
    grid.set_state(ToggleState(tuple(ToggleItem(name, say(name)) for name in SYMPTOMS), 2))
    grid.choose(frozenset({"Fever", "Chills"}))
    card.body.addWidget(grid)
    column.addWidget(card)
    pad = TapPad(kit, _taps)
    pad.taps = (0.0, 1.0, 2.0)
    column.addWidget(pad, 1)
    return column


def _lists(kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout()
    card = Card(kit, say("Timeline"))
    timeline = Timeline(kit)
    timeline.set_state(
        (
            TimelineRow("14:31", say("Drip measured: {rate} drops/min", rate=55), "N-07", unsaved=True),
            TimelineRow(
                "14:20",
                say("Temperature {value} °C", value="36.8"),
                "N-07",
                say("Temperature {value} °C", value="38.6"),
                say("typed wrongly"),
            ),
            TimelineRow("14:03", say("Stepped up to {rate} drops/min", rate=56), "N-07"),
        )
    )
    card.body.addWidget(timeline)
    column.addWidget(card, 1)
    form = Card(kit)
    combo, box, line = QComboBox(), QCheckBox(), QLineEdit()
    combo.addItem("COM3")
    kit.words.bind(box, text=say("Pre-medication given"))
    box.setChecked(True)
    kit.words.bind(line, placeholderText=say("Reason"))
    ghost, pill = button(kit, say("Close"), "ghost"), button(kit, say("Cancel"))
    pill.setEnabled(False)
    for part in (combo, box, line, ghost, pill):
        form.body.addWidget(part)
    column.addWidget(form)
    empty = EmptyPage(kit)
    empty.set_state(EmptyState(say("Nothing recorded yet"), say("Every step appears here as it is done.")))
    column.addWidget(empty)
    return column


def readings(kit: Kit) -> QWidget:
    """A tap pad with its rate."""
    pad = TapPad(kit, _taps)
    pad.set_state(TapState("55", steadiness=say("steady")))
    return pad


MORE = {"ward": ward, "dispense": dispense, "parts": parts}
