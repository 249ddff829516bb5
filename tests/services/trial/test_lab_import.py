"""Laboratory files: a mapping that says which column is what, and a dry run that says of every line what becomes of it."""

from datetime import timedelta

import pytest

from app.domain.errors import Refused
from app.domain.trial.subject import subject_commands as c
from app.services.trial.lab_import import dry_run, mapping_text, parse_mapping
from tests.domain.cast import ZHAO
from tests.domain.trial.subjects import NOW, after, screened
from tests.services.trial.memory import desk_on
from tests.services.ward import Ward

MAPPING = "ID = subject\nTaken = collected_at %Y-%m-%d %H:%M\nHGB = hb g/L 120 160\nNEU = anc 10^9/L\n\nALT = alt U/L 40"
HEAD = "ID,Taken,HGB,NEU,ALT,Remark\n"


def ran(rows: str, mapping: str = MAPPING) -> list[tuple[int, str, str]]:
    desk = desk_on(Ward(), after(screened("S-001"), c.NoteSubject("x")).entries)
    found = dry_run(HEAD + rows, parse_mapping("Lab A", mapping), desk.look(), ZHAO, NOW + timedelta(days=400))
    return [(x.line, "taken" if x.command else "refused", str(x.said)) for x in found]


def test_a_mapping_is_read_and_told_again() -> None:
    mapping = parse_mapping(" Lab A ", MAPPING)
    assert (mapping.laboratory, mapping.subject, mapping.collected_at) == ("Lab A", "ID", "Taken")
    assert [(t.column, t.test, t.unit, str(t.lln), str(t.uln)) for t in mapping.tests] == [
        ("HGB", "hb", "g/L", "120", "160"),
        ("NEU", "anc", "10^9/L", "None", "None"),
        ("ALT", "alt", "U/L", "None", "40"),
    ]
    assert parse_mapping("Lab A", mapping_text(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ID subject", "Line 1 of the mapping: “ID subject” is not allowed. Allowed: COLUMN = what it holds."),
        ("X = shoes 1", "“shoes” is not allowed. Allowed: hb, anc"),
        ("X = hb", "Allowed: unit, then the limits of normal"),
        ("X = hb g/L low", "“g/L low” is not allowed"),
        ("ID = subject", "at least one test"),
    ],
)
def test_a_mapping_that_is_none(text: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_mapping("Lab A", text)
    assert why in str(caught.value.text)


def test_a_laboratory_has_a_name() -> None:
    with pytest.raises(Refused):
        parse_mapping(" ", MAPPING)


def test_line_by_line() -> None:
    rows = (
        "S-001,2026-05-30 08:00,66,0.4,30,fasting\n"
        "S-001,2026-05-30 08:00,67,,,again\n"
        "S-009,2026-05-30 08:00,66,,,\n"
        "S-001,30/05/2026,66,,,\n"
        "S-001,2026-05-31 08:00,6.6,,,\n"
        "S-001,2026-05-31 09:00,<70,,,\n"
        "S-001,2026-05-31 10:00,,,,\n"
        ",2026-05-31 10:00,70,,,\n"
        "S-001,2026-05-31 11:00,70,,,\n"
    )
    assert ran(rows) == [
        (2, "taken", "haemoglobin 66 g/L, neutrophils 0.4 10^9/L, ALT 30 U/L"),
        (3, "refused", "A collection of this moment is there already."),
        (4, "refused", "S-009 has not been screened here."),
        (5, "refused", "“30/05/2026” is not a time of the form %Y-%m-%d %H:%M."),
        (6, "refused", "6.6 g/L is below 25 g/L: ask again whether it was g/dL"),
        (7, "refused", "haemoglobin: “<70” is not a number with a decimal point."),
        (8, "refused", "No value is entered."),
        (9, "refused", "— has not been screened here."),
        (10, "taken", "haemoglobin 70 g/L"),
    ]


def test_a_unit_is_never_converted() -> None:
    assert ran("S-001,2026-05-30 08:00,66,,,\n", MAPPING.replace("hb g/L 120 160", "hb g/dL"))[0][1:] == (
        "refused",
        "haemoglobin is taken in g/L only; it is never converted.",
    )


def test_iso_times_with_their_offset() -> None:
    iso = MAPPING.replace("collected_at %Y-%m-%d %H:%M", "collected_at")
    assert ran("S-001,2026-05-30T08:00:00+08:00,66,,,\n", iso)[0][1] == "taken"


def test_another_file_is_refused_as_a_whole() -> None:
    with pytest.raises(Refused, match=r"no column Taken"):
        dry_run("ID,HGB\n", parse_mapping("Lab A", MAPPING), desk_on(Ward()).look(), ZHAO, NOW)
