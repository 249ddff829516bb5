"""The trial's protocol, read once."""

import tomllib
from pathlib import Path

import pytest

from app.domain.protocol import Protocol, parse

_FILE = Path(__file__).resolve().parents[3] / "resources" / "protocols" / "msc-icaht.toml"


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return parse(tomllib.loads(_FILE.read_text(encoding="utf-8")))
