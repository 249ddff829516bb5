"""What a bag's label says: its number from the scanner or typed twice, lot, cells, volume, expiry."""

from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from app.domain import commands as c
from app.domain.errors import Refused
from app.domain.events import Bag
from app.domain.labels import read_bag_number, read_expiry
from app.domain.people import Person
from app.domain.texts import say
from app.services.words import from_local
from ui.desk import Desk
from ui.views.dispense_dose import power_of, raised

from .form import Answers, Field, ask_form

_PRACTICE_LOT = "UC2611"
_HUNDREDTH = Decimal("0.01")


def practice_number(desk: Desk) -> str:
    """The number on the label of the next practice bag."""
    return f"UC-2611-{sum(len(s.bags) for s in desk.bedside.infusions) + 1:03}"


def ask_label(desk: Desk, infusion_id: str, parent: QWidget, number: str, scanned: bool, by: Person) -> None:
    product = desk.bedside.trial.protocol.product
    power = power_of(desk.bedside.trial.protocol)

    def make(a: Answers) -> c.Command:
        if not scanned and read_bag_number(a["again"]) != number:
            raise Refused(say("The two bag numbers differ: {first} and {second}.", first=number, second=a["again"]))
        if not a["cells"].is_finite():
            raise Refused(say("A bag needs a count and a volume above zero."))
        expires = from_local(read_expiry(a["expiry"], product))
        cells = int(a["cells"].scaleb(power))
        return c.ScanBag(Bag(number, a["lot"], cells, a["ml"], expires, "scan" if scanned else "typed"))

    entered = say("The number was read by the scanner.") if scanned else say("The number is typed: type it a second time.")
    dates = say("The expiry as on the label, year first: 2026-11-24 or 2026-11-24 18:00.")
    ask_form(desk, infusion_id, parent, say("Label of bag {bag}", bag=number), say("Take this bag"),
             _fields(desk, power, scanned), make, by, (entered, dates))  # fmt: skip


def _fields(desk: Desk, power: int, scanned: bool) -> tuple[Field, ...]:
    """In practice the label's text is filled in, but never the number."""
    product, practice = desk.bedside.trial.protocol.product, desk.practice
    again = () if scanned else (Field("again", say("Bag number again")),)
    cells = Decimal(product.cells_per_bag).scaleb(-power).quantize(_HUNDREDTH)
    expiry = f"{desk.now().astimezone() + timedelta(days=2):%Y-%m-%d} 18:00"
    return (
        *again,
        Field("lot", say("Lot"), first=_PRACTICE_LOT if practice else None),
        Field("cells", say("Cells on the label, × {power}", power=raised(power)), "number", cells if practice else None),
        Field("ml", say("Volume, ml"), "number", product.volume_per_bag_ml if practice else None),
        Field("expiry", say("Expiry, time if stated"), first=expiry if practice else None),
    )
