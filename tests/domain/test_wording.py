"""Small pieces of what a person reads: values, symptoms, codes, and who let something go on."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.infusion.code_words import OUTCOMES, REASONS, SYMPTOMS, word
from app.domain.infusion.wording import group_words, how_entered, leave_words, symptom, symptoms, vital_line, vital_value
from app.domain.texts import say

from .cast import ZHAO, protocol
from .play import Play
from .seeing import plain


@pytest.mark.parametrize(
    ("code", "value", "alone", "line"),
    [
        ("hr", "82", "82", "HR 82"), ("hr", "82.5", "82", "HR 82"), ("pr", "81.51", "82", "PR 82"),
        ("spo2", "97", "97", "SpO₂ 97 %"),
        ("nibp_sys", "118", "118", "Sys 118"), ("rr", "16", "16", "RR 16"), ("temp", "36.75", "36.8", "36.8 °C"),
        ("temp", "37", "37.0", "37.0 °C"), ("temp", None, "—", "Temp —"), ("spo2", None, "—", "SpO₂ —"),
    ],
)  # fmt: skip
def test_a_value_as_one_says_it(code: str, value: str | None, alone: str, line: str) -> None:
    entry = e.VitalEntry(code, None if value is None else D(value), "typed")
    assert (vital_value(entry), plain(vital_line(entry))) == (alone, line)


def test_symptoms_in_the_words_of_the_protocol_or_as_they_were_always_known() -> None:
    invented = protocol(settings={"reaction.symptoms": [{"code": "rash", "en": "skin rash", "zh": "皮疹"}]})
    assert plain(symptoms(("rash", "fever", "blue toes"), invented)) == "skin rash, fever, blue toes"
    assert plain(symptoms(("rash", "hypotension"), None)) == "rash, low blood pressure"
    assert plain(symptoms((), invented)) == "symptoms not yet noted"
    assert symptom("rash", invented) == invented.reaction.symptoms[0]
    assert symptom("hypoxia", invented) == SYMPTOMS["hypoxia"]
    assert symptom("thawed_too_long", None) == "thawed_too_long", "a reason is no symptom"


def test_the_group_and_dose_of_an_order() -> None:
    play = Play(group="C", dose=3)
    assert plain(group_words(play.state)) == "C · 3 of 4"
    play.state.order = replace(play.state.order, group="")
    assert group_words(play.state) == "—"


@pytest.mark.parametrize(
    ("how", "said"), [("scan", "scanned"), ("mixed", "partly scanned, partly typed"), ("", None), (None, None)]
)
def test_how_a_code_was_read(how: str | None, said: str | None) -> None:
    found = how_entered(how)
    assert (None if found is None else plain(found)) == said
    assert how_entered("fever") == "fever", "in the words of codes that were read alone"


def test_who_let_it_go_on_what_was_found_and_why() -> None:
    seven, pain = say("NEWS2 {score}", score=7), say("discomfort")
    started = e.Started(D(20), "", ZHAO.person_id, found=(seven, pain), why_allowed="cannot_wait", printed_name="Zhao")
    who, found, why = leave_words(started, {ZHAO.person_id: "Zhao"})
    assert [plain(x) for x in (who, found, why)] == ["allowed by Zhao", "NEWS2 7, discomfort", "the infusion cannot wait"]
    assert plain(leave_words(started, {})[0]) == "allowed by i1"
    assert leave_words(e.Started(D(20)), {}) == (None, None, "")


def test_a_code_is_told_in_its_table_or_in_any_and_else_stands_as_it_was_typed() -> None:
    assert word("fever") == SYMPTOMS["fever"]
    assert word("cannot_wait") == REASONS["cannot_wait"]
    assert word("transferred", OUTCOMES) == OUTCOMES["transferred"]
    assert word("fever", OUTCOMES) == "fever"
    assert word("fever", OUTCOMES, SYMPTOMS) == SYMPTOMS["fever"]
    assert word("sat up just now") == "sat up just now"
