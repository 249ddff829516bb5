"""Labels for the tubes of the immunology panel: Code 128 and QR with the same text, all on one sheet."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from app.domain.texts import Text, say
from app.domain.trial.due import DueItem, due_name
from app.services.codes.code128 import QUIET_MODULES, code128
from app.services.codes.qr import qr_modules
from app.services.record.blocks import PlotBlock
from app.services.record.drawing import Drawing

Tr = Callable[[Text | str], str]
_ACROSS, _WIDE, _HIGH, _GAP = 3, 58.0, 30.0, 2.0
#: How many labels go on a page.
A_PAGE = 18
_MODULE_MM, _BARS_MM, _QR_MM = 0.19, 9.0, 13.0


class Tube(msgspec.Struct, frozen=True):
    """One tube: whose, of which week, which of how many, and when it is to be drawn."""

    item: DueItem
    number: int
    of: int

    @property
    def code(self) -> str:
        """What both codes say: subject, week, tube."""
        return f"{self.item.subject}/W{self.item.week}/{self.number}"


def tubes(items: Iterable[DueItem], each: int) -> tuple[Tube, ...]:
    """So many for each immunology sample that is still to be drawn."""
    wanted = [x for x in items if x.kind == "immunology" and x.status in ("planned", "due", "late")]
    return tuple(Tube(x, n, each) for x in wanted for n in range(1, each + 1))


def sheet(labels: Sequence[Tube], tr: Tr) -> PlotBlock:
    """A4 across three labels; each is drawn with its quiet zones."""
    rows = -(-len(labels) // _ACROSS)
    drawing = Drawing(_ACROSS * (_WIDE + _GAP), max(1, rows) * (_HIGH + _GAP))
    for at, tube in enumerate(labels):
        _label(drawing, tube, (at % _ACROSS) * (_WIDE + _GAP), (at // _ACROSS) * (_HIGH + _GAP), tr)
    return drawing.plot(tr(say("{n} tube labels", n=len(labels))))


def _label(drawing: Drawing, tube: Tube, left: float, top: float, tr: Tr) -> None:
    drawing.box((left, top), _WIDE, _HIGH, None, 70)
    drawing.text((left + 2, top + 3), tube.item.subject, size_pt=9, strong=True)
    drawing.text((left + 2, top + 7), tr(due_name(tube.item)), size_pt=6.5)
    which = say("tube {n} of {of} · {day}", n=tube.number, of=tube.of, day=tube.item.day)
    drawing.text((left + 2, top + 10.5), tr(which), size_pt=6.5)
    if tube.item.hint is not None:
        drawing.text((left + 2, top + 14), tr(tube.item.hint), size_pt=6.5, strong=True)
    _bars(drawing, tube.code, left + 2, top + 17)
    _qr(drawing, tube.code, left + _WIDE - _QR_MM - 2, top + 2)
    drawing.text((left + 2, top + 28), tube.code, size_pt=6)


def _bars(drawing: Drawing, text: str, left: float, top: float) -> None:
    x = left + QUIET_MODULES * _MODULE_MM / 2
    for n, modules in enumerate(code128(text)):
        if n % 2 == 0:
            drawing.box((x, top), modules * _MODULE_MM, _BARS_MM, 0)
        x += modules * _MODULE_MM


def _qr(drawing: Drawing, text: str, left: float, top: float) -> None:
    rows = qr_modules(text)
    side = _QR_MM / len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                drawing.box((left + x * side, top + y * side), side, side, 0)
