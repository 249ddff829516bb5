"""F1 where one stands: what the page is for and its rules, with the numbers of the protocol that holds there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.infusion.phases import Phase
from app.domain.texts import Text
from app.services.words.words import Words
from tests.domain.cast import TRIAL
from tests.domain.play import Play
from tests.fakes import NoRecords
from tests.services.ward import Ward
from tests.ui.pages.conftest import Furnish
from ui.frame.pages import PAGES, PageKey
from ui.frame.record_files import RecordFiles
from ui.help.help_page import HelpPage
from ui.help.page_rules import PAGE_RULES, page_rules
from ui.infusion.page import InfusionPage


def said(texts: tuple[Text, ...]) -> str:
    return "\n".join(map(Words("en").tr, texts))


def test_every_page_has_its_help() -> None:
    assert {row.key for row in PAGES} - PAGE_RULES.keys() == {PageKey.INFUSION}
    assert all(page_rules(row.key, None, TRIAL)[0].msgid for row in PAGES)


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Phase.RECEIVED, "Dexamethasone 5 mg, allergies asked; start 30 min later."),
        (Phase.RUNNING, "15 min at 20 drops/min (5 in 15 s)"),
        (Phase.OBSERVATION, "Observation: 120 min, vital signs every 30 min and at its end."),
    ],
)
def test_the_infusion_page_tells_the_rules_of_the_phase(phase: Phase, told: str) -> None:
    state = Play().state
    state.phase = phase
    rules = said(page_rules(PageKey.INFUSION, state, state.protocol)[1])
    assert told in rules
    assert "every 15 min after it" in rules


class Cards(NoRecords):
    def __init__(self) -> None:
        self.asked = 0

    def make_card(self, done: Callable[[dict[str, Path] | Text], None]) -> None:
        self.asked += 1
        super().make_card(done)


def test_help_stands_on_its_page_and_makes_the_nurse_s_card(furnish: Furnish) -> None:
    ward, cards = Ward(), Cards()
    window, desk = furnish(ward, InfusionPage)
    desk.records = RecordFiles(cards, desk.kit.words, desk.tell, desk)
    help_page = HelpPage(desk, window, PageKey.INFUSION, ward.infusion_id)
    assert help_page.title.text() == "Help · Infusion"
    assert "Two people verify patient, order and unthawed bags." in help_page.rules.text()
    desk.kit.words.set_language("zh_CN")
    assert "两人核对患者、医嘱与未复苏的细胞袋。" in help_page.rules.text()
    help_page.card.click()
    assert cards.asked == 1
