"""What an HL7 monitor is told, and what it is never told."""

from collections.abc import Callable
from typing import Any

import hl7
import pytest

from devices.protocols.hl7.decoder import Hl7
from devices.protocols.hl7.dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue
from devices.protocols.hl7.hl7_message import Segment, component, field, header_of, segment_of

from .hl7_words import PERCENT, bare, mllp, msh, obx

PARSE: Callable[[str], Any] = hl7.parse
SPO2 = obx("150456", "97", PERCENT)


def answers(data: bytes) -> bytes:
    decoder = Hl7()
    dialogue = AcknowledgingDialogue(decoder)
    assert dialogue.on_open(0.0) == b""
    decoder.feed(data)
    said = dialogue.tick(0.1)
    assert dialogue.tick(0.2) == b""
    return said


class TestAnswering:
    def test_an_observation_is_acknowledged_to_its_sender(self) -> None:
        assert answers(mllp(msh(number="13"), SPO2)) == (
            b"\x0bMSH|^~\\&|HOST|SITE|VS900|WARD|20200212113452||ACK^R01^ACK|1|P|2.6\rMSA|AA|13\r\x1c\r"
        )

    def test_an_outside_parser_reads_the_acknowledgement(self) -> None:
        ack = PARSE(answers(mllp(msh(number="13"), SPO2))[1:-2].decode())
        assert (str(ack["MSH.9.1"]), ack["MSA.1"], ack["MSA.2"]) == ("ACK", "AA", "13")

    @pytest.mark.parametrize(
        ("accept", "application", "is_answered"),
        [
            ("", "", True), ("AL", "NE", True), ("NE", "AL", True), ("AL", "", True), ("SU", "NE", True),
            ("NE", "NE", False), ("NE", "", False), ("", "NE", False), ("ER", "ER", False), ("ER", "NE", False),
        ],
    )  # fmt: skip
    def test_as_msh_15_and_msh_16_ask(self, accept: str, application: str, is_answered: bool) -> None:
        assert bool(answers(mllp(msh(rest=f"|P|2.6|||{accept}|{application}"), SPO2))) is is_answered

    @pytest.mark.parametrize("kind", ["ADT^A01", "ORU^R40", "ORU^W01"])
    def test_what_is_no_observation_is_acknowledged_too(self, kind: str) -> None:
        assert b"MSA|AA|7\r" in answers(mllp(msh(kind)))

    def test_an_acknowledgement_is_not_acknowledged(self) -> None:
        assert answers(mllp(msh("ACK^R01"), "MSA|AA|1")) == b""

    def test_a_broken_message_is_not_acknowledged(self) -> None:
        assert answers(b"\x0b" + bare(msh()) + b"\x01\r\x1c\r" + b"\x0b" + bare(msh())) == b""

    def test_each_of_several_is_acknowledged_in_order_and_no_more_than_sixteen_are_owed(self) -> None:
        said = answers(b"".join(mllp(msh(number=f"{n}")) for n in range(20)))
        assert [int(part[:2]) for part in said.split(b"MSA|AA|")[1:]] == list(range(4, 20))
        assert said.count(b"\r\x1c\r\x0bMSH|") == 15

    def test_an_endless_name_is_not_echoed_endlessly(self) -> None:
        assert len(answers(mllp(msh(number="9" * 9999).replace("VS900", "x" * 9999)))) < 600

    def test_what_is_echoed_is_as_long_as_its_field_may_be(self) -> None:
        at, kind = "20200212113452.123456+0800" + "0", "ORU^R01X^ORU_R01"
        head = answers(mllp(msh(kind, at, rest="|P|2.3.1X"))).split(b"\r")[0]
        assert head == b"\x0bMSH|^~\\&|HOST|SITE|VS900|WARD|20200212113452.123456+0800||ACK^R01^ACK|1|P|2.3.1"
        assert answers(mllp(msh(rest=""))).split(b"\r")[0].endswith(b"|1|P|2.4")

    def test_a_bare_message_is_over_when_no_more_of_it_comes(self) -> None:
        decoder = Hl7()
        dialogue = AcknowledgingDialogue(decoder)
        dialogue.on_open(0.0)
        decoder.feed(bare(msh()))
        assert dialogue.tick(5.0) == b""
        decoder.feed(bare(SPO2))
        assert dialogue.tick(5.9) == dialogue.tick(6.8) == b""
        said = dialogue.tick(6.9)
        assert said.startswith(b"MSH|^~\\&|HOST|")
        assert said.endswith(b"MSA|AA|7\r")
        decoder.feed(bare(msh(number="8")))
        assert dialogue.tick(7.0) == b""

    def test_a_bare_message_is_over_when_the_next_begins(self) -> None:
        decoder = Hl7()
        dialogue = AcknowledgingDialogue(decoder)
        decoder.feed(bare(msh(), SPO2, msh(number="8")))
        assert dialogue.tick(0.1).endswith(b"MSA|AA|7\r")
        assert dialogue.tick(1.1).endswith(b"MSA|AA|8\r")

    def test_nothing_is_said_at_the_end(self) -> None:
        assert AcknowledgingDialogue(Hl7()).on_close() == b""


class TestEfficia:
    def test_it_asks_bare_then_enveloped_until_it_is_answered(self) -> None:
        decoder = Hl7()
        dialogue = EfficiaDialogue(decoder)
        query = b"MSH|^~\\&|||||20000101000010||QRY^R02|1|P|2.4\rQRD|20000101000010|R|I|1|||||STA\r"
        assert dialogue.on_open(10.0) == query
        assert dialogue.tick(14.9) == b""
        assert dialogue.tick(15.0).startswith(b"\x0bMSH|^~\\&|||||20000101000015||QRY^R02|2|")
        assert dialogue.tick(20.0).startswith(b"MSH|")
        assert dialogue.tick(25.0).startswith(b"\x0bMSH|")
        decoder.feed(mllp(msh("ORF^R04", number="A1"), "MSA|AA|4", SPO2))
        said = dialogue.tick(30.0)
        assert b"MSA" not in said
        assert said.count(b"\x0bMSH|") == 1

    def test_an_answer_is_not_acknowledged_as_that_may_clear_the_monitors_screen(self) -> None:
        decoder = Hl7()
        dialogue = EfficiaDialogue(decoder)
        dialogue.on_open(0.0)
        decoder.feed(mllp(msh("ORF^R04", number="A1"), "MSA|AA|1", SPO2))
        assert [dialogue.tick(at) for at in (0.1, 2.0, 4.9)] == [b"", b"", b""]

    def test_the_site_may_ask_for_the_other_subject(self) -> None:
        assert b"|||||RES\r" in EfficiaDialogue(Hl7(), subject="RES").on_open(0.0)

    def test_where_the_site_says_so_the_answer_is_acknowledged_between_queries(self) -> None:
        decoder = Hl7()
        dialogue = EfficiaDialogue(decoder, acknowledges=True)
        dialogue.on_open(0.0)
        decoder.feed(bare(msh("ORF^R04", number="A1"), "MSA|AA|1", SPO2))
        assert dialogue.tick(0.1) == b""
        assert dialogue.tick(1.2).endswith(b"MSA|AA|A1\r")
        assert dialogue.tick(5.0).startswith(b"MSH|")


class TestPds:
    def test_it_subscribes_to_no_more_than_four_codes_a_line(self) -> None:
        said = PdsDialogue(Hl7()).on_open(0.0)
        lines = [line for line in said[1:-2].decode().split("\r") if line.startswith("QRF|")]
        assert lines == ["QRF|MON||||0&0^1^1^0^101&151&160&200", "QRF|MON||||0&0^1^1^0^170&171&172&201"]

    def test_its_whole_question(self) -> None:
        assert PdsDialogue(Hl7()).on_open(3661.5) == mllp(
            "MSH|^~\\&|||||||QRY^R02|1203|P|2.3.1", "QRD|20000101010101|R|I|Q010101|||||RES",
            "QRF|MON||||0&0^1^1^0^101&151&160&200", "QRF|MON||||0&0^1^1^0^170&171&172&201",
        )  # fmt: skip

    def test_a_monitor_that_has_never_answered_is_asked_again_after_ten_seconds(self) -> None:
        dialogue = PdsDialogue(Hl7())
        dialogue.on_open(100.0)
        assert dialogue.tick(100.9) == b""
        assert dialogue.tick(101.0) == mllp("MSH|^~\\&|||||||ORU^R01|106|P|2.3.1|")
        assert b"QRY^R02" not in dialogue.tick(109.9)
        assert b"QRY^R02" in dialogue.tick(110.0)

    def test_it_echoes_every_second_and_asks_again_after_a_silence(self) -> None:
        decoder = Hl7()
        dialogue = PdsDialogue(decoder)
        query = dialogue.on_open(0.0)
        assert dialogue.tick(0.9) == b""
        assert b"ORU^R01|106|P|2.3.1" in dialogue.tick(1.0)
        decoder.feed(mllp(msh("ORU^R01", at="", number="106", rest="|P|2.3.1|")))
        assert b"|106|" in dialogue.tick(9.0)
        assert b"|106|" in dialogue.tick(18.9)
        assert dialogue.tick(19.0)[:40] == query[:40]
        assert dialogue.on_close() == b""


@pytest.mark.parametrize("dialogue", [AcknowledgingDialogue, EfficiaDialogue, PdsDialogue])
def test_rule_14_nothing_but_queries_echoes_and_acknowledgements_is_ever_sent(dialogue: type[AcknowledgingDialogue]) -> None:
    decoder = Hl7()
    talk = dialogue(decoder)
    said = talk.on_open(0.0)
    for second in range(60):
        decoder.feed(mllp(msh(("ORU^R01", "ORU^R40", "ADT^A01")[second % 3])))
        said += talk.tick(float(second))
    said += talk.on_close()
    kinds = {line.split(b"|")[8] for line in said.replace(b"\x0b", b"").split(b"\r") if line.startswith(b"MSH")}
    assert kinds <= {b"QRY^R02", b"ORU^R01", b"ACK^R01^ACK", b"ACK^R40^ACK", b"ACK^A01^ACK"}


SEGMENTS = (
    "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.147842|66|264864^bpm^MDC|||||R|||20170714024000|||^APERIODIC",
    "OBX|1|NM|a~b^c| x ^ y |p&q^r|~|^|&| |d~e~f^g",
    "OBR|",
)
HEADERS = (
    "MSH|^~\\&|SIM^A&b~c|WARD|||20170714024000+0800||ORU^R01^ORU_R01|1|P|2.6|||AL|NE||UNICODE UTF-8",
    "MSH|^~\\&X|a|b~c|d^e|",
    "MSH|^~\\&|a|b\x0b ",
)


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_segment_is_split_as_python_hl7_splits_it(segment: str) -> None:
    assert split(segment_of(segment)) == by_library(PARSE(f"MSH|^~\\&|\r{segment}")[1])


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_is_split_as_python_hl7_splits_it(header: str) -> None:
    assert split(header_of(header.encode(), is_enveloped=True).raw) == by_library(PARSE(header)[0])


def test_the_separators_are_a_headers_first_two_fields() -> None:
    assert header_of(HEADERS[1].encode(), is_enveloped=True).raw == ["MSH", "|", "^~\\&X", "a", "b~c", "d^e", ""]


def split(segment: Segment) -> list[tuple[str, ...]]:
    return [(field(segment, n), *(component(segment, n, part) for part in (1, 2, 3, 4))) for n in range(3, 20)]


def by_library(segment: Any) -> list[tuple[str, ...]]:
    """Each field as it was sent, and the components of its first repetition."""
    told = [(str(x), [x[0]] if isinstance(x[0], str) else [*map(str, x[0])]) for x in segment[3:]]
    found = [(whole, *(part.strip() for part in [*parts, "", "", "", ""][:4])) for whole, parts in told]
    return [*found, *[("",) * 5] * (17 - len(found))]
