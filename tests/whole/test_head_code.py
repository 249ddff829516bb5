"""The QR code on a printed record is read back as the head of the chain, and `bedside verify` knows it."""

import tomllib
from pathlib import Path

import numpy as np
import zxingcpp
from PySide6.QtGui import QImage

from app.domain.protocol_check import parse
from app.services.record.record_pdf import typesetter
from app.services.words.words import Words
from tests.services.record import story

_TRIAL = Path(__file__).parents[2] / "resources" / "protocols" / "msc-icaht.toml"


def test_the_scanner_reads_the_printed_head() -> None:
    source = story.source(parse(tomllib.loads(_TRIAL.read_text(encoding="utf-8"))), practice=True)
    pages = typesetter(source, Words("en")).compile(format="png", ppi=150)
    assert isinstance(pages, list)
    found = [code.text for page in pages for code in zxingcpp.read_barcodes(_grey(page))]
    assert [text.lower() for text in found] == [source.head.hash]


def _grey(png: bytes) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    image = QImage.fromData(png).convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width()].copy()
