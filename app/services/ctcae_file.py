"""Reading the terms of CTCAE that the program brings with it."""

import tomllib
from functools import cache
from pathlib import Path

from app.domain.safety.ctcae_terms import Ctcae, read_ctcae

CTCAE_FILE = Path(__file__).resolve().parents[2] / "resources" / "ctcae" / "ctcae-5.0.toml"


@cache
def ctcae() -> Ctcae:
    return read_ctcae(tomllib.loads(CTCAE_FILE.read_text(encoding="utf-8")))
