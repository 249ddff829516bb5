"""The log's streams: one text each, and nothing is ever taken for what it is not."""

from typing import get_args

import msgspec
import pytest

from app.domain.infusion.facts import NoteAdded, Ordered
from app.domain.log import PEOPLE, TRIAL, Stream, StreamKind, UnknownKind, encode, stream_of, stream_text
from app.domain.people.accounts import SignedIn
from app.domain.streams import decode

TEXTS = [
    ("1f0e9d", Stream("infusion", "1f0e9d")),
    ("people", PEOPLE),
    ("trial", TRIAL),
    ("subject:B-001", Stream("subject", "B-001")),
    ("subject:B:1", Stream("subject", "B:1")),
    ("subject", Stream("infusion", "subject")),
]


@pytest.mark.parametrize(("text", "stream"), TEXTS)
def test_a_stream_is_saved_as_one_text_and_read_back(text: str, stream: Stream) -> None:
    assert stream_of(text) == stream
    assert stream_text(stream) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [("robot:1", "robot"), ("infusion:1", "infusion:1"), ("people:1", "people:1"), ("trial:", "trial:"), ("subject:", "subject:")],
)
def test_an_unknown_kind_is_refused_by_its_name(text: str, kind: str) -> None:
    with pytest.raises(UnknownKind, match=f"“{kind}”") as refused:
        stream_of(text)
    assert refused.value.kind == kind


@pytest.mark.parametrize("stream", [Stream("infusion", "people"), Stream("infusion", "subject:1"), Stream("people", "1")])
def test_what_would_be_read_as_another_has_no_text(stream: Stream) -> None:
    with pytest.raises(ValueError, match="no text of its own"):
        stream_text(stream)


def test_an_infusion_whose_id_names_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownKind):
        stream_text(Stream("infusion", "robot:1"))


@pytest.mark.parametrize("kind", get_args(StreamKind))
def test_each_kind_refuses_by_its_name_what_does_not_happen_to_it(kind: StreamKind) -> None:
    with pytest.raises(msgspec.ValidationError, match="Moved"):
        decode(kind, '{"type":"Moved"}')


def test_a_field_that_an_event_does_not_have_is_refused_by_the_event_s_name() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"^NoteAdded of subject: Object contains unknown field `colour`"):
        decode("subject", '{"colour":1,"text":"x","type":"NoteAdded"}')


def test_an_event_is_saved_with_its_keys_in_order() -> None:
    assert encode(SignedIn("n1")) == b'{"person_id":"n1","type":"SignedIn"}'


def test_a_subject_and_the_trial_have_notes_so_far_and_nothing_of_an_infusion_or_of_accounts() -> None:
    note = NoteAdded("screened elsewhere")
    order = Ordered("B-001", "12", "1", 1, "p", "1", "0" * 64, False)
    kinds: tuple[StreamKind, ...] = ("subject", "trial")
    for kind in kinds:
        assert decode(kind, encode(note)) == note
        for event in (order, SignedIn("n1")):
            with pytest.raises(msgspec.ValidationError, match=type(event).__name__):
                decode(kind, encode(event))
