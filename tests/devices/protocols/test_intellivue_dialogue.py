"""What is said to an IntelliVue, and when: every turn that a conversation can take."""

from datetime import datetime

import pytest

from devices.protocols.intellivue import association as session
from devices.protocols.intellivue import data_pdu as pdu
from devices.protocols.intellivue import mib, polls
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


def test_nothing_is_polled_before_the_monitor_has_told_of_its_start() -> None:
    talk = Talk()
    assert talk.at(14.0) == []
    assert talk.at(14.5, framed(session.accept(GRANTED))) == []
    assert talk.at(28.0) == []


def test_a_start_that_comes_twice_is_confirmed_twice() -> None:
    talk = Talk()
    assert talk.at(0.9, framed(session.accept(GRANTED)), start(), start()) == ["confirm", "confirm", "keep alive", "poll"]


def test_its_questions_are_numbered_one_after_another() -> None:
    talk = Talk()
    talk.begin(0.0)
    asked = [*talk.polls]
    talk.answered(1.0)
    talk.at(5.0)
    assert [poll.invoke for poll in (*asked, *talk.polls)] == [1, 2, 3]


def test_what_is_asked_is_so_to_the_byte() -> None:
    """A single poll, a stream for 30 s and a word of the monitor's start; also in the second half of the numbers."""
    assert polls.poll(0x9C40, 0x9C41, pdu.METRIC, pdu.ALL_GROUPS) == bytes.fromhex(
        "E1000002 0001 001C 9C40 0007 0016 0021 0000 0000 00000000 0C16 0008 9C41 0001 0006 0000"
    )
    assert polls.extended_poll(2, 3, pdu.METRIC, pdu.ALL_GROUPS, 30 * TICKS_PER_S) == bytes.fromhex(
        "E1000002 0001 0028 0002 0007 0022 0021 0000 0000 00000000 F13B 0014 0003 0001 0006 0000 0001 0008 F13E 0004 0003A980"
    )
    assert polls.created_answer(pdu.MdsCreated(1, 0x000ABD00, {})) == bytes.fromhex(
        "E1000002 0002 0014 0001 0001 000E 0021 0000 0000 000ABD00 0D06 0000"
    )


@pytest.mark.parametrize(
    ("action", "listed", "period"),
    [("F13B", "0000 0000", 0), ("F13B", "0001 0009 F13E 0005 0003A980 07", 0x3A980), ("0C16", "", 0)],
)
def test_a_poll_that_names_no_time_runs_for_none(action: str, listed: str, period: int) -> None:
    content = bytes.fromhex("0003 0001 0006 0811" + listed)
    body = bytes.fromhex("0021 0000 0000 00000000" + action) + len(content).to_bytes(2, "big") + content
    data = polls.spoken(1, 2, pdu.ACTION, body)
    assert pdu.message(data) == pdu.PollRequest(2, int(action, 16), 3, pdu.METRIC, 0x0811, period)


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


def test_a_poll_that_is_not_answered_is_asked_again_after_ten_seconds() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.at(9.9) == []
    assert talk.at(10.0) == ["poll"]


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


def test_a_silence_begins_with_the_last_thing_heard() -> None:
    talk = Talk()
    talk.begin(0.0)
    talk.answered(10.0)
    assert "abort" not in talk.quiet(24.9)
    assert talk.at(25.0) == ["abort"]


def test_it_is_due_when_it_has_something_to_say() -> None:
    """Nothing heard for 15 s, the next poll 5 s after an answered one and 10 s after another, the next try 2 s after a refusal."""
    talk = Talk()
    assert talk.dialogue.due_s(0.0) == 15.0
    talk.begin(1.0)
    assert talk.dialogue.due_s(1.0) == 11.0
    talk.answered(2.0)
    assert talk.dialogue.due_s(2.0) == 6.0
    refused = Talk()
    refused.at(1.0, REFUSED)
    assert refused.dialogue.due_s(1.0) == 3.0


def test_a_stream_is_due_with_its_silence_its_word_of_life_and_its_renewal() -> None:
    talk = Talk(extended=True)
    talk.begin(1.0)
    assert talk.dialogue.due_s(1.0) == 16.0
    talk.answered(20.0)
    assert talk.dialogue.due_s(20.0) == 31.0
    assert talk.at(148.0, answer(one(HR, "72"))) == ["keep alive"]
    assert talk.dialogue.due_s(148.0) == 151.0


def test_on_a_fast_clock_a_silence_is_believed_only_after_some_reads() -> None:
    talk = Talk()
    talk.begin(0.0)
    assert talk.quiet(100.0, reads=9) == ["keep alive", "poll"]
    assert talk.quiet(101.0, reads=1) == ["abort"]


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
    assert session.terms(whole[: user_info + 77]) == GRANTED
    assert session.terms(whole.replace(b"\xf0\x01", b"\xf0\x02")) is None


@pytest.mark.parametrize("length", ["48", "49", "81 48", "82 00 48", "84 00 00 00 48"])
def test_the_length_before_the_terms_may_be_short_or_long(length: str) -> None:
    whole, mark = session.accept(GRANTED), bytes.fromhex("02 01 02 81")
    assert session.terms(whole.replace(mark + b"\x48", mark + bytes.fromhex(length))) == GRANTED


def test_the_terms_begin_with_the_first_mark_whatever_they_are() -> None:
    odd = GRANTED._replace(min_poll_ticks=0x02010281)
    assert session.terms(session.request(odd)) == odd


def test_a_request_is_what_the_guide_has_to_the_byte() -> None:
    """For polls 312.5 ms apart, frames of 1,000 bytes, all options that other clients ask for."""
    session_header = "05 08 13 01 00 16 01 02 80 00 14 02 00 02"
    presentation = (
        "31 80 A0 80 80 01 01 00 00 A2 80 A0 03 00 00 01 A4 80 30 80 02 01 01 06 04 52 01 00 01 30 80 06 02 51 01 00 00 00 00"
        "30 80 02 01 02 06 0C 2A 86 48 CE 14 02 01 00 00 00 01 01 30 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 02 01"
        "00 00 00 00 00 00 61 80 30 80 02 01 01 A0 80 60 80 A1 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 03 01 00 00"
        "BE 80 28 80 06 0C 2A 86 48 CE 14 02 01 00 00 00 01 01 02 01 02 81"
    )
    support = "80000000 40000000 00000000 80000000 20000000 00000000 0001 002C"
    profile = "0001 0028 80000000 000009C4 000003E8 000003E8 FFFFFFFF 60000000 0001 000C F001 0008 8C000000 00000000"
    whole = f"0D EC {session_header} C1 DC {presentation} 48 {support} {profile}"
    assert session.request(AssociationTerms(2500, 1000, 1000, 0x8C000000)) == bytes.fromhex(whole) + bytes(16)
