"""One vital sign: name in its curve's colour, limits, big value, unit, source, age; missing and stale say so."""

import msgspec
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.texts import Text, say
from ui.frame.bar.alarm_bar import AlarmLook
from ui.kit.canvas import RIGHT, Canvas
from ui.kit.look.tokens import SPACE_8
from ui.kit.look_and_words import Kit
from ui.kit.painted import Painted

_PAD = 12
_LINE, _HEAD = 20, 27
_ARROW = 28
#: px of height between head and foot, and of width beside the number, from which on it is written larger
_ROOMY, _BESIDE = 110, 120
LOW = 56
#: QWIDGETSIZE_MAX
_ANY = 16_777_215


def number_role(canvas: Canvas, shown: str, box: QRectF) -> str:
    """Read from two metres: as large as the place between head and foot allows."""
    roomy = box.height() >= _ROOMY and canvas.width_of(shown, "huge") <= box.width() - _BESIDE
    return "huge" if roomy else "vital"


class TileState(msgspec.Struct, frozen=True):
    """`value` is written out (“84”, “118/74”), None with the reason in `missing`; `second` such as “(89)”.

    `colour` is a key of `Theme.curves`; `own`: the `limits` are this patient's alone; `high` tells the side of an `alarm`.
    `before`: the baseline; `moved`: ↑ ↓ or = since; `worrying`: it moved so far as in a reaction.
    """

    name: Text | str
    colour: str
    value: str | None = None
    unit: Text | str = ""
    second: str = ""
    limits: str = ""
    source: Text | str = ""
    age: Text | str = ""
    missing: Text | str = ""
    stale: bool = False
    alarm: AlarmLook | None = None
    high: bool = True
    before: str = ""
    moved: str = ""
    worrying: bool = False
    own: bool = False


class Tile(Painted[TileState]):
    """Needs 104 px of height; takes what it gets."""

    ground = "ground"

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._low = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_low(self, low: bool) -> None:
        """On a very small screen: name and number alone, `LOW` px high."""
        if low != self._low:
            self._low = low
            self.setMinimumHeight(LOW if low else 0)
            self.setMaximumHeight(LOW if low else _ANY)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(96, LOW) if self._low else QSize(236, 120)

    def minimumSizeHint(self) -> QSize:
        if self._low:
            return QSize(64, LOW)
        value = self.state.value if self.state else None
        width = self.kit.look.metrics("vital").horizontalAdvance(value) if value else 0.0
        return QSize(max(190, round(width) + 2 * _PAD + 2), 94)

    def spoken(self, state: TileState) -> str:
        value = state.value or self.kit.words.shown(say("no value"))
        since = say("{arrow} from {before}", arrow=state.moved, before=state.before) if state.before else ""
        parts = (state.name, value, state.second, state.unit, since, state.missing, self._source(state), state.age)
        return " ".join(filter(None, map(self.kit.words.shown, parts)))

    def fitted(self, state: TileState) -> None:
        self.set_tip(self.kit.words.shown(state.missing))

    def changed(self, before: TileState, after: TileState) -> QRectF | None:
        """Below the head, while that tells the same: what the monitor says each second."""
        if after.alarm or self._low or before.value is None or after.value is None:
            return None
        same = msgspec.structs.replace(
            after, value=before.value, second=before.second, age=before.age, moved=before.moved, source=before.source
        )
        return QRectF(self.rect()).adjusted(0, _HEAD, 0, 0) if same == before else None

    def _source(self, state: TileState) -> Text | str:
        return say("stale · {source}", source=state.source) if state.stale else state.source

    def draw(self, canvas: Canvas, state: TileState) -> None:
        if self._low:
            self._draw_low(canvas, state)
            return
        theme, box = canvas.theme, QRectF(self.rect())
        edge = theme.alarms[state.alarm].ground if state.alarm else theme.line
        canvas.block(box, theme.card, edge, pen=4 if state.alarm else 1)
        inner = box.adjusted(_PAD, _HEAD - _LINE, -_PAD, -6)
        middle = inner.adjusted(0, _LINE, 0, -_LINE)
        role = number_role(canvas, state.value or "—", middle)
        room = middle.width() - canvas.width_of(state.value or "—", role)
        spared = self._head(canvas, state, QRectF(inner.left(), inner.top(), inner.width(), _LINE), room < _ARROW)
        if state.value:
            spared = [*self._value(canvas, state, middle, room, role), *spared]
        else:
            self._missing(canvas, state, middle)
        self._foot(canvas, state, QRectF(inner.left(), inner.bottom() - _LINE, inner.width(), _LINE), spared)

    def _draw_low(self, canvas: Canvas, state: TileState) -> None:
        theme, box = canvas.theme, QRectF(self.rect())
        canvas.block(box, theme.card, theme.alarms[state.alarm].ground if state.alarm else theme.line, pen=4 if state.alarm else 1)
        inner = box.adjusted(SPACE_8, 5, -SPACE_8, -5)
        name = QRectF(inner.left(), inner.top(), inner.width(), 16)
        canvas.text(name, state.name, "hint", theme.curves[state.colour], may_elide=True)
        number = inner.adjusted(0, 16, 0, 0)
        shown = f"{state.value} ?" if state.value and state.stale else state.value or "—"
        room = number.width() - (18 if state.alarm else 0)
        role = next((role for role in ("code", "result") if canvas.width_of(shown, role) <= room), "strong")
        canvas.text(number, shown, role, theme.quiet if state.stale or not state.value else theme.text)
        if state.alarm:
            canvas.triangle(QRectF(number.right() - 14, number.center().y() - 7, 14, 14), theme.text, up=state.high)

    def _head(self, canvas: Canvas, state: TileState, box: QRectF, arrow: bool) -> list[str]:
        """Returns the limits if there is no room for them; `arrow`: it stands here, for want of room below."""
        theme = canvas.theme
        if state.alarm:
            box = box.adjusted(0, 0, -self._badge(canvas, state, box) - SPACE_8, 0)
            if arrow:
                canvas.triangle(QRectF(box.right() - 14, box.top() + 3, 14, 14), theme.text, up=state.high)
                box = box.adjusted(0, 0, -22, 0)
        taken = canvas.text(box, state.name, "strong", theme.curves[state.colour])
        rest = box.adjusted(taken + SPACE_8, 0, 0, 0)
        whole = say("{limits} own", limits=state.limits) if state.own else state.limits
        for limits, role in ((whole, "body"), *([(f"◆{state.limits}", "hint")] if state.own else [])):
            if canvas.width_of(limits, role) <= rest.width():
                canvas.text(rest, limits, role, theme.quiet, RIGHT)
                return []
        return [self.kit.words.shown(whole)]

    def _badge(self, canvas: Canvas, state: TileState, box: QRectF) -> float:
        """The alarm's own sign in the corner: as many triangles as its priority has. Returns its width."""
        alarm = canvas.theme.alarms[state.alarm or "low"]
        width = 14.0 * alarm.triangles + 10
        canvas.block(QRectF(box.right() - width, box.top(), width, _LINE), alarm.ground, radius=4)
        for at in range(alarm.triangles):
            left = box.right() - width + 6 + at * 14
            canvas.triangle(QRectF(left, box.top() + 5, 11, 10), alarm.ink)
        return width

    def _value(self, canvas: Canvas, state: TileState, box: QRectF, room: float, size: str) -> list[str]:
        """“66 → 103 ↑”. Returns what there is no room for beside the number: its baseline, unit and second value."""
        theme, spared = canvas.theme, []
        if state.alarm and room >= _ARROW:
            canvas.triangle(QRectF(box.left(), box.center().y() - 11, 20, 22), theme.text, up=state.high)
            box, room = box.adjusted(_ARROW, 0, 0, 0), room - _ARROW
        unit = max(canvas.width_of(state.unit, "body"), canvas.width_of(state.second, "strong")) + SPACE_8
        ink = theme.text if state.worrying else theme.quiet
        role = "strong" if state.worrying else "body"
        lead, moved = f"{state.before} →", canvas.width_of(state.moved, "title") + SPACE_8
        has_lead = bool(state.before) and canvas.width_of(lead, role) + SPACE_8 + moved + unit <= room
        if has_lead:
            box = box.adjusted(canvas.text(box, lead, role, ink) + SPACE_8, 0, 0, 0)
        elif state.before:
            spared.append(f"{lead} {state.moved * 2 if state.worrying else state.moved}")
        width = canvas.text(box, state.value or "", size, theme.quiet if state.stale else theme.text)
        rest = box.adjusted(width + SPACE_8, 0, 0, 0)
        if has_lead:
            if state.worrying:
                canvas.block(QRectF(rest.left() - 3, rest.center().y() - 13, moved, 26), ink, radius=4)
            canvas.text(rest, state.moved, "title", theme.card if state.worrying else ink)
            rest = rest.adjusted(moved, 0, 0, 0)
        if unit - SPACE_8 > rest.width():
            return [*spared, self._beside(state)]
        if state.second:
            canvas.text(rest.adjusted(0, -11, 0, -11), state.second, "strong", theme.quiet)
        low = 11 if state.second else 8
        canvas.text(rest.adjusted(0, low, 0, low), state.unit, "body", theme.quiet)
        return spared

    def _beside(self, state: TileState) -> str:
        """The second value and the unit: the first to go where all has no room."""
        return f"{state.second} {self.kit.words.shown(state.unit)}".strip()

    def _missing(self, canvas: Canvas, state: TileState, box: QRectF) -> None:
        width = canvas.text(box, "—", "vital", canvas.theme.quiet)
        canvas.note(box.adjusted(width + SPACE_8, 0, 0, 0), state.missing, "body", canvas.theme.text)

    def _foot(self, canvas: Canvas, state: TileState, box: QRectF, spared: list[str]) -> None:
        """Source and age, after what found no place above; smaller before shorter."""
        theme = canvas.theme
        is_strong = state.stale or (state.worrying and bool(spared))
        ink = theme.text if is_strong else theme.quiet
        taken = canvas.text(box, state.age, "body", ink, RIGHT)
        rest = box.adjusted(0, 0, -taken - SPACE_8, 0)
        source, role = self.kit.words.shown(self._source(state)), "strong" if is_strong else "body"
        whole, least = (
            " · ".join(filter(None, (*some, source))) for some in (spared, [x for x in spared if x != self._beside(state)])
        )
        offered = ((whole, role), (whole, "hint"), (least, role), (least, "hint"))
        words, role = next((one for one in offered if canvas.width_of(*one) <= rest.width()), offered[-1])
        canvas.text(rest, words, role, ink, may_elide=True)
