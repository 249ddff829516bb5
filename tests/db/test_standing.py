"""Where an infusion stands by its events alone, whatever somebody wrote between them."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.log import Entry, Event, encode
from db.log.canonical import utc_text
from db.log.standing import Standing, standings
from tests.domain.cast import clock
from tests.domain.play import prepared

SIGNED = prepared("signed").entries
ORDER = SIGNED[0]
#: Of which the payload is fetched.
READ = e.Ordered | e.WeightRecorded | e.Corrected
Line = tuple[str, str, str, str, str | None]


def line(entry: Entry) -> Line:
    payload = encode(entry.event).decode() if isinstance(entry.event, READ) else None
    return entry.event_id, entry.stream, utc_text(entry.at), type(entry.event).__name__, payload


def stands(entries: Iterable[Entry]) -> Standing:
    (found,) = standings(map(line, entries))
    return found


def then(event: Event, event_id: str = "later", stream: str = "inf", at: str = "16:00") -> Entry:
    return Entry(event_id, stream, clock(at), "n1", event)


def until(kind: type[Event]) -> list[Entry]:
    """Up to the first of that kind."""
    at = next(n for n, x in enumerate(SIGNED) if isinstance(x.event, kind))
    return SIGNED[: at + 1]


def corrected(event_id: str, new: str, field: str = "weight_kg") -> e.Corrected:
    return e.Corrected(event_id, field, '"70.0"', new, "misread")


def test_a_signed_infusion_is_told_whole() -> None:
    assert isinstance(ORDER.event, e.Ordered)
    times = {type(x.event): x.at for x in SIGNED}
    assert stands(SIGNED) == Standing(
        "inf", "S-001", "12", "A", 1, ORDER.event, Phase.SIGNED, Decimal(70), times[e.Started], times[e.InfusionEnded], True
    )


def test_just_ordered_it_has_no_weight_no_start_and_no_end() -> None:
    assert isinstance(ORDER.event, e.Ordered)
    assert stands([ORDER]) == Standing("inf", "S-001", "12", "A", 1, ORDER.event)


def test_one_that_was_stopped_has_ended_too() -> None:
    found = stands([*until(e.Started), then(e.InfusionStopped(None, "reaction"), at="15:10")])
    assert (found.phase, found.ended_at, found.is_whole) == (Phase.OBSERVATION, clock("15:10"), True)


def test_a_correction_opens_a_signed_record_again() -> None:
    found = stands([*SIGNED, then(corrected("e999", '"25"', "volume_ml"))])
    assert (found.phase, found.is_whole, found.weight_kg) == (Phase.OBSERVED, True, Decimal(70))


# --- the weight


WEIGHED = next(x for x in SIGNED if isinstance(x.event, e.WeightRecorded))


def test_the_last_weight_counts_as_it_was_corrected_last() -> None:
    again = then(e.WeightRecorded(Decimal(72)), "w2")
    lighter = stands([ORDER, WEIGHED, then(corrected(WEIGHED.event_id, '"71"'), "c1")])
    assert (lighter.weight_kg, lighter.is_whole) == (Decimal(71), True)
    assert stands([ORDER, WEIGHED, again]).weight_kg == 72
    of_the_first = then(corrected(WEIGHED.event_id, '"50"'), "c1")
    assert stands([ORDER, WEIGHED, again, of_the_first]).weight_kg == 72
    of_both = (of_the_first, then(corrected("w2", '"73"'), "c2"), then(corrected("w2", '"74"'), "c3"))
    assert stands([ORDER, WEIGHED, again, *of_both]).weight_kg == 74
    assert stands([ORDER, then(corrected("w2", '"73"')), WEIGHED]).weight_kg == 70


@pytest.mark.parametrize(
    ("new", "field"),
    [('"heavy"', "weight_kg"), ("no JSON", "weight_kg"), ("null", "weight_kg"), ("1", "colour"), ('"WeightConfirmed"', "type")],
)
def test_a_correction_that_does_not_fit_leaves_the_weight_and_is_not_whole(new: str, field: str) -> None:
    """It keeps nobody from the rest of the record."""
    found = stands([ORDER, WEIGHED, then(corrected(WEIGHED.event_id, new, field)), then(e.Released(), "r")])
    assert (found.weight_kg, found.phase, found.is_whole) == (Decimal(70), Phase.RELEASED, False)


# --- what does not fit together


def test_a_step_that_may_not_happen_changes_nothing_and_is_never_whole_again() -> None:
    entries = [ORDER, then(e.InfusionSigned()), WEIGHED, *until(e.Released)[1:], then(corrected(WEIGHED.event_id, '"71"'), "c")]
    found = stands(entries)
    assert (found.phase, found.is_whole) == (Phase.RELEASED, False)


def test_what_cannot_be_read_is_no_weight_and_not_whole() -> None:
    unread = line(replace(WEIGHED, event=e.WeightRecorded(Decimal(50))))[:4]
    (found,) = standings([line(ORDER), line(WEIGHED), (*unread, '{"type":"WeightRecorded"}')])
    assert (found.weight_kg, found.is_whole, found.phase) == (Decimal(70), False, Phase.ORDERED)


def test_what_does_not_begin_with_an_order_or_is_no_infusion_is_left_out_and_the_others_stay() -> None:
    lines = [
        line(then(e.Released(), "x1", "headless")),
        line(then(e.WeightRecorded(Decimal(60)), "x2", "headless")),
        ("x3", "unread", utc_text(clock("13:00")), "Ordered", "no JSON"),
        line(replace(ORDER, stream="subject:S-001")),
        line(replace(ORDER, stream="robot:1")),
        line(replace(ORDER, stream="first")),
        line(ORDER),
        line(replace(WEIGHED, stream="first")),
        line(then(e.Released(), "x4", "first")),
    ]
    assert [(x.infusion_id, x.phase, x.weight_kg, x.is_whole) for x in standings(lines)] == [
        ("first", Phase.RELEASED, 70, True),
        ("inf", Phase.ORDERED, None, True),
    ]
