"""What may be typed, and what a code is."""

from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.chapters.corrections import Correct
from app.domain.infusion.chapters.ending import End
from app.domain.infusion.chapters.notes import AddNote
from app.domain.infusion.chapters.ordering import OrderedBy, Wanted, prescribed
from app.domain.infusion.chapters.pause import Pause
from app.domain.infusion.facts import NoteAdded, Ordered, Paused
from app.domain.people.roles import Person, Role
from app.domain.protocol import Labels, SiteSetting
from app.domain.site.site_settings import offered, why, with_settings
from app.domain.typed_texts import MOST_LETTERS, all_typed, bed_name, folded, lot_number, sentence, subject_code, visible
from tests.domain.cast import LI, ZHAO, protocol
from tests.domain.play import Play, Preparation

HERE = Labels()
UNSEEN = ["a\x00b", "a\x1b[2J", "\u202etxt.exe", "a\u200bb", "\u2066x", "half \ud800", "a\u2028b", "\x7f"]


@pytest.mark.parametrize("typed", UNSEEN)
def test_what_nobody_can_see_is_refused_with_its_number(typed: str) -> None:
    with pytest.raises(Refused, match=r"nobody can see \(U\+[0-9A-F]{4}\)"):
        sentence(typed)


def test_a_sentence_keeps_its_meaning_and_its_lines() -> None:
    assert sentence("1.40 × 10⁸，℃ ½\n第二行") == "1.40 × 10⁸，℃ ½\n第二行"
    assert sentence("e\u0301") == "é"
    assert len(sentence("长" * MOST_LETTERS)) == MOST_LETTERS
    with pytest.raises(Refused, match="2001 letters are too many: at most 2000"):
        sentence("长" * 2001)


def test_where_nothing_may_be_refused_the_unseen_is_left_out() -> None:
    assert [visible(typed) for typed in UNSEEN] == ["ab", "a[2J", "txt.exe", "ab", "x", "half ", "ab", ""]
    assert visible("a\nb ½") == "a\nb ½"


def test_a_code_has_40_letters_at_most_and_is_told_as_it_was_typed() -> None:
    for read, words in ((subject_code, "subject code"), (bed_name, "bed"), (lot_number, "lot")):
        assert read("A" * 40, HERE) == read(" " + "Ａ" * 40 + " ", HERE) == "A" * 40
        for typed, told in (("A" * 41, "A" * 40), ("@" + "Ａ" * 50, "@" + "Ａ" * 39), ("<1>", "<1>")):
            with pytest.raises(Refused, match=f"is no {words} here") as refused:
                read(typed, HERE)
            assert refused.value.text.params == {"typed": told, "most": 40}


class Part(msgspec.Struct, frozen=True):
    text: str
    count: int = 1


class Typed(msgspec.Struct, frozen=True):
    """A command with texts at every depth, and a person who stands in the record already."""

    text: str
    lines: tuple[str, ...]
    parts: list[Part]
    who: Person
    at: Part | None = None


def test_each_text_in_a_command_is_held_to_it_but_nobody_s_name_is_changed() -> None:
    who = Person("n\u200b1", "Rene\u0301", Role.NURSE)
    typed = Typed("e\u0301", ("a", "o\u0308"), [Part("u\u0308", 3)], who, Part("x"))
    assert all_typed(typed) == Typed("é", ("a", "ö"), [Part("ü", 3)], who, Part("x"))
    plain = Typed("a", ("b",), [Part("c")], who)
    assert all_typed(plain) is plain
    hidden = Typed("a\u200b", ("b\x00",), [Part("c\u202e", 3)], who)
    assert all_typed(hidden, is_urgent=True) == Typed("a", ("b",), [Part("c", 3)], who)
    for wrong in (replace(plain, text="\x00"), replace(plain, lines=("\x00",)), replace(plain, parts=[Part("\x00")])):
        with pytest.raises(Refused, match=r"U\+0000"):
            all_typed(wrong)


def test_codes_are_folded_and_follow_the_pattern() -> None:
    assert subject_code(" ＡＢ-００１ ", HERE) == "AB-001" == folded("ＡＢ-００１")
    assert bed_name("３号床", HERE) == "3号床"
    assert lot_number("ＬＯＴ／2026.1", HERE) == "LOT/2026.1"
    for wrong in ("A 1", "受试者1", "", "=1+1", "<b>A</b>", "A" * 41, "Ä1"):
        with pytest.raises(Refused, match="is no subject code here"):
            subject_code(wrong, HERE)
    for wrong in ("=1", "<b>3</b>", "3" * 41, "-3"):
        with pytest.raises(Refused, match="is no bed here"):
            bed_name(wrong, HERE)
    with pytest.raises(Refused, match="is no lot here"):
        lot_number("@SUM(A1)", HERE)


def test_the_site_sets_its_own_patterns() -> None:
    site = Labels(subject_pattern="MSC[0-9]{3}", bed_pattern="[1-9]", lot_pattern="L.*")
    assert (subject_code("MSC001", site), bed_name("3", site), lot_number("L <1>", site)) == ("MSC001", "3", "L <1>")
    with pytest.raises(Refused):
        subject_code("A-001", site)


def test_the_patterns_are_settings_also_of_a_file_without_labels() -> None:
    key = "labels.subject_pattern"
    assert offered(protocol())[key] == ""
    found = why(protocol(), key)
    assert found is not None
    assert "ASCII" in found.en
    assert with_settings({}, [SiteSetting(key, '"S[0-9]+"')]) == {"labels": {"subject_pattern": "S[0-9]+"}}


def order(wanted: Wanted) -> Ordered:
    event = prescribed(wanted, ZHAO, (), OrderedBy(protocol(), "0" * 64, False))[0]
    assert isinstance(event, Ordered)
    return event


def test_an_order_names_subject_and_bed_by_the_pattern_but_a_known_subject_stays() -> None:
    wanted = Wanted("受试者 1", "3号床", "A", 1)
    with pytest.raises(Refused, match="is no subject code here"):
        order(wanted)
    assert order(replace(wanted, is_known=True)).subject == "受试者 1"
    assert order(replace(wanted, subject="Ａ-1")).subject == "A-1"


def test_each_text_of_a_command_is_held_to_it_but_nothing_urgent_is_refused() -> None:
    play = Preparation(Play(), 70, 20).until("running")
    with pytest.raises(Refused, match=r"U\+202E"):
        play.do(AddNote("x\u202ey"), by=LI)
    with pytest.raises(Refused, match="too many"):
        play.do(AddNote("x" * 2001), by=LI)
    play.do(AddNote("e\u0301"), by=LI)
    note = play.state.entries[-1]
    assert note.event == NoteAdded("é")
    with pytest.raises(Refused, match=r"U\+0000"):
        play.do(Correct(note.event_id, "text", r'"a\u0000"', "why"), by=LI)
    play.do(Pause("stop\u202e now" + "!" * 3000), by=LI)
    assert any(isinstance(x.event, Paused) and x.event.reason.startswith("stop now!!!") for x in play.state.entries)


def test_a_number_that_is_none_is_left_to_whoever_judges_numbers() -> None:
    """No comparison holds for it: it would stop the end of an infusion, which nothing may refuse."""
    ending = End(Decimal("sNaN"), "dose\u200b_in")
    typed = all_typed(ending, is_urgent=True)
    assert (typed.left_ml is ending.left_ml, typed.reason) == (True, "dose_in")
