"""The trial's protocol, an eventful infusion, and both languages; local time is that of Tianjin."""

import gettext
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.domain.protocol import Protocol
from app.domain.protocol_check import parse
from app.services.record.source import RecordSource
from app.services.words.words import Words

from .story import source as told

_FILE = Path(__file__).resolve().parents[3] / "resources" / "protocols" / "msc-icaht.toml"


class InBrackets(gettext.NullTranslations):
    """A stand-in catalogue: every text in Chinese brackets after a Chinese word."""

    def gettext(self, message: str) -> str:
        return f"译【{message}】" if any(c.isalpha() for c in message) else message


class Chinese(Words):
    """Words in Chinese without the program's own catalogue."""

    def __init__(self) -> None:
        self.language = "zh_CN"
        self._catalogue = InBrackets()


@pytest.fixture(autouse=True, scope="module")
def tianjin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return parse(tomllib.loads(_FILE.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def read_exactly(protocol: Protocol) -> Protocol:
    """A former file, by which a bag read by eye is one number, so that only the cells are counted."""
    decided = tuple(d for d in protocol.decided if not d.key.startswith("ending."))
    return msgspec.structs.replace(protocol, ending=None, decided=decided)


@pytest.fixture(scope="session")
def source(protocol: Protocol) -> RecordSource:
    return told(protocol)


@pytest.fixture
def english() -> Words:
    return Words("en")


@pytest.fixture
def chinese() -> Words:
    return Chinese()
