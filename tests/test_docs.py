"""The tests that the threat model and the hazard log name are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("document", ["threat-model.md", "hazards.md"])
def test_every_test_a_document_names_is_there(document: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(?:\w+::)?(\w+)`", (ROOT / "docs" / document).read_text(encoding="utf-8"))
    assert len(named) > 10
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert missing == []
