"""What the next nurse reads of each bed, and how taking over is confirmed and recorded."""

import pytest

from app.domain.infusion import facts as e
from app.domain.people.roles import BEDSIDE
from app.domain.texts import Text
from tests.domain.cast import LI, WANG
from tests.services.ward import Ward
from tests.ui.pages import story
from tests.ui.pages.conftest import Furnish
from ui.ask.who import WhoQuestion
from ui.handover.page import HandoverPage
from ui.kit.look_and_words import Kit


@pytest.fixture(scope="module")
def ward() -> Ward:
    """Played once; only the last to use it changes it."""
    return story.full_ward()


def opened(ward: Ward, furnish: Furnish) -> HandoverPage:
    window, desk = furnish(ward, HandoverPage)
    page = window.pages["page"]
    assert isinstance(page, HandoverPage)
    desk.half_filled = lambda infusion_id: [Text("N-01 left this half filled")] if infusion_id == ward.infusion_id else []
    page.refresh()
    return page


def test_each_bed_tells_done_due_missed_alarms_and_drafts(ward: Ward, furnish: Furnish, kit: Kit) -> None:
    page = opened(ward, furnish)
    assert [card.subject.text() for card in page.cards.values()] == ["A-005", "A-004", "B-007", "C-002"]
    observed, infusing = (list(page.cards.values())[at] for at in (1, 2))
    done, due, missed, alarms, drafts = (text.text() for text in observed.texts)
    assert done.splitlines() == ["Observation 14:11", "95–100 ml", "Vital signs 15:29 · NEWS2 0"]
    assert due.splitlines() == ["Vital signs 90 min · in 06:30", "Close the observation · in 36:30"]
    assert missed == "14:41, 15:11"
    assert alarms.startswith("▲ Heart rate")
    assert drafts == "—"
    assert infusing.texts[4].text() == "N-01 left this half filled"
    kit.words.set_language("zh_CN")
    assert infusing.texts[0].text().splitlines()[1] == "56 滴/分 · 100 mL"


def test_whoever_takes_over_is_another_one_hears_each_bed_and_stands_in_every_record(ward: Ward, furnish: Furnish) -> None:
    page = opened(ward, furnish)
    page.take_over.click()
    question = page.findChild(WhoQuestion)
    assert question is not None
    offered = list(question.names.codes.values())
    assert LI.person_id not in offered
    assert set(offered) == {p.person_id for p in page.desk.people.of(*BEDSIDE)} - {LI.person_id}
    question.reject()
    page._taken(WANG, tuple(page.cards))
    last = [ward.bedside.infusion(key).entries[-1] for key in page.cards]
    assert [(entry.by, entry.event) for entry in last] == [(LI.person_id, e.HandedOver(WANG.person_id))] * 4
    assert page.desk.person == WANG


def test_with_no_bed_there_is_nothing_to_hand_over(furnish: Furnish) -> None:
    page = opened(story.new_ward(), furnish)
    assert page.stack.currentWidget() is page.empty
