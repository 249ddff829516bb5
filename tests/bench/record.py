"""The record as PDF."""

from datetime import timedelta
from math import sin
from time import process_time

import msgspec
import typst

from app.domain.vitals.vital_signs import VITALS
from app.services.record.record_pdf import pdf_bytes
from app.services.record.source import RecordSource, SampleRow
from app.services.words.words import Words
from tests.domain.cast import TRIAL
from tests.services.record.story import START, source

from .timing import Found, in_turn

_TWO_HOURS_S = 7200


def pdf_record() -> dict[str, Found]:
    """The record of an infusion with two hours of 1 Hz trends, against an empty A4 page by the same typesetter."""
    made_from = msgspec.structs.replace(source(TRIAL), samples=_samples())
    empty = b'#set page("a4")'
    return {"pdf_record": in_turn(lambda: _record(made_from), lambda: typst.compile(empty, format="pdf"), process_time)}


def _record(made_from: RecordSource) -> None:
    assert pdf_bytes(made_from, Words("en"))


def _samples() -> list[SampleRow]:
    middle = {code: float(vital.plausible_low) + 40 for code, vital in VITALS.items()}
    times = [START + timedelta(seconds=n) for n in range(_TWO_HOURS_S)]
    return [(code, at, middle[code] + 5 * sin(n / 60)) for n, at in enumerate(times) for code in VITALS]
