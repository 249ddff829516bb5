"""A text read from a file is what it was when it was written, with the texts and times in it."""

from datetime import UTC, datetime

import msgspec

from app.domain.texts import Dated, Text, revived, say

AT = datetime(2026, 3, 1, 13, 5, tzinfo=UTC)


def test_texts_within_a_text_and_times_come_back() -> None:
    written = say("Bag {bag}, {why}, {at}, {expiry}", bag="2026-03-01", why=say("at {at}", at=AT), at=AT, expiry=Dated(AT))
    assert revived(msgspec.json.decode(msgspec.json.encode(written), type=Text)) == written


def test_one_that_was_never_written_stays_as_it_is() -> None:
    made = say("{why}", why=say("at {at}", at=AT))
    assert revived(made) == made
