"""How each sheet of `SHEET_NAMES` is laid out."""

from collections.abc import Callable

from app.services.record.blocks import Document
from app.services.record.telling import Teller

from .downtime import downtime
from .flowsheet import flowsheet
from .handover import handover
from .reaction_report import reaction_report

SHEETS: dict[str, Callable[[Teller], Document]] = {
    "flowsheet": flowsheet,
    "sbar": handover,
    "downtime": downtime,
    "reaction": reaction_report,
}
