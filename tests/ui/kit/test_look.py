"""Both themes can be read, and alarm colours mean alarms."""

from itertools import product

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ui.kit.labels_and_buttons import button
from ui.kit.look.contrast import contrast
from ui.kit.look.fonts import ROLES
from ui.kit.look.style import stylesheet
from ui.kit.look.tokens import DARK, LIGHT, THEMES, Theme
from ui.kit.look_and_words import Kit, restyle

both = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


def pairs_of_text(theme: Theme) -> dict[str, tuple[str, str]]:
    grounds = {name: getattr(theme, name) for name in ("ground", "card", "sunken", "accent_soft")}
    inks = {"text": theme.text, "quiet": theme.quiet, "accent_strong": theme.accent_strong}
    found = {f"{ink} on {ground}": (inks[ink], grounds[ground]) for ink, ground in product(inks, grounds)}
    found |= {f"{key} on card": (curve, theme.card) for key, curve in theme.curves.items()}
    found |= {f"accent on {name}": (theme.accent, grounds[name]) for name in ("card", "sunken", "ground")}
    found |= {f"{key} alarm": (alarm.ink, alarm.ground) for key, alarm in theme.alarms.items()}
    found["primary"] = (theme.on_accent, theme.accent)
    found["primary under the mouse"] = (theme.on_accent, theme.accent_strong)
    found["Reaction"] = (theme.on_reaction, theme.reaction)
    found["Reaction under the mouse"] = (theme.on_reaction, theme.reaction_hover)
    found["tool tip"] = (theme.card, theme.text)
    return found


def pairs_of_marks(theme: Theme) -> dict[str, tuple[str, str]]:
    grounds = {name: getattr(theme, name) for name in ("ground", "card", "sunken", "accent_soft")}
    marks = {"accent": theme.accent, "edge": theme.edge} | dict(theme.curves)
    found = {f"{mark} on {ground}": (marks[mark], grounds[ground]) for mark, ground in product(marks, grounds)}
    found["Reaction on ground"] = (theme.reaction, theme.ground)
    return found


@both
def test_every_text_can_be_read(theme: Theme) -> None:
    low = {name: contrast(*pair) for name, pair in pairs_of_text(theme).items() if contrast(*pair) < 4.5}
    assert low == {}


@both
def test_every_mark_can_be_seen(theme: Theme) -> None:
    low = {name: contrast(*pair) for name, pair in pairs_of_marks(theme).items() if contrast(*pair) < 3}
    assert low == {}


def test_contrast_of_known_pairs() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@both
def test_alarm_colours_are_nowhere_in_the_style_sheet_but_on_reaction(theme: Theme) -> None:
    sheet = stylesheet(theme, "icons")
    lines = [line for line in sheet.splitlines() if theme.reaction in line or theme.reaction_hover in line]
    assert lines
    assert all('role="reaction"' in line for line in lines)
    assert theme.alarms["medium"].ground not in sheet
    assert theme.alarms["low"].ground not in sheet


def test_sizes_are_those_agreed() -> None:
    assert ROLES["body"][0] >= 11
    assert ROLES["vital"][0] >= 36


def test_digits_are_of_one_width(kit: Kit) -> None:
    for role in ROLES:
        widths = {kit.look.metrics(role).horizontalAdvance(digit * 3) for digit in "0123456789"}
        assert max(widths) - min(widths) < 0.5, role


def test_a_theme_restyles_what_is_on_screen(kit: Kit, qtbot: QtBot, qapp: QApplication) -> None:
    one = button(kit, "Pause")
    qtbot.addWidget(one)
    one.show()
    before = one.grab().toImage().pixelColor(8, 8).name()
    with qtbot.waitSignal(kit.look.changed):
        kit.look.set_theme(qapp, DARK)
    assert before == LIGHT.card.lower()
    assert one.grab().toImage().pixelColor(8, 8).name() == DARK.card.lower()


def test_the_same_theme_again_says_nothing(kit: Kit, qtbot: QtBot, qapp: QApplication) -> None:
    with qtbot.assertNotEmitted(kit.look.changed):
        kit.look.set_theme(qapp, LIGHT)


def test_focus_can_be_seen_on_every_role(kit: Kit, qtbot: QtBot) -> None:
    for role in ("primary", "secondary", "ghost", "pill", "reaction"):
        one = button(kit, "Pause", role)
        qtbot.addWidget(one)
        one.show()
        calm = one.grab().toImage()
        one.setFocus()
        one.activateWindow()
        qtbot.waitUntil(one.hasFocus)
        assert one.grab().toImage() != calm, role
        assert one.height() >= 44


def test_icons_are_drawn_in_the_colour_asked_for(kit: Kit) -> None:
    for name in ("ward", "infusion", "dispense", "trial", "records", "devices", "settings", "sound-on", "lock"):
        image = kit.look.icon(name, "#0B7A70", 24, 2.0).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(48) for y in range(48)}
        assert image.width() == 48
        assert "#0b7a70" in colours, name


def test_restyle_polishes_only_on_a_change(kit: Kit, qtbot: QtBot) -> None:  # noqa: ARG001
    one = QPushButton("x")
    qtbot.addWidget(one)
    restyle(one, role="primary")
    assert one.property("role") == "primary"
