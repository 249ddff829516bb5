"""What the trend draws: gaps as gaps, peaks kept, each cuff pressure once."""

from datetime import UTC, datetime, timedelta

from app.services.record.curves import pieces, pressures, thinned
from app.services.record.drawing import Drawing
from app.services.record.parts.part_trend import draw
from app.services.record.source import RecordSource, SampleRow
from app.services.record.telling import Teller
from app.services.words.words import Words

START = datetime(2026, 11, 22, 6, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def hr(*readings: tuple[float, float | None]) -> list[SampleRow]:
    return [("hr", at(s), v) for s, v in readings]


def test_a_missing_value_cuts_the_curve() -> None:
    assert pieces(hr((0, 80), (5, None), (10, 82)), "hr", START) == [[(0, 80)], [(10, 82)]]


def test_a_silence_cuts_the_curve() -> None:
    assert len(pieces(hr((0, 80), (1, 80), (2, 81), (60, 82)), "hr", START)) == 2


def test_a_slow_monitor_is_no_silence() -> None:
    assert len(pieces(hr(*((30 * n, 80) for n in range(9))), "hr", START)) == 1


def test_not_a_number_is_a_gap() -> None:
    assert pieces(hr((0, float("nan")), (1, 80)), "hr", START) == [[(1, 80)]]


def test_another_vital_sign_is_left_out() -> None:
    assert pieces(hr((0, 80)), "rr", START) == []


def test_thinning_keeps_every_peak() -> None:
    piece = [(float(s), 80.0) for s in range(100)]
    piece[50] = (50.0, 140.0)
    piece[51] = (51.0, 40.0)
    kept = thinned(piece, 10)
    assert len(kept) <= 20
    assert {(50.0, 140.0), (51.0, 40.0)} <= set(kept)
    assert kept == sorted(kept)


def test_a_repeated_cuff_pressure_is_one_measurement() -> None:
    found: list[SampleRow] = []
    for s, sys, dia in ((0, 120, 70), (5, 120, 70), (10, 118, 70), (15, None, None)):
        found += [("nibp_sys", at(s), sys), ("nibp_dia", at(s), dia)]
    assert pressures(found, START) == [(0, 120, 70), (10, 118, 70)]


def test_the_drawing_is_black_and_grey_and_inside_the_page(source: RecordSource) -> None:
    plot = draw(Teller(source, Words("en"))).plot("alt")
    assert "NaN" not in plot.svg
    assert "nan" not in plot.svg
    assert all(0 <= label.x <= plot.width and 0 <= label.y <= plot.height for label in plot.labels)
    said = [label.text for label in plot.labels]
    assert {"HR", "SpO₂", "BP", "RR", "Temp", "Drip rate", "40–60", "20", "14:15", "start", "end"} <= set(said)


def test_marks() -> None:
    d = Drawing(10, 10)
    d.path([(1, 1)])
    d.cross((2, 2), 1)
    d.diamond((3, 3), 1, filled=False)
    d.box((0, 0), 1, 1, edge=50)
    assert d.svg().count("<path") == 2
    assert 'fill="none"' in d.svg()
