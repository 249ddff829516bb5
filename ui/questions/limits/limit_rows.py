"""The near limits of each vital sign to be set anew: what the protocol gives, the baseline, and the room there is."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from app.domain.errors import Refused
from app.domain.protocol import Limits, VitalsRules
from app.domain.texts import Text, say
from app.domain.vitals.own_limits import OwnLimits, near, room
from app.domain.vitals.vital_signs import VITALS, limits_text
from ui.kit.labels_and_buttons import label
from ui.kit.look.tokens import SPACE_4, SPACE_8, TARGET
from ui.kit.look_and_words import Kit, restyle

#: The mean pressure follows the other two. A pulse has the limits of the heart rate: who sets one sets both.
_ROWS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (say("Heart rate, pulse"), ("hr", "pr")),
    *((VITALS[code].name, (code,)) for code in ("spo2", "nibp_sys", "nibp_dia", "rr", "temp")),
)
_FIELD_WIDTH = 92


class LimitRows(QWidget):
    """`stated`: the protocol's rules; `in_force`: with what the patient has already. `changed`: something was typed."""

    changed = Signal()

    def __init__(self, kit: Kit, stated: VitalsRules, in_force: VitalsRules, baseline: Mapping[str, Decimal]) -> None:
        super().__init__()
        self.kit = kit
        self.stated = {of.vital: of for of in stated.limits}
        self._in_force = {of.vital: near(of) for of in in_force.limits}
        self.codes = [known for _, codes in _ROWS if (known := tuple(code for code in codes if code in self.stated))]
        self.fields: dict[tuple[str, str], QLineEdit] = {}
        self.notes: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_8)
        grid.setVerticalSpacing(SPACE_4)
        grid.setColumnStretch(4, 1)
        for column, head in enumerate((say("Baseline"), say("Lower limit"), say("Upper limit")), 1):
            grid.addWidget(label(kit, head, "body", "quiet"), 0, column)
        for number, codes in enumerate(self.codes, 1):
            self._row(grid, number, codes, baseline)
        self.show_limits(self._in_force)

    def _row(self, grid: QGridLayout, number: int, codes: tuple[str, ...], baseline: Mapping[str, Decimal]) -> None:
        name = next(name for name, known in _ROWS if codes[0] in known)
        grid.addWidget(label(self.kit, name, "strong", wrap=True), number, 0)
        value = next((baseline[code] for code in codes if code in baseline), None)
        grid.addWidget(label(self.kit, "—" if value is None else f"{value:f}", "strong"), number, 1)
        for column, end, words in ((2, "low", say("{vital}: low", vital=name)), (3, "high", say("{vital}: high", vital=name))):
            field = self.fields[codes[0], end] = QLineEdit()
            field.setFont(self.kit.look.font("line"))
            field.setFixedSize(_FIELD_WIDTH, TARGET)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.kit.words.bind(field, accessibleName=words)
            field.textEdited.connect(self._edited)
            grid.addWidget(field, number, column)
        self.notes[codes[0]] = label(self.kit, "", "hint", "quiet", wrap=True)
        grid.addWidget(self.notes[codes[0]], number, 4)

    def _edited(self) -> None:
        self._say()
        self.changed.emit()

    def show_limits(self, found: Mapping[str, OwnLimits]) -> None:
        """Fill in these; of what is not in it the field stays as it is."""
        for codes in self.codes:
            own = next((found[code] for code in codes if code in found), None)
            if own is not None:
                for end in ("low", "high"):
                    value = getattr(own, end)
                    self.fields[codes[0], end].setText("" if value is None else f"{value.normalize():f}")
        self._say()

    def _say(self) -> None:
        for codes in self.codes:
            of, note = self.stated[codes[0]], self.notes[codes[0]]
            typed = tuple(self._text(codes[0], end) for end in ("low", "high"))
            is_other = typed != tuple("" if end is None else f"{end.normalize():f}" for end in (of.low, of.high))
            restyle(note, tone="" if is_other else "quiet")
            self.kit.words.bind(note, text=_note(of, is_other))

    def _text(self, code: str, end: str) -> str:
        text = self.fields[code, end].text().strip()
        for comma in ",，。":
            text = text.replace(comma, ".")
        return text

    def limits(self) -> tuple[OwnLimits, ...]:
        """Those that are other than before. Raises `Refused` naming what is no number; its field is marked."""
        return tuple(own for own in self._typed() if own != self._in_force[own.vital])

    def _typed(self) -> Iterator[OwnLimits]:
        for codes in self.codes:
            low, high = (self._number(codes[0], end) for end in ("low", "high"))
            for code in codes:
                yield OwnLimits(code, low, high)

    def _number(self, code: str, end: str) -> Decimal | None:
        field, text = self.fields[code, end], self._text(code, end)
        try:
            found = Decimal(text) if text else None
        except InvalidOperation:
            restyle(field, refused=True)
            field.setFocus()
            raise Refused(say("{vital}: type a number.", vital=VITALS[code].name)) from None
        restyle(field, refused=False)
        return found


def _note(of: Limits, is_other: bool) -> Text:
    """What the protocol has, and how far one may go."""
    least, most = room(of)
    usual, unit = limits_text(of), VITALS[of.vital].unit_words
    if is_other:
        return say("◆ protocol: {usual} {unit}\npossible {least}–{most}", usual=usual, unit=unit, least=least, most=most)
    return say("{unit}, as in the protocol\npossible {least}–{most}", unit=unit, least=least, most=most)
