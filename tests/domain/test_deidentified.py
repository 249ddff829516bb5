"""What leaves the ward: nothing that a person typed, whatever the event, and the same stand-ins every time."""

from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest

from app.domain.deidentified import Deidentified, pseudonym
from app.domain.infusion import facts as e
from app.domain.infusion.code_words import OFFERED
from app.domain.infusion.corrected import changes_in
from app.domain.infusion.story import replay
from app.domain.log import Entry, encode
from app.domain.people.roles import Role
from app.domain.streams import decode
from app.domain.texts import say
from tests.services.record.one_of_each import AT, EVENTS

from .cast import CHEN, LI, TRIAL, WANG, clock
from .play import prepared

KEY = bytes(range(32))
CANARY = "王小明 tel 555"
ROLES = {"n1": Role.NURSE, "n2": Role.NURSE, "p1": Role.PHARMACIST, "p9": Role.PHARMACIST}


def typed_everywhere(value: Any, name: str = "", kind: Any = str) -> Any:
    """The same value with a person's words in every field that takes any text."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(type(value))
        return type(value)(**{f.name: typed_everywhere(getattr(value, f.name), f.name, f.type) for f in fields})
    if isinstance(value, tuple):
        return tuple(typed_everywhere(item, name) for item in value)
    free = kind is str or kind == (str | None)
    return CANARY if isinstance(value, str) and free and name not in NAMED else value


#: Fields that name a thing of the trial; whoever types a person's name there has mislabelled a bag.
NAMED = {
    *("bag_id", "found_id", "bag_ids", "lot", "group", "protocol_id", "protocol_version", "protocol_sha256", "drug"),
    *("vital", "command", "event_id", "field", "protocol", "sha256", "msgid"),
}


def deidentified(*entries: Entry) -> Deidentified:
    return Deidentified(KEY, (who for x in entries for who in (x.by, x.co) if who is not None), ROLES, OFFERED)


def leaving(*entries: Entry) -> list[Entry]:
    return list(deidentified(*entries).entries(iter(entries), changes_in(entries)))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_typed_survives_in_any_event(event: e.InfusionEvent) -> None:
    turned = deidentified().event(typed_everywhere(event))
    assert CANARY not in encode(turned).decode()
    assert type(decode("infusion", encode(turned))) is type(event)


def test_numbers_times_and_the_programs_own_words_stay() -> None:
    kept = [ev for ev in EVENTS if deidentified().event(ev) == ev]
    assert {type(ev).__name__ for ev in kept} >= {
        "WeightRecorded", "BagScanned", "CertificateRecorded", "Started", "RateSet", "RateMeasured", "VitalsRecorded",
        "PremedicationGiven", "InfusionEnded", "InfusionStopped", "BagBroken", "ElapsedConfirmed", "SamplesSealed",
    }  # fmt: skip
    noted = deidentified().event(e.ReactionNoted(AT, ("chills", CANARY), "stop", 2, (CANARY,), "Dr Chen", "arms"))
    assert noted == e.ReactionNoted(AT, ("chills",), "stop", 2)


def test_people_become_their_role_and_a_number_in_the_order_of_the_log() -> None:
    entries = [Entry(f"e{n}", "inf", AT, by, e.HandedOver("n1"), co) for n, (by, co) in enumerate(
        [("n2", None), (None, None), ("n1", "x7")])]  # fmt: skip
    made = deidentified(*entries)
    assert made.people == {"n2": "nurse-1", "n1": "nurse-2", "x7": "staff-1", "p1": "pharmacist-1", "p9": "pharmacist-2"}
    assert [(x.by, x.co, x.event) for x in leaving(*entries)] == [
        ("nurse-1", None, e.HandedOver("nurse-2")),
        (None, None, e.HandedOver("nurse-2")),
        ("nurse-2", "staff-1", e.HandedOver("nurse-2")),
    ]
    assert made.person("nobody of the list") == "staff"


def test_a_subject_has_one_pseudonym_a_store_and_another_elsewhere() -> None:
    assert pseudonym(KEY, "B-001") == "S-VGOCYEGHFD"
    assert pseudonym(KEY, "B-001 ") == pseudonym(KEY, "B-001") != pseudonym(KEY, "B-002")
    assert pseudonym(bytes(32), "B-001") != pseudonym(KEY, "B-001")
    assert deidentified().subject("B-001") == pseudonym(KEY, "B-001")
    assert deidentified().subject(None) is None
    assert "B-001" not in pseudonym(KEY, "B-001")


def test_a_subjects_own_stream_bears_the_pseudonym_and_every_other_its_text() -> None:
    streams = ("inf", "subject:B-001", "trial")
    turned = leaving(*(Entry(f"e{n}", stream, AT, "n1", e.NoteAdded(CANARY)) for n, stream in enumerate(streams)))
    assert [x.stream for x in turned] == ["inf", f"subject:{pseudonym(KEY, 'B-001')}", "trial"]
    assert {x.event for x in turned} == {e.NoteAdded("")}


def test_corrections_are_laid_over_and_say_no_more_what_stood_there() -> None:
    play = prepared("running")
    weighed = next(x.event_id for x in play.entries if isinstance(x.event, e.WeightRecorded))
    play.take(e.Corrected(weighed, "weight_kg", '"70.0"', '"71.0"', "scale misread by Wang"), LI.person_id)
    turned = leaving(*play.entries)
    assert next(x.event for x in turned if isinstance(x.event, e.WeightRecorded)).weight_kg == 71
    assert turned[-1].event == e.Corrected(weighed, "weight_kg", "", "", "")


def test_a_number_that_is_also_somebody_s_staff_number_does_not_stay_in_a_correction() -> None:
    made = Deidentified(KEY, ("70", "71"), {"70": Role.NURSE, "71": Role.NURSE}, ())
    assert made.event(e.Corrected("e1", "weight_kg", "70", "71", "misread")) == e.Corrected("e1", "weight_kg", "", "", "")


def test_a_correction_of_another_stream_changes_nothing_here() -> None:
    noted = Entry("e1", "inf", AT, "n1", e.BagHung("B1"))
    strange = Entry("e2", "other", AT, "n1", e.Corrected("e1", "bag_id", '"B1"', '"B2"', "typed wrongly"))
    assert leaving(noted, strange)[0].event == e.BagHung("B1")


def test_a_whole_infusion_can_be_replayed_from_what_left_the_ward() -> None:
    play = prepared("signed")
    turned = leaving(*play.entries)
    state = replay("inf", turned, TRIAL)
    assert (state.phase, state.ended_at, state.order.subject) == (play.state.phase, clock("14:58"), pseudonym(KEY, "S-001"))
    text = " ".join(encode(x.event).decode() for x in turned)
    assert not any(f'"{who.person_id}"' in text or f'"{who.name}"' in text for who in (LI, WANG, CHEN))


def told(**places: Any) -> dict[str, Any]:
    """What stays in the places of a text that the program made."""
    made = Deidentified(KEY, ("n1",), ROLES, {"bag", "own words"})
    turned: Any = made.event(e.CommandRefused("Start", say("x", **places)))
    params: dict[str, Any] = turned.why.params
    return params


def test_in_the_places_of_a_text_numbers_times_and_own_words_stay() -> None:
    stays = {
        "a": "84", "b": "-3.5", "c": "own words", "d": AT, "e": 7, "f": Decimal("1.5"), "g": True, "h": None, "i": AT.date(),
        "j": {"purity": True}, "bag_id": "UC-1", "k": "bag",
    }  # fmt: skip
    assert told(**stays) == stays
    typed = {"a": "84 kg", "b": "3.", "c": "Own words", "d": ["x"], "e": {"purity": "x"}, "f": f"{AT:%Y-%m-%d}"}
    assert told(**typed) == dict.fromkeys(typed, "")
    assert told(subject="B-001", who="n1", why=say("{a}", a=CANARY), co="n7") == {
        "subject": pseudonym(KEY, "B-001"), "who": "nurse-1", "why": say("{a}", a=""), "co": "",
    }  # fmt: skip


def test_who_did_nothing_yet_is_numbered_after_the_others_in_the_order_of_the_ids() -> None:
    assert Deidentified(KEY, ("p9", "x1", "n2", "p9", "x0"), ROLES, ()).people == {
        "p9": "pharmacist-1", "x1": "staff-1", "n2": "nurse-1", "x0": "staff-2", "n1": "nurse-2", "p1": "pharmacist-2",
    }  # fmt: skip


class Odd(msgspec.Struct, frozen=True):
    """What an event of a later version might hold."""

    answers: dict[str, str]
    choice: Literal["a", "b"] | None
    texts: list[str]


def test_what_is_not_known_is_left_out() -> None:
    made: Any = deidentified()
    assert made.event(Odd({"who": CANARY}, "a", [CANARY])) == Odd({}, "a", [])


def test_what_the_gate_found_and_what_speaks_against_a_dose_stay_but_for_what_was_typed() -> None:
    found = (say("{vital} {value} of {who}", vital=say("SpO₂"), value="84", who=CANARY), say("at {at}", at=AT))
    turned = deidentified().event(e.Resumed(Decimal(20), "n1", found=found, why_allowed=CANARY))
    assert isinstance(turned, e.Resumed)
    assert [str(text) for text in turned.found] == ["SpO₂ 84 of ", f"at {AT}"]
    assert turned.why_allowed == ""
    order = e.Ordered("S-001", "12", "A", 1, "p", "1", "0" * 64, False, "n1", ("second", "window"), CANARY)
    kept = Deidentified(KEY, (), ROLES, ()).event(order)  # what a type offers needs no list of codes
    assert isinstance(kept, e.Ordered)
    assert (kept.irregular, kept.reason) == (("second", "window"), "")
