"""A bag that was used once, however long ago, is never used again on this store."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.bags import ScanBag
from app.services import clock as clocks
from tests.db.many import many
from tests.domain.cast import CHEN
from tests.whole.ward_life import Life


def later(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    wall_utc, steady_s = clocks.wall_utc, clocks.steady_s
    monkeypatch.setattr(clocks, "wall_utc", lambda: wall_utc() + timedelta(hours=hours))
    monkeypatch.setattr(clocks, "steady_s", lambda: steady_s() + hours * 3600)


@pytest.mark.parametrize("number", ["U1", "u1", "U2"])
def test_after_a_restart_the_bag_of_a_signed_infusion_is_refused_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    first = Life(tmp_path / "ward.db")
    first.order()
    first.start()
    first.finish()
    signed, taken_at = first.infusion_id, first.record.bedside.now()
    first.close()
    later(monkeypatch, hours=25)
    again = Life(tmp_path / "ward.db")
    assert not again.record.bedside.knows(signed)
    again.order("B-002")
    bag = e.Bag(number, "L", 100_000_000, Decimal(100), again.record.bedside.now() + timedelta(days=2), "scan")
    refused = str(again.do(ScanBag(bag), CHEN).refused)
    assert refused.startswith(f"Bag {number} was taken on {taken_at:%Y-%m-%d}")
    assert refused.endswith("for subject B-001, bed 12. The same bag is never used twice.")
    assert again.record.bedside.infusion(again.infusion_id).bags == {}
    assert again.do(ScanBag(replace(bag, bag_id="U3")), CHEN).ok
    again.close()


def test_a_bag_taken_after_the_restart_is_held_too(tmp_path: Path) -> None:
    first = Life(tmp_path / "ward.db")
    first.order()
    first.start()
    first.close()
    again = Life(tmp_path / "ward.db")
    running = again.infusion_id
    again.order("B-002", "14")
    bag = e.Bag("U2", "L", 100_000_000, Decimal(100), again.record.bedside.now() + timedelta(days=2), "scan")
    assert "belongs to another infusion: subject B-001" in str(again.do(ScanBag(bag), CHEN).refused)
    assert "U2" in again.record.bedside.infusion(running).bags
    again.close()


def test_the_bag_of_the_oldest_of_many_infusions_is_refused(tmp_path: Path) -> None:
    many(tmp_path / "ward.db", 400)
    life = Life(tmp_path / "ward.db")
    life.order()
    bag = e.Bag("uc-00000", "L", 100_000_000, Decimal(100), life.record.bedside.now() + timedelta(days=2), "scan")
    refused = str(life.do(ScanBag(bag), CHEN).refused)
    assert refused.startswith("Bag uc-00000 was taken on 2026-03-02")
    assert refused.endswith("for subject S-00000, bed 12. The same bag is never used twice.")
    assert life.do(ScanBag(replace(bag, bag_id="UC-00400")), CHEN).ok
    life.close()
