"""Every step of the bench at the two tight sizes, in both languages: nothing is cut, nothing hides."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QTableView

from app.domain.infusion.chapters.bags import ReportBroken
from app.domain.infusion.chapters.bench import Release
from app.domain.infusion.chapters.weighing import RecordWeight
from tests.domain.cast import CHEN, LI
from tests.services.ward import Ward
from tests.ui.cut import assert_nothing_cut
from tests.ui.pages.bench import Bench, certify, scan, weighed, with_bags
from tests.ui.pages.conftest import Furnish

IDS = ("UC-2611-051", "UC-2611-052", "UC-2611-053")


def confirming() -> Ward:
    ward = Ward()
    ward.do(RecordWeight(Decimal("82.0"), Decimal("70.0")), LI)
    return ward


def choosing() -> Ward:
    ward = weighed("75.0", 20, "74.8")
    ward.do(RecordWeight(Decimal("75.1"), Decimal("74.8")), LI)
    return ward


def impossible() -> Ward:
    ward = Ward()
    ward.do(RecordWeight(Decimal("160.0"), Decimal("158.0"), Decimal("160.0")), LI)
    return ward


def with_one() -> Ward:
    ward = weighed("82.0", 15, "81.4")
    scan(ward, IDS[0])
    return ward


def certifying() -> Ward:
    ward = with_one()
    scan(ward, IDS[1], 98_000_000)
    certify(ward, IDS[0])
    return ward


def failing() -> Ward:
    ward = certifying()
    certify(ward, IDS[1], purity=False, microorganisms=False, tumorigenicity=False, storage=False)
    return ward


def three_bags() -> Ward:
    return with_bags(*IDS, kg="101.0", factor=10)


def released() -> Ward:
    ward = three_bags()
    ward.do(Release(), CHEN)
    return ward


def replacing() -> Ward:
    ward = released()
    ward.do(ReportBroken(IDS[1], "dropped"), LI)
    return ward


STEPS: dict[str, Callable[[], Ward]] = {
    "weight": Ward, "confirm": confirming, "set": choosing, "no set": impossible, "bags": with_one,
    "certificate": certifying, "stop": failing, "release": three_bags, "receipt": released, "replacement": replacing,
}  # fmt: skip


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720)], ids=lambda size: str(size[0]))
@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_cut(furnish: Furnish, step: str, size: tuple[int, int]) -> None:
    ward = STEPS[step]()
    assert all(outcome.ok for outcome in ward.outcomes)
    bench = Bench(ward, furnish)
    bench.window.resize(*size)
    for language in ("en", "zh_CN"):
        bench.page.kit.words.set_language(language)
        bench.settle()
        bench.settle()
        assert_nothing_cut(bench.page)
        _cells_fit(bench.page.sheet.table.view, bench.page.kit.look.metrics("strong"))


def _cells_fit(view: QTableView, metrics: QFontMetricsF) -> None:
    """No cell and no heading of the table ends in “…”."""
    model = view.model()
    for column in range(model.columnCount()):
        heading = str(model.headerData(column, view.horizontalHeader().orientation()))
        cells = [str(model.index(row, column).data()) for row in range(model.rowCount())]
        widest = max(metrics.horizontalAdvance(text) for text in (heading, *cells))
        assert widest + 10 <= view.columnWidth(column), (heading, cells)


def test_three_bags_stand_on_the_checklist_without_scrolling(furnish: Furnish) -> None:
    """A pharmacist signs for what is in sight."""
    bench = Bench(three_bags(), furnish)
    bench.window.resize(1280, 720)
    bench.settle()
    bench.settle()
    checklist = bench.page.sheet.checklist
    assert checklist.isVisible()
    assert checklist.visibleRegion().boundingRect().height() >= checklist.heightForWidth(checklist.width())
