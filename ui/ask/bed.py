"""At which bed something is asked: known from the first question of a chain to its last witness."""

from PySide6.QtWidgets import QWidget

_ABOUT = "aboutInfusion"


class AtBed(QWidget):
    """Never seen. Stands between a page and the questions asked from it, so that these keep their bed whatever the page shows."""

    def __init__(self, infusion_id: str, page: QWidget) -> None:
        super().__init__(page)
        self.infusion_id = infusion_id
        say_bed(self, infusion_id)
        self.hide()


def at_bed(infusion_id: str, page: QWidget) -> QWidget:
    """The parent for a question about this infusion."""
    if infusion_of(page) == infusion_id:
        return page
    known = next((one for one in page.findChildren(AtBed) if one.infusion_id == infusion_id and one.parent() is page), None)
    return known or AtBed(infusion_id, page)


def say_bed(asked: QWidget, infusion_id: str | None) -> None:
    """What is asked from this widget, is asked about this infusion, wherever the widget stands."""
    asked.setProperty(_ABOUT, infusion_id)


def infusion_of(asked: QWidget | None) -> str | None:
    """The infusion that is asked about; None where it is about no bed."""
    while asked is not None and not asked.property(_ABOUT):
        asked = asked.parentWidget()
    return asked.property(_ABOUT) if asked is not None else None
