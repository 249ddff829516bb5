"""What is said to an IntelliVue, and when: every turn that a conversation can take."""

from datetime import datetime

import pytest

from devices.protocols.intellivue import association as session
from devices.protocols.intellivue import data_pdu as pdu
from devices.protocols.intellivue import mib
from devices.protocols.intellivue import simulated_messages as words
from devices.protocols.intellivue.association import TICKS_PER_S, AssociationKind, AssociationMessage, AssociationTerms
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.dialogue import EXTENDED_S, KEEP_ALIVE_S, POLL_S, IntelliVueDialogue

from .intellivue_results import HR, NOON, SINGLE, answer, one, start

GRANTED = AssociationTerms(60 * TICKS_PER_S, 996, 996, 0x80000000)


class Talk:
    """A dialogue at a desk: what it says, in words."""

    def __init__(self, extended: bool = False) -> None:
        self.decoder = IntelliVue()
        self.dialogue = IntelliVueDialogue(self.decoder, extended)
        self.frames = mib.MibFrames()
        self.opened = self.read(self.dialogue.on_open(0.0))
        self.polls: list[pdu.PollRequest] = []

    def read(self, data: bytes) -> list[str]:
        """Its messages by name; it says nothing else."""
        told = [self.name(frame.data) for frame in self.frames.feed(data)]
        assert (self.frames.bad, self.frames.noise_bytes, self.frames.held) == (0, 0, 0)
        return told

    def name(self, data: bytes) -> str:
        said = session.said(data)
        if isinstance(said, AssociationMessage):
            return said.kind.name.lower()
        heard = pdu.message(data)
        if isinstance(heard, pdu.PollRequest):
            self.polls.append(heard)
            kind = "extended " if heard.action == pdu.EXTENDED_POLL else ""
            return kind + {pdu.METRIC: "poll", pdu.MDS: "keep alive"}[heard.object_type]
        assert isinstance(heard, pdu.MdsConfirmed)
        return "confirm"

    def at(self, now_s: float, *heard: bytes) -> list[str]:
        """What it says after having heard this."""
        self.decoder.feed(b"".join(heard))
        return self.read(self.dialogue.tick(now_s))

    def quiet(self, now_s: float, reads: int = 10) -> list[str]:
        """What it says after so many reads that brought nothing."""
        return [said for _ in range(reads) for said in self.at(now_s)]

    def begin(self, at_s: float = 1.0, terms: AssociationTerms = GRANTED) -> list[str]:
        return self.at(at_s, framed(session.accept(terms)), start())

    def answered(self, now_s: float, date: datetime = NOON) -> list[str]:
        """It hears answers to all that it has asked."""
        asked, self.polls = self.polls, []
        itself = words.of_itself(0, date, "Philips", "M8000")
        return self.at(now_s, *(answer(itself if p.object_type == pdu.MDS else one(HR, "72"), asked=p) for p in asked))


def framed(data: bytes) -> bytes:
    return mib.framed(data)


REFUSED, ABORTED = framed(session.REFUSE), framed(session.ABORT)


def test_it_asks_confirms_the_monitor_s_start_and_polls() -> None:
    talk = Talk()
    assert talk.opened == ["request"]
    assert talk.at(0.5) == []
    assert talk.at(0.7, framed(session.accept(GRANTED))) == []
    assert talk.at(0.9, start()) == ["confirm", "keep alive", "poll"]


def test_it_asks_for_a_minute_between_polls_so_that_the_monitor_waits_130_s() -> None:
    request = mib.MibFrames().feed(IntelliVueDialogue(IntelliVue()).on_open(0.0))[0].data
    terms = session.terms(request)
    assert terms is not None
    assert (len(request), session.patience_s(terms.min_poll_ticks)) == (238, 130.0)
    assert 300 <= terms.mtu_rx <= 1000


@pytest.mark.parametrize(("period_s", "patience_s"), [(0.3, 10), (3.2, 10), (3.3, 9.9), (43, 129), (44, 130), (100, 130)])
def test_how_long_a_monitor_waits(period_s: float, patience_s: float) -> None:
    assert session.patience_s(round(period_s * TICKS_PER_S)) == pytest.approx(patience_s)


def test_it_polls_every_five_seconds_once_the_last_is_answered() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(POLL_S) == []
    assert talk.answered(POLL_S + 0.1) == ["poll"]
    talk.answered(6.0)
    assert talk.at(10.0) == []
    assert talk.at(10.1) == ["poll"]
    assert talk.at(20.0) == []
    assert talk.at(20.2) == ["poll"]


def test_a_linked_answer_is_whole_with_its_last_piece() -> None:
    talk = Talk()
    talk.begin(0.0)
    poll = talk.polls[-1]
    pieces = mib.MibFrames().feed(answer(*[one(HR, "72")] * 9, asked=poll, mtu=300))
    assert talk.at(6.0, *(framed(piece.data) for piece in pieces[:-1])) == []
    assert talk.at(6.1, framed(pieces[-1].data)) == ["poll"]


def test_an_error_in_place_of_an_answer_costs_one_poll() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(1.0, framed(words.failed(pdu.RemoteError(talk.polls[-1].invoke, 10)))) == []
    assert talk.at(5.0) == ["poll"]


def test_an_answer_to_something_else_is_not_the_one_awaited() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(6.0, answer(one(HR, "72"), asked=SINGLE._replace(invoke=999))) == []


def test_it_keeps_alive_with_a_poll_of_the_monitor_itself() -> None:
    talk = Talk(extended=True)
    assert talk.begin(0.0) == ["confirm", "keep alive", "extended poll"]
    assert talk.answered(KEEP_ALIVE_S - 0.1) == []
    assert talk.at(KEEP_ALIVE_S) == ["keep alive"]


def test_it_keeps_alive_more_often_where_less_patience_is_granted() -> None:
    talk = Talk(extended=True)
    talk.begin(0.0, GRANTED._replace(min_poll_ticks=800))
    talk.answered(3.0)
    assert talk.at(3.4) == ["keep alive"]


def test_an_acceptance_without_terms_is_taken_as_the_least_patient() -> None:
    talk = Talk(extended=True)
    talk.at(0.0, framed(session.accept(GRANTED)[:100]), start())
    assert talk.at(3.4) == ["keep alive"]


def test_a_stream_is_renewed_long_before_it_runs_out() -> None:
    talk = Talk(extended=True)
    talk.begin(0.0)
    assert talk.polls[-1].period_ticks == EXTENDED_S * TICKS_PER_S
    asked = talk.polls[-1]
    said = [(second, s) for second in range(1, 300) for s in talk.at(float(second), answer(one(HR, "72"), asked=asked))]
    assert [(second, s) for second, s in said if s != "keep alive"] == [(150, "extended poll")]


def test_a_monitor_that_cannot_stream_is_polled() -> None:
    talk = Talk(extended=True)
    talk.begin(0.0)
    assert talk.at(5.0, framed(words.failed(pdu.RemoteError(talk.polls[-1].invoke, 10)))) == ["poll"]


def test_a_refusal_ends_the_association_of_a_client_that_vanished_and_asks_again_ever_more_slowly() -> None:
    talk = Talk()
    now_s, waits = 1.0, []
    for _ in range(6):
        assert talk.at(now_s, REFUSED) == ["abort"]
        asked_s = next(now_s + n / 4 for n in range(1, 200) if talk.at(now_s + n / 4))
        waits.append(asked_s - now_s)
        now_s = asked_s + 1
    assert waits == [2.0, 5.0, 10.0, 20.0, 30.0, 30.0]


def test_an_answered_poll_makes_it_patient_no_more() -> None:
    talk = Talk()
    talk.at(1.0, REFUSED)
    talk.at(3.0)
    talk.at(4.0, REFUSED)
    assert talk.at(9.0) == ["request"]
    talk.begin(10.0)
    talk.answered(11.0)
    assert talk.at(12.0, ABORTED) == []
    assert (talk.at(13.9), talk.at(14.0)) == ([], ["request"])


@pytest.mark.parametrize("ending", [session.ABORT, session.RELEASE, session.RELEASED])
def test_an_association_that_the_monitor_ends_is_asked_for_again(ending: bytes) -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(20.0, framed(ending), framed(ending)) == []
    assert talk.at(22.0) == ["request"]
    assert talk.begin(23.0) == ["confirm", "keep alive", "poll"]


def test_a_silent_monitor_is_given_up_and_asked_again() -> None:
    for begun in (False, True):
        talk = Talk()
        if begun:
            talk.begin(0.0)
        assert "abort" not in talk.quiet(14.9)
        assert talk.at(15.0) == ["abort"]
        assert talk.at(17.0) == ["request"]


def test_on_a_fast_clock_a_silence_is_believed_only_after_some_reads() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.quiet(100.0, reads=8) == ["keep alive", "poll"]
    assert talk.quiet(101.0, reads=2) == ["abort"]


def test_a_start_is_confirmed_even_if_the_acceptance_was_lost_and_not_once_all_is_over() -> None:
    talk = Talk()
    assert talk.at(1.0, start())[0] == "confirm"
    talk.at(2.0, ABORTED)
    assert talk.at(3.0, start()) == []


def test_a_late_refusal_or_acceptance_changes_nothing() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(1.0, REFUSED, framed(session.accept(GRANTED)), framed(session.request(GRANTED))) == []
    assert AssociationKind.REQUEST not in talk.dialogue._answers


def test_it_leaves_no_association_behind() -> None:
    talk = Talk()
    assert talk.read(talk.dialogue.on_close()) == ["abort"]
    talk.begin(1.0)
    assert talk.read(talk.dialogue.on_close()) == ["release"]
    talk.at(2.0, ABORTED)
    assert talk.dialogue.on_close() == b""


def test_rule_14_it_never_says_more_than_a_session_and_polls() -> None:
    """Through an hour of errors, refusals, ends and silences; `Talk.name` knows no other words."""
    said = set()
    for extended in (False, True):
        talk = Talk(extended)
        for second in range(3600):
            if second % 300 == 0:
                said |= set(talk.begin(float(second)))
            said |= set(talk.answered(float(second)) if second % 60 < 40 else talk.at(float(second)))
            said |= set(talk.at(float(second), REFUSED if second % 700 == 0 else b"", ABORTED if second % 900 == 0 else b""))
    assert said == {"request", "confirm", "poll", "keep alive", "extended poll", "abort"}


@pytest.mark.parametrize("whole", [session.request(GRANTED), session.accept(GRANTED)])
def test_terms_are_read_from_a_whole_message_only(whole: bytes) -> None:
    user_info = whole.index(b"\x02\x01\x02\x81")
    assert session.terms(whole) == GRANTED
    assert {session.terms(whole[:end]) for end in range(user_info + 77)} == {None}
    assert session.terms(whole.replace(b"\xf0\x01", b"\xf0\x02")) is None
