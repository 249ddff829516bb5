"""What of the trail was looked at: event by event, for one reader and one scope."""

from app.domain.people.accounts import Reviewed, Scope
from app.services.words.trail_scope import looked_words
from app.services.words.words import Words
from ui.trail.looked_at import LookedAt

ALL, SOME = Scope(), Scope(kind="corrections")


def looked(*pages: list[int]) -> LookedAt:
    made = LookedAt()
    for number, page in enumerate(pages):
        made.read(page, "i1", ALL, number == 0)
    return made


def test_what_nobody_saw_is_not_in_it() -> None:
    made = looked([90, 80, 70], [60, 50])
    assert (made.events, made.newest, made.spans) == (0, 0, ())
    made.saw([90, 80, 50, 7])
    assert (made.events, made.newest, made.spans) == (3, 90, ((80, 90), (50, 50)))
    made.saw([60, 70])
    assert made.spans == ((50, 90),)


def test_what_came_meanwhile_parts_it_and_is_not_seen_with_the_rest() -> None:
    made = looked([90, 80])
    made.saw([90, 80])
    made.read([91, 90, 80], "i1", ALL, True)
    assert made.spans == ((80, 90),)
    made.read([300, 299], "i1", ALL, True)
    assert made.events == 0


def test_another_reader_or_scope_begins_anew() -> None:
    for person, scope in (("m1", ALL), ("i1", SOME)):
        made = looked([90, 80])
        made.saw([90])
        made.read([90, 80], person, scope, True)
        assert made.events == 0


def test_many_spans_are_told_short() -> None:
    spans = tuple((n, n + 1) for n in range(100, 10, -10))
    said = Words("en").tr(looked_words(Reviewed(101, ALL, "", 18, spans)))
    assert said == "Events looked at: 18 (100–101, 90–91, 80–81, 70–71, 60–61, 50–51, …)"
