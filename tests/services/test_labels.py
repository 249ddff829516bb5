"""A scanned text is told apart by how it begins; a slip is refused, a lost end mark is told."""

import json

import pytest

from app.cli import main
from app.domain.errors import Refused
from app.services.codes.labels import read_label

FULL = "]d20109506000134352172612001021LOT\x1d21S-1"


def test_gs1_with_a_day_of_zero_ends_with_its_month() -> None:
    label = read_label("]d201095060001343521726120010LOT7\x1d21S-1")
    assert label.kind == "gs1"
    assert label.fields == {"gtin": "09506000134352", "expiry": "2026-12-31", "lot": "LOT7", "serial": "S-1"}
    assert label.problems == ()


@pytest.mark.parametrize("text", ["010950600013435210LOT721S1", "010950600013435210LOT717261231"])
def test_a_lost_fnc1_is_told(text: str) -> None:
    label = read_label(text)
    assert ["FNC1" in str(problem) for problem in label.problems] == [True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("]C10109506000134351", "check digit"),
        ("]d2010950600013435217261331", "cannot be read"),
        ("=A99991712345600X", "check character"),
        ("&>0183662359", "not a date"),
        ("two words", "not a label of this site"),
        ("", "not a label of this site"),
    ],
)
def test_a_slip_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_label(text)


def test_isbt_128_compound() -> None:
    label = read_label("\x02=+02000=A99991712345600&>0261002359\r")
    assert label.kind == "isbt128"
    assert label.fields["din"] == "A999917123456"
    assert label.fields["expiration_date_and_time_local"] == "2026-04-10T23:59"


def test_the_sites_own_label_is_the_default() -> None:
    assert read_label("UC-2611-043").fields == {"bag_id": "UC-2611-043"}
    label = read_label("UC-2611-043|UC2611|2026-11-24 18:00|98000000|100.0")
    assert label.kind == "site"
    assert label.fields["cells"] == "98000000"
    assert read_label("BAG 7", r"BAG (?P<bag_id>\d+)").fields == {"bag_id": "7"}


def test_the_command_prints_json_and_refuses_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "=G12341765432170"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["fields"]["check"], told["problems"]) == ("isbt128", "A", [])
    assert main(["label", "=A99991712345600X"]) == 2
    assert "check character" in capsys.readouterr().err
