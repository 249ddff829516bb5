"""How much one infusion asks of a nurse: the whole path by her own acts, counted."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.domain.infusion.phases import Phase
from tests.ui.hands import Hands
from ui.kit.look_and_words import Kit
from ui.ward.page import WardPage

MOST_ACTS, MOST_QUESTIONS = 200, 35
BAGS = ("UC-2611-043", "UC-2611-044")
WRISTBAND = "B-007"


@pytest.fixture
def hands(kit: Kit) -> Iterator[Hands]:
    made = Hands(kit)
    yield made
    made.clear()


def label(bag_id: str) -> str:
    return f"{bag_id}|UC2611|2026-11-24 18:00|100000000|100"


def order(h: Hands) -> None:
    page = h.pages["ward"]
    assert isinstance(page, WardPage)
    h.click(page.empty.action if page.empty.isVisible() else page.new)
    h.type(WRISTBAND)
    h.enter()
    h.type("12")
    h.enter()
    h.letters("B")
    h.sign()


def weigh(h: Hands) -> None:
    h.enter()
    h.type("70.0")
    h.enter()
    h.pick("20")
    h.enter()


def take_bags(h: Hands) -> None:
    for n, bag_id in enumerate(BAGS):
        h.scan(label(bag_id))
        if n == 0:
            named(h, "Pharmacist Chen")
            h.sign()
        else:
            h.enter()


def certify(h: Hands) -> None:
    h.enter()
    for _bag in BAGS:
        h.type("91.2")
        h.enter()
        h.letters("YYYYYY")
    h.enter()


def release(h: Hands) -> None:
    h.enter()
    h.sign()


def receive(h: Hands) -> None:
    h.enter()
    h.sign()


def go_to_bed(h: Hands) -> None:
    h.enter()


def verify(h: Hands, second: str = "") -> None:
    h.enter()
    for code in (WRISTBAND, *map(label, BAGS)):
        h.scan(code)
    named(h, second)
    h.sign()


def named(h: Hands, second: str) -> None:
    if second:
        h.pick(second)
        h.enter()


def premedicate(h: Hands) -> None:
    h.enter()
    h.letters("NN")
    h.pick("drawn")
    h.enter()


def thaw(h: Hands) -> None:
    h.enter()
    h.enter()


def check_bag(h: Hands, bag_id: str) -> None:
    h.enter()
    h.scan(label(bag_id))
    h.letters("Y")
    h.sign()


def hang(h: Hands) -> None:
    h.enter()
    h.enter()


def vitals(h: Hands, drops: str = "") -> None:
    h.key(Qt.Key.Key_F2)
    h.type("36.7")
    h.enter()
    if drops:
        h.type(drops)
        h.enter()
    h.enter()
    h.letters("ANN")
    h.enter()


def start(h: Hands) -> None:
    h.enter()
    h.enter()


def measure(h: Hands, count: str) -> None:
    h.key(Qt.Key.Key_F3)
    h.type(count)
    h.enter()


def step_up(h: Hands) -> None:
    h.enter()
    h.pick("56")
    h.enter()


def end(h: Hands) -> None:
    h.enter()
    h.type("60")
    h.enter()


def flush(h: Hands) -> None:
    h.enter()
    h.type("20")
    h.enter()
    h.letters("Y")
    h.sign()


def close(h: Hands) -> None:
    h.enter()
    h.pick("no reaction")
    h.enter()
    h.letters("Y")
    h.sign()


def sign(h: Hands) -> None:
    h.enter()
    h.sign()


def test_a_whole_infusion_takes_few_acts(hands: Hands) -> None:
    h = hands
    walk(h)
    print(h.acts, h.questions, h.secrets, h.told)


def walk(h: Hands) -> None:
    def do(step, *args):
        before = h.ward.state.entries
        h.now_doing(step.__name__)
        step(h, *args)
        assert h.question is None, (
            step.__name__,
            h.question.windowTitle(),
            h.question.strip._state,
            [l.text() for l in h.question.findChildren(type(h.question.title)) if l.text().startswith("▲")],
        )

    do(order)
    do(weigh)
    do(take_bags)
    do(certify)
    do(release)
    do(receive)
    do(go_to_bed)
    h.ward.bedside.connect(h.ward.infusion_id, "COM7")
    h.settle()
    do(verify)
    do(verify, "Nurse Wang")
    do(premedicate)
    h.watch(21)
    do(thaw)
    h.watch(4)
    do(check_bag, BAGS[0])
    do(check_bag, BAGS[0])
    do(hang)
    h.watch(3)
    do(vitals)
    h.watch(2)
    do(start)
    h.watch(1)
    do(measure, "5")
    h.watch(14)
    do(vitals)
    do(step_up)
    h.watch(1)
    do(measure, "14")
    h.watch(14)
    do(vitals, "14")
    h.watch(6)
    do(thaw)
    h.watch(3)
    do(check_bag, BAGS[1])
    do(check_bag, BAGS[1])
    h.watch(6)
    do(hang)
    do(vitals, "14")
    h.watch(14)
    do(end)
    do(vitals)
    do(flush)
    for _ in range(4):
        h.watch(30)
        do(vitals)
    do(close)
    do(sign)
    assert h.ward.state.phase is Phase.SIGNED
