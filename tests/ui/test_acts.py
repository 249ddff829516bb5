"""How much one infusion asks of the people at it: the whole path by their own acts, counted; `pytest` prints the numbers."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from app.domain.infusion.phases import Phase
from tests.services.ward import PORT
from tests.ui.hands import Hands
from ui.kit.look_and_words import Kit
from ui.ward.page import WardPage

MOST_ACTS, MOST_QUESTIONS = 200, 35
WRISTBAND, BAGS = "B-007", ("UC-2611-043", "UC-2611-044")


@pytest.fixture
def hands(kit: Kit) -> Iterator[Hands]:
    made = Hands(kit)
    yield made
    made.clear()


def test_a_whole_infusion_takes_few_acts(hands: Hands, record_property: Callable[[str, object], None]) -> None:
    """70 kg, two bags, a monitor that gives all but the temperature; Li is signed in, the others give their passwords."""
    _at_the_bench(hands)
    _to_the_start(hands)
    _to_the_end(hands)
    _to_the_signatures(hands)
    assert hands.ward.state.phase is Phase.SIGNED
    record_property("acts of one infusion", hands.told())
    assert hands.acts <= MOST_ACTS
    assert hands.questions <= MOST_QUESTIONS


def _at_the_bench(h: Hands) -> None:
    order(h)
    weigh(h)
    take_bags(h)
    certify(h)
    release(h)
    receive(h)
    h.doing("go to the bed").enter()
    h.ward.bedside.connect(h.ward.infusion_id, PORT)


def _to_the_start(h: Hands) -> None:
    verify(h)
    verify(h, second="Nurse Wang")
    premedicate(h)
    h.watch(21)
    thaw(h)
    h.watch(4)
    check_bag(h, BAGS[0])
    check_bag(h, BAGS[0])
    hang(h)
    h.watch(3)
    vitals(h)
    h.watch(2)
    start(h)


def _to_the_end(h: Hands) -> None:
    h.watch(1)
    measure(h, "5")
    h.watch(14)
    vitals(h)
    step_up(h)
    h.watch(1)
    measure(h, "14")
    h.watch(14)
    vitals(h, drops="14")
    h.watch(6)
    thaw(h)
    h.watch(3)
    check_bag(h, BAGS[1])
    check_bag(h, BAGS[1])
    h.watch(6)
    hang(h)
    vitals(h, drops="14")
    h.watch(14)
    end(h)


def _to_the_signatures(h: Hands) -> None:
    vitals(h)
    flush(h)
    for _ in range(4):
        h.watch(30)
        vitals(h)
    close(h)
    review(h)


# --- what each takes


def label(bag_id: str) -> str:
    return f"{bag_id}|UC2611|2026-11-24 18:00|100000000|100"


def order(h: Hands) -> None:
    page = h.doing("order").pages["ward"]
    assert isinstance(page, WardPage)
    h.click(page.empty.action if page.empty.isVisible() else page.new)
    h.type(WRISTBAND)
    h.enter()
    h.type("12")
    h.enter()
    h.letters("B")
    h.sign()


def weigh(h: Hands) -> None:
    """And choose the set."""
    h.doing("weight and set").enter()
    h.type("70.0")
    h.enter()
    h.pick("20")
    h.enter()


def take_bags(h: Hands) -> None:
    """The pharmacist signs the first label and stays at the bench."""
    first, second = map(label, BAGS)
    h.doing("labels").scan(first)
    h.pick("Pharmacist Chen")
    h.enter()
    h.sign()
    h.scan(second)
    h.enter()


def certify(h: Hands) -> None:
    h.doing("certificates").enter()
    for _bag in BAGS:
        h.type("91.2")
        h.enter()
        h.letters("YYYYYY")
    h.enter()


def release(h: Hands) -> None:
    h.doing("release").enter()
    h.sign()


def receive(h: Hands) -> None:
    h.doing("receive").enter()
    h.sign()


def verify(h: Hands, second: str = "") -> None:
    h.doing("verify").enter()
    for code in (WRISTBAND, *map(label, BAGS)):
        h.scan(code)
    if second:
        h.pick(second)
        h.enter()
    h.sign()


def premedicate(h: Hands) -> None:
    h.doing("pre-medication").enter()
    h.letters("NN")
    h.pick("drawn")
    h.enter()


def thaw(h: Hands) -> None:
    h.doing("thaw").enter()
    h.enter()


def check_bag(h: Hands, bag_id: str) -> None:
    """Whoever is left of the two who verified is chosen beforehand."""
    h.doing("check the thawed bag").enter()
    h.scan(WRISTBAND, later="the wristband at each bag")
    h.scan(label(bag_id))
    h.letters("Y")
    h.sign()


def hang(h: Hands) -> None:
    h.doing("hang").enter()
    h.enter()


def vitals(h: Hands, drops: str = "") -> None:
    h.doing("vital signs").key(Qt.Key.Key_F2)
    h.type("36.7")
    h.enter()
    if drops:
        h.type(drops)
        h.enter()
    h.enter()
    h.letters("ANN")
    h.enter()


def start(h: Hands) -> None:
    h.doing("start").enter()
    h.enter()


def measure(h: Hands, drops: str) -> None:
    h.doing("measure").key(Qt.Key.Key_F3)
    h.type(drops)
    h.enter()


def step_up(h: Hands) -> None:
    h.doing("step up").enter()
    h.pick("56")
    h.enter()


def end(h: Hands) -> None:
    h.doing("end").enter()
    h.type("60")
    h.enter()


def flush(h: Hands) -> None:
    """And the rest of the bag, before a witness."""
    h.doing("flush and leftover").enter()
    h.type("20")
    h.enter()
    h.letters("Y")
    h.sign()


def close(h: Hands) -> None:
    """And sign it as the nurse."""
    h.doing("close and sign").enter()
    h.pick("no reaction")
    h.enter()
    h.letters("Y")
    h.sign()


def review(h: Hands) -> None:
    h.doing("review").enter()
    h.sign()
