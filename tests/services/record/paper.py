"""A PDF as a reader sees it: its texts, how large they are set, and how far down a page they reach."""

import re
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfReader

_HEAD_AND_FOOT_PT = 57
#: Letters of a line of A4, and more.
_LONGEST_LINE = 400
#: What a last page holds at least, of its height.
NOT_EMPTY = 0.2


class Piece(NamedTuple):
    """One run of text: `y` from the foot of its page, pt."""

    page: int
    y: float
    size_pt: float
    text: str


class Paper(NamedTuple):
    """`pages`: the text of each."""

    height_pt: float
    pages: list[str]
    pieces: list[Piece]


@cache
def read(pdf: bytes, *numbers: int) -> Paper:
    """Once a file: it takes longer than to set it. `numbers`: these pages alone, from 0."""
    pages: list[str] = []
    found: list[Piece] = []
    reader = PdfReader(BytesIO(pdf))
    for number in numbers or range(len(reader.pages)):
        page = reader.pages[number]

        def take(text: str, cm: Any, tm: Any, _font: Any, size: float, number: int = number) -> None:
            if text.strip():
                found.append(Piece(number, tm[5] * cm[3] + cm[5], abs(size * tm[3] * cm[3]), text))

        pages.append(re.sub(r"\s+", " ", page.extract_text(visitor_text=take)))
    return Paper(float(reader.pages[0].mediabox.height), pages, found)


def text_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages)


@cache
def seen_in(pdf: bytes) -> str:
    """All that stands on paper: what was set beyond the end of a page is text of the file too, but nobody can read it."""
    height = read(pdf).height_pt
    return re.sub(r"\s+", " ", " ".join(p.text for p in read(pdf).pieces if 0 < p.y < height and len(p.text) < _LONGEST_LINE))


@cache
def first_half_of(pdf: bytes) -> str:
    """What stands in the upper half of the first page, in the order of the page."""
    first = read(pdf, 0)
    found = [p for p in first.pieces if p.y > first.height_pt / 2]
    return re.sub(r"\s+", " ", " ".join(p.text for p in found))


def page_count(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def body(pdf: bytes) -> list[Piece]:
    """Without the running head and foot."""
    height = read(pdf).height_pt
    return [p for p in read(pdf).pieces if _HEAD_AND_FOOT_PT < p.y < height - _HEAD_AND_FOOT_PT]


def last_page_filled(pdf: bytes) -> float:
    """The share of the last page's height down to its lowest line."""
    last = page_count(pdf) - 1
    lowest = min(p.y for p in body(pdf) if p.page == last)
    return 1 - lowest / read(pdf).height_pt
