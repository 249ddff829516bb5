"""When each dialogue has something to say although nothing is heard; nobody asks it before that."""

from math import inf

from devices.protocols import ListeningDialogue
from devices.protocols.contec.decoder import Contec
from devices.protocols.contec.dialogue import ContecDialogue
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.datex_s5.dialogue import S5Dialogue
from devices.protocols.dinamap.decoder import Dinamap
from devices.protocols.dinamap.dialogue import DinamapDialogue
from devices.protocols.dinamap.host_lines import line
from devices.protocols.hl7.decoder import Hl7
from devices.protocols.hl7.dialogue import AcknowledgingDialogue, EfficiaDialogue, PdsDialogue
from devices.protocols.medibus.decoder import Medibus
from devices.protocols.medibus.dialogue import MedibusDialogue
from devices.protocols.medibus.medibus_frames import CLOCK, DATA, ICC, IDENTITY, NOP, command, response
from devices.protocols.mt_sics.decoder import MtSics
from devices.protocols.mt_sics.dialogue import ScaleDialogue

from .hl7_words import bare, msh
from .oximeter_frames import contec_7
from .s5_records import Basic, shown


def test_who_only_listens_is_never_asked() -> None:
    assert ListeningDialogue().due_s(5.0) == inf


def test_an_s5_is_asked_again_ten_seconds_after_the_request_or_the_last_record() -> None:
    dialogue = S5Dialogue(decoder := DatexS5())
    dialogue.on_open(100.0)
    assert dialogue.due_s(101.0) == 110.0
    decoder.feed(shown(Basic()))
    dialogue.tick(104.0)
    assert dialogue.due_s(104.0) == 114.0


def test_a_bare_message_is_acknowledged_a_second_after_its_last_segment() -> None:
    dialogue = AcknowledgingDialogue(decoder := Hl7())
    dialogue.on_open(100.0)
    assert dialogue.due_s(100.0) == inf
    decoder.feed(bare(msh()))
    dialogue.tick(105.0)
    assert dialogue.due_s(105.0) == 106.0
    assert dialogue.tick(106.0)
    assert dialogue.due_s(106.0) == inf


def test_an_efficia_is_asked_every_five_seconds_and_a_bare_answer_ends_before_that() -> None:
    dialogue = EfficiaDialogue(decoder := Hl7())
    dialogue.on_open(100.0)
    assert dialogue.due_s(101.0) == 105.0
    decoder.feed(bare(msh("ORF^R04")))
    dialogue.tick(102.0)
    assert dialogue.due_s(102.0) == 103.0


def test_a_pds_monitor_hears_an_echo_each_second_and_the_question_again_ten_seconds_after_its_last_word() -> None:
    dialogue = PdsDialogue(Hl7())
    dialogue.on_open(100.0)
    assert dialogue.due_s(100.5) == 101.0
    dialogue.tick(109.5)
    assert dialogue.due_s(109.5) == 110.0


def test_a_medibus_device_that_is_silent_is_begun_with_anew_after_three_seconds_one_that_does_not_answer_after_ten() -> None:
    dialogue = MedibusDialogue(decoder := Medibus())
    dialogue.on_open(100.0)
    assert dialogue.due_s(101.0) == 103.0
    decoder.feed(command(NOP))
    dialogue.tick(108.0)
    assert dialogue.due_s(108.0) == 110.0


def test_a_medibus_device_that_has_answered_hears_of_us_after_two_seconds_and_is_asked_after_five() -> None:
    dialogue = MedibusDialogue(decoder := Medibus())
    dialogue.on_open(100.0)
    for code in (ICC, IDENTITY, CLOCK, DATA):
        decoder.feed(response(code))
        dialogue.tick(100.0)
    assert dialogue.due_s(100.0) == 102.0
    for at in (102.0, 104.0):
        assert dialogue.tick(at) == command(NOP)
        decoder.feed(response(NOP))
        dialogue.tick(at)
    assert dialogue.due_s(104.0) == 105.0


def test_a_dinamap_that_does_not_answer_is_asked_the_next_after_two_seconds_and_the_first_after_the_round() -> None:
    dialogue = DinamapDialogue(decoder := Dinamap())
    dialogue.on_open(100.0)
    assert dialogue.due_s(100.5) == 102.0
    for at in (100.1, 100.2, 100.3):
        decoder.feed(line("OA", "1097804"))
        assert dialogue.tick(at)
    assert dialogue.due_s(100.3) == 105.0


def test_a_dinamap_whose_last_answer_is_late_is_given_two_seconds_for_it() -> None:
    dialogue = DinamapDialogue(Dinamap())
    dialogue.on_open(100.0)
    assert [bool(dialogue.tick(at)) for at in (102.0, 104.0, 106.0)] == [True] * 3
    assert dialogue.due_s(106.0) == 108.0


def test_a_dinamap_that_has_answered_all_is_asked_anew_five_seconds_after_the_first_question() -> None:
    dialogue = DinamapDialogue(decoder := Dinamap())
    dialogue.on_open(100.0)
    for at in (100.1, 100.2, 100.3, 100.4):
        decoder.feed(line("OA", "1097804"))
        dialogue.tick(at)
    assert dialogue.due_s(100.4) == 105.0


def test_a_scale_is_asked_a_second_after_it_was_if_it_has_answered_and_ten_seconds_after_if_not() -> None:
    dialogue = ScaleDialogue(decoder := MtSics())
    dialogue.on_open(100.0)
    assert dialogue.due_s(100.0) == 110.0
    decoder.feed(b"S S      12.50 kg\r\n")
    assert dialogue.due_s(100.5) == 101.0


def test_a_contec_is_kept_awake_every_four_seconds_and_asked_to_start_after_five_of_silence() -> None:
    dialogue = ContecDialogue(decoder := Contec())
    dialogue.on_open(100.0)
    assert dialogue.due_s(100.0) == 104.0
    dialogue.tick(104.0)
    assert dialogue.due_s(104.0) == 105.0
    decoder.feed(contec_7() * 8)
    dialogue.tick(104.5)
    assert dialogue.due_s(104.5) == 108.0
