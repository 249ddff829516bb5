"""What a bag's label says, confirmed by a person: its number scanned or typed twice, lot, cells, volume, expiry."""

from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion.code_words import UNREADABLE
from app.domain.infusion.facts import Bag
from app.domain.people.roles import Person
from app.domain.products.label_text import read_expiry
from app.domain.texts import Text, say
from app.services.codes.bag_labels import BagLabel, read_entered
from app.services.words.words import from_local
from ui.ask.form import Answers, Field, ask_form, coded
from ui.dispense.dose_state import power_of, raised
from ui.frame.desk import Desk

_PRACTICE_LOT = "UC2611"
_MOST_SHOWN = 64
_HUNDREDTH = Decimal("0.01")


def practice_number(desk: Desk) -> str:
    """The number on the label of the next practice bag."""
    return f"UC-2611-{sum(len(s.bags) for s in desk.bedside.infusions) + 1:03}"


def ask_label(desk: Desk, infusion_id: str, parent: QWidget, label: BagLabel, scanned: bool, by: Person) -> None:
    """The form holds what the label says; a number that was typed, or misread in part, is typed once more."""
    protocol = desk.bedside.trial.protocol
    power = power_of(protocol)

    def make(a: Answers) -> c.Command:
        if "again" in a:
            _same_number(label, read_entered(a["again"], protocol.labels, scanned=False).bag_id)
        _is_a_lot(a["lot"], label)
        if not a["cells"].is_finite():
            raise Refused(say("A bag needs a count and a volume above zero."))
        expires = from_local(read_expiry(a["expiry"], protocol.product))
        cells = int(a["cells"].scaleb(power))
        return c.ScanBag(Bag(label.bag_id, a["lot"], cells, a["ml"], expires, "scan" if scanned else "typed", a.get("reason", "")))

    dates = say("The expiry as on the label, year first: 2026-11-24 or 2026-11-24 18:00.")
    ask_form(desk, infusion_id, parent, say("Label of bag {bag}", bag=label.bag_id), say("Take this bag"),
             _fields(desk, power, label, scanned), make, by, (*label.problems, _asked(label, scanned), dates))  # fmt: skip


def _same_number(label: BagLabel, again: str) -> None:
    if again != label.bag_id:
        raise Refused(say("The two bag numbers differ: {first} and {second}.", first=label.bag_id, second=again))


def _is_a_lot(lot: str, label: BagLabel) -> None:
    """A label that is scanned once more, while the form is open, lands in the line of the lot."""
    if lot == label.bag_id or "|" in lot or lot[0] in "=&]":
        raise Refused(say("“{text}” is a label, not a lot number. Type the lot.", text=lot[:_MOST_SHOWN]))


def _asked(label: BagLabel, scanned: bool) -> Text:
    if not scanned:
        return say("The number is typed: type it a second time, and say why it was not scanned.")
    if not label.is_sure:
        return say("The scanner may have read the number wrongly: type it as it is printed on the label.")
    return say("The number was read by the scanner.")


def _fields(desk: Desk, power: int, label: BagLabel, scanned: bool) -> tuple[Field, ...]:
    """What the label says is filled in; in practice the rest of its text too, but never the number."""
    product, practice = desk.bedside.trial.protocol.product, desk.practice
    again = (Field("again", say("Bag number again")),) if not (scanned and label.is_sure) else ()
    why = (Field("reason", say("Why was it not scanned?"), "reason", choices=coded(UNREADABLE), columns=2),) if not scanned else ()
    cells = label.cells or (product.cells_per_bag if practice else None)
    shown = None if cells is None else Decimal(cells).scaleb(-power)
    expiry = f"{desk.now().astimezone() + timedelta(days=2):%Y-%m-%d} 18:00"
    return (
        *again,
        *why,
        Field("lot", say("Lot"), first=label.lot or (_PRACTICE_LOT if practice else None)),
        Field("cells", say("Cells on the label, × {power}", power=raised(power)), "number", _in_hundredths(shown), decimals=power),
        Field("ml", say("Volume, ml"), "number", label.volume_ml or (product.volume_per_bag_ml if practice else None)),
        Field("expiry", say("Expiry, time if stated"), first=label.expiry or (expiry if practice else None)),
    )


def _in_hundredths(cells: Decimal | None) -> Decimal | None:
    """With two decimals where they say it all."""
    if cells is None:
        return None
    rounded = cells.quantize(_HUNDREDTH)
    return rounded if rounded == cells else cells
