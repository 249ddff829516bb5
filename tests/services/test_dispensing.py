"""What the bench is told of other infusions."""

from datetime import timedelta
from decimal import Decimal

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import RejectBag, ScanBag
from app.domain.infusion.chapters.ordering import Abandon
from app.domain.infusion.chapters.weighing import RecordWeight
from app.services.ward.dispensing import Past
from app.services.ward.orders import Prescription
from tests.domain.cast import CHEN, LI, ZHAO
from tests.services.ward import Ward


def _bag(ward: Ward, bag_id: str) -> ScanBag:
    return ScanBag(e.Bag(bag_id, "L", 100_000_000, Decimal(100), ward.bedside.now() + timedelta(days=2), "scan"))


def test_a_bag_is_taken_for_one_infusion_only_and_the_refusal_is_recorded() -> None:
    ward = Ward()
    assert ward.do(_bag(ward, "U1"), CHEN).ok
    ward.do(RejectBag("U1", "damaged"), CHEN)
    ward.infusion_id = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    refused = ward.do(_bag(ward, "U1"), CHEN).refused
    assert str(refused) == "Bag U1 belongs to another infusion: subject B-001, bed 12."
    assert (ward.state.bags, ward.store.events[-1]) == ({}, "CommandRefused")


def test_a_bag_that_is_just_being_saved_for_one_infusion_is_refused_for_another() -> None:
    ward = Ward()
    first = ward.infusion_id
    second = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    ward.store.holding = True
    ward.do(_bag(ward, "U1"), CHEN)
    ward.infusion_id = second
    assert "belongs to another infusion" in str(ward.do(_bag(ward, "u1"), CHEN).refused)
    ward.store.holding = False
    ward.store.release()
    assert [list(ward.bedside.infusion(i).bags) for i in (first, second)] == [["U1"], []]


def test_the_same_number_in_other_letters_is_the_same_bag() -> None:
    ward = Ward()
    ward.do(_bag(ward, "UC-1"), CHEN)
    assert str(ward.do(_bag(ward, "uc-1"), CHEN).refused) == "Bag uc-1 is on this infusion already."


def test_the_last_weight_is_that_of_the_order_before() -> None:
    ward = Ward()
    assert ward.bedside.last_weight_kg(ward.infusion_id) is None
    ward.do(RecordWeight(Decimal("60.0")), LI)
    assert ward.bedside.last_weight_kg(ward.infusion_id) is None
    ward.do(Abandon("fever"), CHEN)
    ward.clock.move(minutes=1)
    second = ward.bedside.order("B-001", "12", "B", 2, ZHAO, prescription=Prescription(reason="the first one elsewhere"))
    other = ward.bedside.order("B-002", "14", "B", 1, ZHAO)
    assert [ward.bedside.last_weight_kg(x) for x in (second, other)] == [Decimal("60.0"), None]


def test_what_the_store_knows_of_closed_infusions_counts_too() -> None:
    ward = Ward(past=Past({"B-001": Decimal("61.5")}))
    assert ward.bedside.last_weight_kg(ward.infusion_id) == Decimal("61.5")
