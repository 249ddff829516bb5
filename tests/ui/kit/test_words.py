"""The language switches while widgets stand on the screen, and nothing is left behind."""

import gc
from pathlib import Path

from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

import ui
from app.domain.texts import say
from ui.kit.live_words import LiveWords
from ui.kit.look_and_words import Kit


def listeners(words: LiveWords) -> int:
    return words.receivers(SIGNAL("changed()"))


def test_bound_texts_follow_the_language(kit: Kit, qtbot: QtBot) -> None:
    one = QPushButton()
    qtbot.addWidget(one)
    kit.words.bind(one, text=say("Pause"), accessibleName=say("Pause"), toolTip="F5")
    assert (one.text(), one.accessibleName(), one.toolTip()) == ("Pause", "Pause", "F5")
    kit.words.set_language("zh_CN")
    assert (one.text(), one.accessibleName(), one.toolTip()) == ("暂停", "暂停", "F5")


def test_a_tool_tip_is_read_letter_for_letter(kit: Kit, qtbot: QtBot) -> None:
    one = QPushButton()
    qtbot.addWidget(one)
    kit.words.bind(one, text="<b>bold</b>", toolTip="<b>bold</b>\n& more")
    assert one.text() == "<b>bold</b>"
    assert one.toolTip() == "<div style='white-space: pre-wrap'>&lt;b&gt;bold&lt;/b&gt;\n&amp; more</div>"


def test_every_tool_tip_is_set_by_the_words_or_made_plain() -> None:
    """Where a widget sets its own."""
    for path in Path(ui.__file__).parent.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if ".setToolTip(" in line:
                assert ".setToolTip(plain_tip(" in line, f"{path}: {line.strip()}"


def test_binding_again_replaces(kit: Kit, qtbot: QtBot) -> None:
    one = QLabel()
    qtbot.addWidget(one)
    kit.words.bind(one, text=say("Pause"))
    kit.words.bind(one, text=say("Timeline"))
    kit.words.set_language("zh_CN")
    assert one.text() == "时间线"
    assert listeners(kit.words) == 1


def test_a_dead_widget_no_longer_listens(kit: Kit) -> None:
    one = QLabel()
    kit.words.bind(one, text=say("Pause"))
    assert listeners(kit.words) == 1
    del one
    gc.collect()
    assert listeners(kit.words) == 0
    kit.words.set_language("zh_CN")


def test_a_finished_value_stays_as_it_is(kit: Kit) -> None:
    assert kit.words.shown("{not a place}") == "{not a place}"
    assert kit.words.shown(say("{n} ml", n=5)) == "5 ml"


def test_the_same_language_again_says_nothing(kit: Kit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(kit.words.changed):
        kit.words.set_language("en")
