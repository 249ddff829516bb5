"""Inputs that other wards' reports describe, read from outside the project (BEDSIDE_CASES), with what may be charted of each."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

NO_FOLDER = "BEDSIDE_CASES is not set: these inputs stay outside the project"


class Case(msgspec.Struct, frozen=True):
    """One input. A device's: `charted` (vital sign and value in wire order). A label's: `told` (kind, fields, exit code)."""

    name: str
    kind: str
    data: bytes
    protocol: str
    charted: tuple[tuple[str, Decimal], ...]
    must_not_be_charted: tuple[str, ...]
    told: dict[str, Any]


def folder() -> Path | None:
    named = os.environ.get("BEDSIDE_CASES")
    return Path(named) if named else None


def all_cases(how: str) -> list[Case]:
    """All cases that are read this way; none where there is no folder."""
    return [parameter.values[0] for parameter in cases(how) if parameter.values[0] is not None]


def cases(how: str) -> list[Any]:
    """The parameters of a test of all cases that are read this way; one that is skipped where there is no folder."""
    place = folder()
    if place is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=NO_FOLDER), id="no folder")]
    told = json.loads((place / "cases.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return [pytest.param(_case(place, one), id=one["id"]) for one in told if one["how"] == how]


def _case(place: Path, one: dict[str, Any]) -> Case:
    charted = tuple((vital, Decimal(value)) for vital, value in one.get("charted", ()))
    never = tuple(one.get("must_not_be_charted", ()))
    data = (place / one["file"]).read_bytes()
    return Case(one["id"], one["kind"], data, one.get("protocol", ""), charted, never, one)
