"""After a mismatch: both people read wristband and bags anew, or look at the thawed bag anew."""

from PySide6.QtWidgets import QWidget

from app.domain.infusion.phases import Phase
from ui.frame.desk import Desk

from . import check_bag, verify


def ask(desk: Desk, infusion_id: str, parent: QWidget) -> None:
    before_thaw = desk.infusion(infusion_id).phase is Phase.RECEIVED
    (verify if before_thaw else check_bag).ask(desk, infusion_id, parent)
