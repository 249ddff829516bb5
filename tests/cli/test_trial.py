"""`bedside trial`: every rule as JSON, and what is refused names line, column and what is allowed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli.rules.trial import ENTRIES, FOLLOWED, LABS, SUBJECTS, TRANSFUSIONS


class Desk:
    """The command line with its files in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def file(self, columns: Sequence[str], *rows: str, name: str = "t.csv") -> str:
        path = self.folder / name
        path.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
        return str(path)

    def ask(self, *words: str) -> Any:
        assert main(["trial", *words]) == 0
        told = self.capsys.readouterr()
        assert told.err == ""
        return json.loads(told.out)

    def refused(self, *words: str) -> str:
        assert main(["trial", *words]) == 2
        told = self.capsys.readouterr()
        assert told.out == ""
        return told.err.strip()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LC_ALL", "C")
    return Desk(tmp_path, capsys)


def a(n: int, on: str, dlt: str = "", left: str = "") -> str:
    return f"A{n},A,{on},{on},1,1,{left},{dlt},escalation"


THREE = (a(1, "2026-06-01"), a(2, "2026-06-02"), a(3, "2026-06-03"))


def test_escalation_waits_a_day_early(desk: Desk) -> None:
    assert desk.ask("escalation", desk.file(SUBJECTS, *THREE), "--today", "2026-06-30") == {
        "decision": "wait", "group": "A", "mtd": None, "pending": ["A3"], "earliest": "2026-07-01",
        "reason": "Group A: 0 DLT in 2 evaluable subjects. The decision waits for A3 (until 2026-07-01).",
    }  # fmt: skip


def test_escalation_on_the_day(desk: Desk) -> None:
    found = desk.ask("escalation", desk.file(SUBJECTS, *THREE), "--today", "2026-07-01")
    assert (found["decision"], found["group"], found["pending"], found["earliest"]) == ("escalate", "B", [], None)
    assert desk.ask("escalation", desk.file(SUBJECTS), "--today", "2026-06-01")["decision"] == "enrol"


def test_escalation_under_both_rules_and_anchors(desk: Desk) -> None:
    b = "B1,B,2026-08-01,2026-08-08,2,2,,2026-08-09,escalation", "B2,B,2026-08-01,2026-08-08,2,2,,2026-09-02,escalation"
    file = desk.file(SUBJECTS, *THREE, *b)
    on = ("--today", "2026-09-30")
    assert desk.ask("escalation", file, *on)["decision"] == "enrol"
    stopped = desk.ask("escalation", file, *on, "--anchor", "last")
    assert (stopped["decision"], stopped["group"], stopped["mtd"]) == ("stop", None, "A")
    refill = desk.ask("escalation", file, *on, "--anchor", "last", "--mtd", "korn")
    assert (refill["decision"], refill["group"], refill["mtd"]) == ("expand_cohort", "A", None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",A,2026-06-01,2026-06-01,1,1,,,escalation", "column subject: “” is not allowed. Allowed: a text."),
        ("A1,D,2026-06-01,2026-06-01,1,1,,,escalation", "column group: “D” is not allowed. Allowed: one of A, B, C."),
        ("A1,A,1.6.2026,2026-06-01,1,1,,,escalation", "first_infusion: “1.6.2026” is not allowed. Allowed: a date as 2026-06-01."),
        ("A1,A,2026-06-31,2026-06-31,1,1,,,escalation", "column first_infusion: “2026-06-31”"),
        ("A1,A,20260601,20260601,1,1,,,escalation", "column first_infusion"),
        ("A1,A,2026-06-02,2026-06-01,1,1,,,escalation", "“2026-06-01” is not allowed. Allowed: a date from 2026-06-02 on."),
        ("A1,A,2026-06-01,,1,1,,,escalation", "last_infusion: “” is not allowed. Allowed: first and last infusion, or neither."),
        ("A1,A,,2026-06-01,1,0,,,escalation", "column first_infusion"),
        ("A1,A,2026-06-01,2026-06-01,0,1,,,escalation", "planned_doses: “0” is not allowed. Allowed: a whole number from 1."),
        ("A1,A,2026-06-01,2026-06-01,1,2,,,escalation", "given_doses: “2” is not allowed. Allowed: a whole number from 1 to 1."),
        ("A1,A,2026-06-01,2026-06-01,1,0,,,escalation", "column given_doses"),
        ("A1,A,,,1,1,,,escalation", "column given_doses: “1” is not allowed. Allowed: a whole number from 0 to 0."),
        ("A1,A,2026-06-01,2026-06-01,1,1,2026-07-02,,escalation", "left_on: “2026-07-02” is not allowed. Allowed: a date up to"),
        ("A1,A,2026-06-01,2026-06-01,1,1,,2026-05-31,escalation", "column dlt_on: “2026-05-31”"),
        ("A1,A,2026-06-01,2026-06-01,1,1,,2026-07-02,escalation", "column dlt_on: “2026-07-02”"),
        ("A1,A,2026-06-01,2026-06-01,1,1,,,third", "column cohort: “third” is not allowed. Allowed: one of escalation, expansion."),
        ("A1,A,2026-06-01,2026-06-01,1,1,,", "column cohort"),
        ("A1,A,2026-06-01,2026-06-01,1,1,,,escalation,more", "column 10"),
    ],
)  # fmt: skip
def test_a_wrong_subject_is_refused(desk: Desk, row: str, said: str) -> None:
    """The blank line is passed over and counted."""
    refusal = desk.refused("escalation", desk.file(SUBJECTS, a(9, "2026-06-01"), "", row), "--today", "2026-07-01")
    assert refusal.startswith("t.csv, line 4, ")
    assert said in refusal


def test_a_subject_twice_and_a_wrong_day_are_refused(desk: Desk) -> None:
    assert "line 3, column subject: “A1” is not allowed. Allowed: every subject once." in desk.refused(
        "escalation", desk.file(SUBJECTS, THREE[0], THREE[0]), "--today", "2026-07-01"
    )
    assert desk.refused("escalation", desk.file(SUBJECTS), "--today", "yesterday") == (
        "--today: “yesterday” is not allowed. Allowed: a date as 2026-06-01."
    )


def test_who_is_planned_holds_a_place(desk: Desk) -> None:
    planned = "A3,A,2026-07-10,2026-07-10,1,0,,,escalation"
    found = desk.ask("escalation", desk.file(SUBJECTS, *THREE[:2], planned), "--today", "2026-07-01")
    assert (found["decision"], found["pending"], found["earliest"]) == ("wait", [], "2026-08-07")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.csv, line 1, column days: “” is not allowed. Allowed: the columns days, event, each once."),
        ("days\n1\n", "t.csv, line 1, column event: “days” is not allowed."),
        ("days,event,more\n", "t.csv, line 1, column more: “more” is not allowed."),
        ("days,days\n", "t.csv, line 1, column days"),
        ("days,\n", "t.csv, line 1, column 2"),
        ("days,event\n1,2\n", "t.csv, line 2, column event: “2” is not allowed. Allowed: one of 0, 1."),
        ("days,event\n1,1\n-7,1\n", "t.csv, line 3, column days: “-7” is not allowed. Allowed: a number from 0, with"),
        ('days,event\n"1"x,1\n', "t.csv, line 2, column —"),
        ("days,event\n\"1,5\",1\n", "t.csv, line 2, column days: “1,5” is not allowed."),
    ],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(desk: Desk, text: str, said: str) -> None:
    (desk.folder / "t.csv").write_text(text, encoding="utf-8")
    assert said in desk.refused("medians", str(desk.folder / "t.csv"))


def test_a_file_that_cannot_be_read_is_refused(desk: Desk) -> None:
    assert "cannot be read" in desk.refused("medians", str(desk.folder / "none.csv"))
    (desk.folder / "gbk.csv").write_bytes("days,event\n天,中\n".encode("gbk"))
    assert desk.refused("medians", str(desk.folder / "gbk.csv")) == "The file gbk.csv is not in UTF-8."


def test_medians(desk: Desk) -> None:
    assert desk.ask("medians", desk.file(FOLLOWED, "7,1", "14,1", "21,1", "28,1")) == {
        "n": 4, "events": 4, "median": 17.5, "ci95": [7, 28],
        "method": "Kaplan–Meier; midpoint where the curve stands at exactly 0.5; 95 % limits log-log, variance after Greenwood",
    }  # fmt: skip
    (desk.folder / "t.csv").write_text("\ufeffevent,days\n0,56\n", encoding="utf-8")
    found = desk.ask("medians", str(desk.folder / "t.csv"))
    assert (found["n"], found["events"], found["median"], found["ci95"]) == (1, 0, None, [None, None])


LAB_ROWS = (
    "2026-03-01T08:00:00+08:00,68,0.2,12",
    "2026-03-20T08:00:00+08:00,68,0.7,12",
    "2026-03-22T00:00:00Z,68,0.9,40",
    "2026-03-30T08:00:00+08:00,68,0.9,40",
)
INFUSED = ("--first-infusion", "2026-03-02T09:00:00+08:00", "--last-infusion", "2026-03-02T09:00:00+08:00")


def respond(desk: Desk, labs: Sequence[str] = LAB_ROWS, given: Sequence[str] = (), more: Sequence[str] = ()) -> tuple[str, ...]:
    transfusions = desk.file(TRANSFUSIONS, *given, name="given.csv")
    return ("response", desk.file(LABS, *labs), "--transfusions", transfusions, *INFUSED, *more)


def test_response(desk: Desk) -> None:
    found = desk.ask(*respond(desk))
    assert found["baseline"] == {"collected_at": LAB_ROWS[0].split(",")[0], "hb_g_l": "68", "anc_1e9_l": "0.2", "plt_1e9_l": "12"}
    assert found["best"] == "PR"
    anc = {
        "responded_at": "2026-03-20T08:00:00+08:00", "confirmed_at": "2026-03-22T00:00:00Z", "lost_at": None,
        "duration_days": 10, "censored": True, "reason": None,
    }  # fmt: skip
    assert found["week4"]["lineages"]["anc"] == found["ever"]["lineages"]["anc"] == found["ever"]["pr"] == anc
    assert set(found) == {"baseline", "best", "week4", "week8", "ever"}
    assert found["week8"]["lineages"]["anc"]["reason"] == "no test from 2026-04-24 to 2026-04-30, the days of the visit"
    assert set(found["week8"]["cr"]) == set(anc)


def test_response_names_the_transfusion(desk: Desk) -> None:
    found = desk.ask(*respond(desk, given=["2026-03-17T08:01:00+08:00,platelets"]))
    anc = found["ever"]["lineages"]["anc"]
    assert anc["responded_at"] is anc["duration_days"] is anc["censored"] is None
    plt = found["ever"]["lineages"]["plt"]
    assert plt["reason"] == ("transfusion: platelets 2026-03-17 08:01, 4 d 23 h 59 min before the first test of 2026-03-22 00:00")


def test_response_with_another_baseline(desk: Desk) -> None:
    found = desk.ask(*respond(desk, more=["--baseline", "2026-03-20T08:00:00+08:00"]))
    assert (found["baseline"]["anc_1e9_l"], found["ever"]["lineages"]["anc"]["responded_at"]) == ("0.7", None)
    none = desk.ask(*respond(desk, ["2026-03-20T20:00:00+08:00,,0.7,", "2026-03-22T22:30:00+08:00,,,"]))
    assert (none["baseline"], none["best"]) == (None, "none")


def test_a_duration_of_parts_of_a_day(desk: Desk) -> None:
    found = desk.ask(*respond(desk, [*LAB_ROWS[:3], "2026-03-30T20:20:00+08:00,68,0.2,12"]))
    assert found["ever"]["lineages"]["anc"]["duration_days"] == 10.5139


@pytest.mark.parametrize(
    ("labs", "given", "more", "said"),
    [
        (["2026-03-01T08:00:00,68,0.2,12"], [], [], "line 2, column collected_at: “2026-03-01T08:00:00” is not allowed."),
        (["2026-02-30T08:00:00Z,68,0.2,12"], [], [], "line 2, column collected_at"),
        (["2026-03-01T08:00:00Z,6.8,0.2,12"], [], [], "line 2, column hb_g_l: “6.8” is not allowed. Allowed: a number from 25"),
        (["2026-03-01T08:00:00Z,68,low,12"], [], [], "line 2, column anc_1e9_l: “low”"),
        (LAB_ROWS, ["2026-03-01T08:00:00Z,platelet"], [], "given.csv, line 2, column product: “platelet” is not allowed."),
        (LAB_ROWS, [], ["--baseline", "yesterday"], "--baseline: “yesterday” is not allowed."),
        (LAB_ROWS, [], ["--baseline", "2026-03-01T08:00:01+08:00"], "No count was collected at 2026-03-01 08:00"),
        (LAB_ROWS, [], ["--last-infusion", "2026-03-01T08:00:01+08:00"], "The last infusion is before the first."),
    ],
)  # fmt: skip
def test_a_wrong_lab_file_is_refused(desk: Desk, labs: Sequence[str], given: Sequence[str], more: Sequence[str], said: str) -> None:
    assert said in desk.refused(*respond(desk, labs, given, more))


def test_calendar(desk: Desk) -> None:
    found = desk.ask("calendar", "--group", "B", "--first-infusion", "2026-06-01", "--dose", "2026-06-09")
    assert found == {
        "doses": ["2026-06-01", "2026-06-09"], "dose_windows": [["2026-06-07", "2026-06-09"]],
        "visits": {
            "1": "2026-06-16", "2": "2026-06-23", "3": "2026-06-30", "4": "2026-07-07", "5": "2026-07-14", "6": "2026-07-21",
            "7": "2026-07-28", "8": "2026-08-04", "12": "2026-09-01", "16": "2026-09-29", "20": "2026-10-27", "24": "2026-11-24",
        },
        "delayed": {"4": "2026-07-07", "8": "2026-08-04", "12": "2026-09-01", "24": "2026-11-24"},
        "immunology": {
            "0": "before dexamethasone on 2026-06-01", "1": "2026-06-08", "4": "2026-06-29", "8": "2026-07-27",
        },
        "week1_sample_on_infusion_day": False,
        "response": {"4": "2026-07-07", "8": "2026-08-04"}, "response_from_first": {"4": "2026-06-29", "8": "2026-07-27"},
        "dlt_evaluable_on": "2026-06-29", "dlt_evaluable_on_from_last": "2026-07-07",
        "followup_end": "2026-11-24", "dor_end": "2026-11-16",
    }  # fmt: skip
    assert desk.refused("calendar", "--group", "A", "--first-infusion", "2026-06-01", "--dose", "2026-06-08") == (
        "Group A has 1 doses; 2 are given here."
    )
    assert "--dose: “soon” is not allowed." in desk.refused(
        "calendar", "--group", "B", "--first-infusion", "2026-06-01", "--dose", "soon"
    )


def test_eligibility(desk: Desk) -> None:
    rows = [
        "hb,24,g/L,,", "anc,1.0,10^9/L,,", "alt,120,U/L,,40", "pregnancy_test,n/a,,,", "consent,,,,", "disease,MM,,,",
        "days_since_transfusion,3,days,,",
    ]  # fmt: skip
    found = desk.ask("eligibility", desk.file(ENTRIES, *rows))
    verdicts = {row["criterion"]: row["verdict"] for row in found["rows"]}
    assert [row["criterion"] for row in found["rows"]][:6] == ["hb", "anc", "alt", "pregnancy_test", "consent", "disease"]
    assert {code: verdicts[code] for code in ("hb", "anc", "cytopenia", "alt", "pregnancy_test", "consent", "disease", "hiv")} == {
        "hb": "unknown", "anc": "met", "cytopenia": "met", "alt": "excluded", "pregnancy_test": "met", "consent": "unknown",
        "disease": "met", "hiv": "unknown",
    }  # fmt: skip
    assert found["eligible"] is False
    assert found["rows"][0]["reason"] == "24 g/L is below 25 g/L: ask again whether it was g/dL"
    assert found["rows"][1]["warning"] == "Taken 3 days after a transfusion, less than 7."
    assert desk.ask("eligibility", desk.file(ENTRIES))["eligible"] is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("hb,7.2,g/dL,,", "line 2, column unit: “g/dL” is not allowed. Allowed: g/L; it is never converted."),
        ("haemoglobin,72,g/L,,", "line 2, column criterion: “haemoglobin” is not allowed. Allowed: one of sex"),
        ("hb,about 70,g/L,,", "line 2, column value: “about 70” is not allowed. Allowed: a number with a decimal point."),
        ("alt,70,U/L,,0", "line 2, column uln: “0” is not allowed."),
        ("cytopenia,yes,,,", "line 2, column value: “yes” is not allowed. Allowed: nothing"),
    ],
)
def test_a_wrong_entry_is_refused(desk: Desk, row: str, said: str) -> None:
    assert said in desk.refused("eligibility", desk.file(ENTRIES, row))


def test_an_entry_twice_is_refused(desk: Desk) -> None:
    assert "line 3, column criterion: “hiv”" in desk.refused(
        "eligibility", desk.file(ENTRIES, "hiv,negative,,,", "hiv,positive,,,")
    )


def test_criteria(desk: Desk) -> None:
    found = {row["criterion"]: row for row in desk.ask("criteria")}
    assert found["hb"] == {
        "criterion": "hb", "kind": "inclusion", "title": "haemoglobin", "unit": "g/L", "values": [], "decides": "≤ 70",
    }  # fmt: skip
    decides = {code: found[code]["decides"] for code in ("alt", "hcv_rna", "consent", "sex", "cytopenia")}
    assert decides == {"alt": "≥ 3 × ULN", "hcv_rna": "> 1 × ULN", "consent": "yes", "sex": None, "cytopenia": None}


def test_in_chinese(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    found = desk.ask("escalation", desk.file(SUBJECTS, *THREE), "--today", "2026-06-30")
    assert (found["decision"], found["reason"]) == ("wait", "A 组：2 名可评价受试者中 0 例 DLT。判定须等待 A3（至 2026-07-01）。")


@pytest.mark.parametrize("words", [[], ["medians"], ["escalation", "x.csv", "--today", "2026-06-01", "--mtd", "other"]])
def test_a_call_that_is_not_whole_ends_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["trial", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""
