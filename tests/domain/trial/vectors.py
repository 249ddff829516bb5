"""Expected values read from outside the project (BEDSIDE_VECTORS); what is essential in them stands in the tests too."""

import json
import os
from pathlib import Path
from typing import Any

import pytest


def vectors(name: str) -> list[dict[str, Any]]:
    folder = os.environ.get("BEDSIDE_VECTORS")
    if not folder:
        pytest.skip("BEDSIDE_VECTORS is not set: the vectors stay outside the project")
    found: list[dict[str, Any]] = json.loads((Path(folder) / name).read_text(encoding="utf-8"))["cases"]
    return found
