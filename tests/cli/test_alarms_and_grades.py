"""`bedside alarms`, `bedside news2`, `bedside grade`: answers as JSON, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.domain.trial.vectors import vectors


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(words) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code: object = None
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    assert code == 2
    return capsys.readouterr().err


ALL = ("--rr", "16", "--spo2", "97", "--air", "--sys", "120", "--pulse", "75", "--acvpu", "A", "--temp", "36.8")


def test_news2_of_seven_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "news2", *ALL) == {
        "total": 0, "single_three": False, "missing": [], "band": "low",
        "parts": {"rr": 0, "spo2": 0, "oxygen": 0, "sys": 0, "pulse": 0, "acvpu": 0, "temp": 0},
    }  # fmt: skip
    warm = ("--temp", "39.1")
    bands = [
        answer(capsys, "news2", *ALL, *more)["band"]
        for more in (("--rr", "25"), ("--rr", "24", "--spo2", "95", *warm), ("--rr", "25", "--spo2", "93", *warm))
    ]
    assert bands == ["single", "medium", "high"]


def test_what_is_left_out_is_missing_and_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "news2", *ALL[:5])
    assert (found["total"], found["single_three"], found["band"]) == (None, None, None)
    assert found["missing"] == ["sys", "pulse", "acvpu", "temp"]
    assert answer(capsys, "news2")["missing"] == ["rr", "spo2", "oxygen", "sys", "pulse", "acvpu", "temp"]
    assert answer(capsys, "news2", "--scale", "2", "--spo2", "96")["parts"]["spo2"] is None


def test_a_temperature_is_rounded_half_up_before_it_is_banded(capsys: pytest.CaptureFixture[str]) -> None:
    said = {t: answer(capsys, "news2", *ALL, "--temp", t)["parts"]["temp"] for t in ("35.04", "35.05", "38.04", "38.05", "39.05")}
    assert said == {"35.04": 3, "35.05": 1, "38.04": 0, "38.05": 1, "39.05": 2}


@pytest.mark.parametrize(
    "wrong",
    [
        ("--rr", "16.5"), ("--temp", "36.812"), ("--rr", "x"), ("--rr", "-3"), ("--spo2", "101"), ("--rr", "NaN"),
        ("--acvpu", "X"), ("--scale", "3"), ("--air", "--oxygen"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]) -> None:
    assert refused(capsys, "news2", *wrong)


def test_news2_is_that_of_the_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    for case in vectors("news2.json"):
        given = case["input"]
        words = ["--oxygen" if given["oxygen"] else "--air", "--scale", str(given["scale"])]
        for name in ("rr", "spo2", "sys", "pulse", "acvpu", "temp"):
            words += [] if given[name] is None else [f"--{name}", str(given[name])]
        found = answer(capsys, "news2", *words)
        assert {key: found[key] for key in ("total", "single_three", "missing")} == {
            key: case[key] for key in ("total", "single_three", "missing")
        }


def test_grades_of_values_and_of_terms(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "grade", "hb_g_l", "79")["grade"] == 3
    assert answer(capsys, "grade", "hb_g_l", "110", "--lln", "115")["grade"] == 1
    cannot = answer(capsys, "grade", "hb_g_l", "110")
    assert cannot["grade"] is None
    assert cannot["reason"]
    assert answer(capsys, "grade", "alt_u_l", "60", "--uln", "35", "--baseline", "40")["grade"] == 1
    assert answer(capsys, "grade", "--term", "sinus TACHYCARDIA") == {"term": "Sinus tachycardia", "grades": [1, 2, 3]}


@pytest.mark.parametrize(
    "wrong",
    [
        ("hb_g_dl", "8"), ("hb_g_l",), ("hb_g_l", "low"), ("hb_g_l", "-1"), ("hb_g_l", "80", "--lln", "0"), (),
        ("--term", "hiccups"), ("hb_g_l", "80", "--term", "Fever"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_at_all_is_refused(capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]) -> None:
    assert refused(capsys, "grade", *wrong)


def test_a_story_is_one_line_a_step(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    story = tmp_path / "story.json"
    story.write_text(json.dumps({"phase": "running", "steps": [
        {"t_s": 0, "values": {"spo2": 78.0}}, {"t_s": 10, "sensor_off": ["spo2"], "do": "pause audio", "by": "N-01"}, {"t_s": 129},
        {"t_s": 130},
    ]}))  # fmt: skip
    assert main(["alarms", str(story)]) == 0
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert steps[0] == {"t_s": 0, "sound": "high", "paused_s": 0, "active": [
        {"bed": "01", "key": "spo2", "priority": "high", "state": "active", "audible": True}]}  # fmt: skip
    assert [(x["sound"], x["paused_s"]) for x in steps[1:]] == [(None, 120), (None, 1), ("high", 0)]
    assert [(a["key"], a["state"], a["audible"]) for a in steps[1]["active"]] == [
        ("spo2", "latched", False), ("sensor_off:spo2", "active", False),
    ]  # fmt: skip


def test_a_story_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    story, store = tmp_path / "story.json", tmp_path / "none.db"
    assert refused(capsys, "alarms", str(story))
    for text in ("{", "[]", '{"steps": [{"t_s": 0, "values": {"spo2": NaN}}]}', "[" * 5000):
        story.write_text(text)
        assert refused(capsys, "alarms", str(story))
    assert refused(capsys, "alarms")
    assert refused(capsys, "alarms", str(story), "--db", str(store))
    assert refused(capsys, "alarms", "--db", str(store))
