"""`bedside dose`: the worked examples of the trial, and what is refused."""

import json
from typing import Any

import pytest

from app.cli import main


def dose(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["dose", *words, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_seventy_kilograms(capsys: pytest.CaptureFixture[str]) -> None:
    assert dose(capsys, "--weight", "70.0", "--drop-factor", "20") == {
        "weight_kg": "70.0",
        "dose_cells": "140000000",
        "volume_ml": "140.0",
        "bags": 2,
        "leftover_ml": "60.0",
        "drops": "2800.0",
        "feasible": True,
        "reason": None,
        "rate_min_gtt_min": "55.6",
        "rate_max_gtt_min": "60.0",
        "feasible_drop_factors": [10, 15, 20],
    }


@pytest.mark.parametrize(("weight", "bags"), [("50.0", 1), ("50.1", 2), ("100.0", 2), ("100.1", 3), ("20.0", 1), ("250.0", 5)])
def test_bags_are_counted_before_anything_is_rounded(capsys: pytest.CaptureFixture[str], weight: str, bags: int) -> None:
    assert dose(capsys, "--weight", weight)["bags"] == bags


def test_without_a_set_nothing_is_said_of_the_drip(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dose(capsys, "--weight", "82.0")
    keys = ("drops", "feasible", "reason", "rate_min_gtt_min", "rate_max_gtt_min")
    assert [answer[k] for k in keys] == [None] * 5
    assert answer["feasible_drop_factors"] == [10, 15]


def test_an_infeasible_dose_is_an_answer_that_names_the_sets(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dose(capsys, "--weight", "75.1", "--drop-factor", "20")
    assert answer["feasible"] is False
    assert "10, 15" in answer["reason"]
    assert answer["rate_min_gtt_min"] is None


def test_bags_with_another_count(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dose(capsys, "--weight", "82.0", "--cells-per-bag", "98000000")
    assert (answer["bags"], answer["volume_ml"], answer["leftover_ml"]) == (2, "167.3", "32.7")


def bags(*labels: str) -> list[str]:
    return [word for label in labels for word in ("--bag", label)]


def test_bags_in_the_order_in_which_they_hang(capsys: pytest.CaptureFixture[str]) -> None:
    thin, thick = "70000000:100", "130000000:100"
    assert dose(capsys, "--weight", "70", "--drop-factor", "15", *bags(thin, thick)) == {
        "weight_kg": "70.0",
        "dose_cells": "140000000",
        "volume_ml": "153.8",
        "bags": 2,
        "leftover_ml": "46.2",
        "drops": "2307.7",
        "feasible": True,
        "reason": None,
        "rate_min_gtt_min": "44.7",
        "rate_max_gtt_min": "60.0",
        "feasible_drop_factors": [10, 15],
        "draws": [{"cells": "70000000", "ml": "100.0"}, {"cells": "70000000", "ml": "53.8"}],
    }
    swapped = dose(capsys, "--weight", "70", *bags(thick, thin))
    assert (swapped["volume_ml"], swapped["leftover_ml"]) == ("114.3", "85.7")
    assert swapped["draws"] == [{"cells": "130000000", "ml": "100.0"}, {"cells": "10000000", "ml": "14.3"}]


def test_a_bag_that_the_dose_does_not_open_is_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dose(capsys, "--weight", "50", *bags("100000000:93.7", "100000000:100"))
    assert (answer["bags"], answer["draws"]) == (1, [{"cells": "100000000", "ml": "93.7"}])


def test_with_labelled_bags_a_half_is_rounded_up(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dose(capsys, "--weight", "50", "--drop-factor", "15", *bags("100000000:93.65"))
    assert (answer["volume_ml"], answer["drops"], answer["draws"][0]["ml"]) == ("93.7", "1404.8", "93.7")


def test_too_few_cells_are_an_answer_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dose", "--weight", "70", *bags("70000000:100"), "--json"]) == 2
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert (answer["cells_short"], answer["volume_ml"], answer["bags"]) == ("70000000", "100.0", 1)
    assert told.err == "The bags hold too few cells: 70000000 of 140000000 are missing.\n"


def test_the_draws_are_told_in_the_table_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dose", "--weight", "70", *bags("70000000:100", "130000000:100")]) == 0
    told = capsys.readouterr().out
    assert "draws                  70000000 in 100.0 ml, 70000000 in 53.8 ml" in told
    assert "feasible_drop_factors  [10, 15]" in told


@pytest.mark.parametrize(
    "words",
    [
        ("--weight", "70", "--bag", "100000000:100", "--cells-per-bag", "100000000"), ("--weight", "70", "--bag", "1e8:100"),
        ("--weight", "70", "--bag", "100000000"), ("--weight", "70", "--bag", "0:100"), ("--weight", "70", "--bag", "5:0.0"),
        ("--weight", "70", "--bag", "100000000:nan"), ("--weight", "70", "--bag", ""),
        ("--weight", "0"), ("--weight", "-70"), ("--weight", "nan"), ("--weight", "70.05"), ("--weight", "154 lb"),
        ("--weight", "19.9"), ("--weight", "250.1"), ("--weight", "70", "--drop-factor", "12"),
        ("--weight", "70", "--cells-per-bag", "0"), ("--weight", "70", "--cells-per-bag", "1e8"),
    ],
)  # fmt: skip
def test_a_refused_input_ends_with_two_and_a_reason(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(["dose", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_without_json_it_is_a_table_a_person_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dose", "--weight", "70.0 kg"]) == 0
    assert "volume_ml              140.0" in capsys.readouterr().out
