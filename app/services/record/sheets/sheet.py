"""Which sheets there are, by the name that the command line and the window ask for."""

from collections.abc import Callable

from app.domain.texts import Text, say
from app.services.record.blocks import Document
from app.services.record.telling import Teller

from .downtime import downtime
from .flowsheet import flowsheet
from .handover import handover

SHEETS: dict[str, Callable[[Teller], Document]] = {
    "flowsheet": flowsheet,
    "sbar": handover,
    "downtime": downtime,
}

SHEET_NAMES: dict[str, Text] = {
    "flowsheet": say("Flowsheet"),
    "sbar": say("Hand-over sheet (SBAR)"),
    "downtime": say("Downtime sheet"),
}
