"""What each maker's monitors say, and that nothing else is taken for a vital sign."""

from decimal import Decimal
from typing import ClassVar

import pytest

from app.domain.errors import Refused
from app.domain.vitals.vital_signs import Quality, Sample
from devices.device_rows import as_chosen
from devices.models import MODELS
from devices.protocols.hl7.decoder import Hl7
from devices.protocols.hl7.hl7_codes import cuff, unit_named
from devices.protocols.hl7.makers import DIALECTS, MakerDialect

from .hl7_words import BEATS, BREATHS, CELSIUS, MMHG, PERCENT, SENT_AT, bare, mllp, msh, obx, said

NIHON_KOHDEN = f"MSH|^~\\&|NIHON KOHDEN|NIHON KOHDEN|CLIENT APP|SITE|{SENT_AT}||ORU^R01^ORU_R01|7|P|2.4|||NE|AL"
GE = f"MSH|^~\\&|VSP^1^EUI-64|GE Healthcare|||{SENT_AT}||ORU^R01^ORU_R01|40|P|2.6|||NE|AL"
COMEN = f"MSH|^~\\&||KC1G|||{SENT_AT}.2210||ORU^R01|7|P|2.6"
LATER = "20200212113000"


def biolight(number: str = "1004") -> str:
    return f"MSH|^~\\&|||||{SENT_AT}||ORU^R01^ORU_R01|{number}|P|2.6||||||UTF-8"


def heard(header: str, *observations: str, decoder: Hl7 | None = None) -> list[Sample]:
    return (decoder or Hl7()).feed(mllp(header, *observations))


def charted(samples: list[Sample]) -> list[tuple[str, str]]:
    return [(s.vital, f"{s.value:f}") for s in samples if s.quality is Quality.OK and s.value is not None]


def final(code: str, value: str, unit: str = "", at: str = "", sub: str = "1", status: str = "F") -> str:
    return obx(code, value, unit, at, status=status, sub=sub)


class TestNihonKohden:
    VALUES = (
        final("001000^VITAL HR", "80", "bpm", SENT_AT), final("007000^VITAL SpO2", "98", "%"),
        final("007001^VITAL PR(spo2)", "77", "/min"), final("072007^VITAL rPR(spo2)", "76", "/min"),
        final("044006^ART/PR", "75", "/min"), final("011000^Tskin", "36.5", "C"), final("012000^Tskin2", "36.1", "C"),
        final("044000^ART-S", "124", "mmHg"), final("136005^QT-HR", "0", "bpm"),
        *(final(f"00900{n}^NIBP", v, "mmHg", LATER) for n, v in enumerate(("123", "77", "92"))),
    )  # fmt: skip
    READ: ClassVar = [
        ("hr", "80"), ("spo2", "98"), ("pr", "77"), ("pr", "75"), ("temp", "36.5"),
        ("nibp_sys", "123"), ("nibp_dia", "77"), ("nibp_map", "92"),
    ]  # fmt: skip

    def test_six_digits_of_a_nihon_kohden(self) -> None:
        assert charted(heard(NIHON_KOHDEN, *self.VALUES)) == self.READ

    def test_the_redundant_channel_and_the_artery_are_listed_and_not_read(self) -> None:
        decoder = Hl7()
        heard(NIHON_KOHDEN, *self.VALUES, decoder=decoder)
        assert {name[:6] for name in decoder.unmapped} == {"072007", "044000", "136005", "012000"}

    def test_they_are_nobody_elses_unless_the_site_says_so(self) -> None:
        other = NIHON_KOHDEN.replace("NIHON KOHDEN", "GATEWAY")
        assert heard(other, *self.VALUES) == []
        chosen = as_chosen(MODELS["hl7"], {"nihon-kohden"}).decoder()
        assert charted(chosen.feed(mllp(other, *self.VALUES))) == self.READ

    def test_a_gateways_o_is_a_value_that_is_done_and_anybody_elses_is_not(self) -> None:
        assert charted(heard(NIHON_KOHDEN, final("001000^HR", "75", "bpm", status="O"))) == [("hr", "75")]
        assert charted(heard(msh(), obx("147842", "75", BEATS, status="O"))) == []

    def test_breathing_by_co2_keeps_its_place_on_the_wire(self) -> None:
        before, after = final("001000^HR", "75", "bpm"), final("007000^SpO2", "98", "%")
        assert [s.vital for s in heard(NIHON_KOHDEN, before, final("004073^RR/CO2", "16", "/min"), after)] == ["hr", "rr", "spo2"]

    def test_breathing_by_co2(self) -> None:
        values = (final("004073^RR/CO2", "16", "/min"), final("073000^CO2/RR", "17", "/min"))
        assert [said(s) for s in heard(NIHON_KOHDEN, *values)] == [("rr", "16", "ok", "co2")]


class TestBiolight:
    VALUES = (
        *(f"OBX||NM|{c}^x^BHC|5001|{v}||||||F" for c, v in (("201", "72"), ("251", "98"), ("259", "71"), ("401", "18"))),
        "OBX||NM|1051^T01^BHC|5021|36.6|21^C^BHC|||||F",
        "OBX||NM|1052^T02^BHC|5021|36.0|21^C^BHC|||||F",
        *(f"OBX||NM|{c}^x^BHC|5004|{v}|11^mmHg^BHC|||||F||APERIODIC|{LATER}" for c, v in (("351", "125"), ("352", "84"))),
        "OBX||NM|4202^Weight^BHC||60.0|41^kg^BHC|||||F",
    )
    READ: ClassVar = [
        ("hr", "72"), ("spo2", "98"), ("pr", "71"), ("rr", "18"), ("temp", "36.6"), ("nibp_sys", "125"), ("nibp_dia", "84"),
    ]  # fmt: skip

    def test_values_of_the_periodic_and_the_aperiodic_message(self) -> None:
        assert charted(heard(biolight("1004"), *self.VALUES)) == self.READ
        assert charted(heard(biolight("1005"), *self.VALUES[-3:-1])) == [("nibp_sys", "125"), ("nibp_dia", "84")]

    @pytest.mark.parametrize("number", ["1001", "1009", "1010", "1011", "1015", ""])
    def test_limits_levels_switches_and_waves_are_no_values(self, number: str) -> None:
        assert heard(biolight(number), *self.VALUES) == []

    def test_minus_one_is_none(self) -> None:
        assert said(heard(biolight(), "OBX||NM|201^HR^BHC|5001|-1|51^bpm^BHC|||||F")[0])[1:3] == (None, "invalid")

    def test_a_code_counts_in_its_own_system_alone(self) -> None:
        assert heard(biolight(), "OBX||NM|201^HR|5001|72||||||F", "OBX||NM|201^HR^99X|5001|72||||||F") == []
        old = biolight().replace("|2.6|", "|2.3.1|")
        assert charted(heard(old, "OBX||NM|201^HR^BHC|5001|72||||||F")) == [("hr", "72")]

    @pytest.mark.parametrize(("unit", "value"), [("51^bpm^BHC", "72"), ("99^bpm^BHC", "72"), ("^bpm", "72"), ("21^C^BHC", None)])
    def test_a_unit_by_code_or_by_name(self, unit: str, value: str | None) -> None:
        assert said(heard(biolight(), f"OBX||NM|201^HR^BHC|5001|72|{unit}|||||F")[0])[1] == value


class TestComen:
    def test_a_spot_checks_pulse_is_not_called_arterial(self) -> None:
        pulse = obx("149522^MDC_PULS_RATE^MDC", "60", BEATS, SENT_AT, status="F", sub="1.0.0.149522")
        for header in (COMEN, msh()):
            assert said(heard(header, pulse)[0]) == ("pr", "60", "ok", "spot")
        assert said(heard(COMEN, obx("149522", "60", BEATS))[0])[3] == "spot"
        assert said(heard(msh(), obx("149522", "60", BEATS))[0])[3] == "abp"


class TestGe:
    AIRWAY_VMD = "OBX|44||69682^MDC_DEV_ANALY_AWAY_MULTI_PARAM_VMD^MDC|1.20.0.0|||||||X"
    AIRWAY = obx("151562^MDC_RESP_RATE^MDC", "24", BREATHS, sub="1.20.1.1")
    ECG = obx("151562^MDC_RESP_RATE^MDC", "16", BREATHS, sub="1.6.1.1")

    @pytest.mark.parametrize("order", [(ECG, AIRWAY_VMD, AIRWAY), (AIRWAY, ECG), (AIRWAY_VMD, AIRWAY, ECG)])
    def test_the_airways_rate_is_the_second_choice_wherever_it_stands(self, order: tuple[str, ...]) -> None:
        decoder = Hl7()
        assert [said(s) for s in heard(GE, *order, decoder=decoder)] == [("rr", "16", "ok", "impedance")]
        assert decoder.unmapped["151562 MDC_RESP_RATE"] == "24 264928"

    def test_it_counts_where_there_is_no_other(self) -> None:
        assert [said(s) for s in heard(GE, self.AIRWAY)] == [("rr", "24", "ok", "co2")]
        lost = obx("151562^MDC_RESP_RATE^MDC", "", BREATHS, sub="1.6.1.1", status="X")
        assert [said(s)[1:] for s in heard(GE, self.AIRWAY, lost)] == [
            (None, "invalid", "impedance"), ("24", "ok", "co2"),
        ]  # fmt: skip

    def test_idle_co2_is_no_breathing(self) -> None:
        idle = self.AIRWAY.replace("|24|", "|0|")
        assert charted(heard(GE, idle)) == []
        assert said(heard(GE, self.AIRWAY.replace("|24|", "||"))[0])[1:3] == (None, "unavailable")

    def test_a_device_that_the_message_declares_goes_before_what_is_known_of_the_maker(self) -> None:
        elsewhere = self.AIRWAY_VMD.replace("1.20.", "1.6.")
        assert said(heard(GE, elsewhere, self.ECG)[0])[3] == "co2"
        assert said(heard(msh(), self.AIRWAY_VMD, self.AIRWAY)[0])[3] == "co2"
        assert said(heard(GE, obx("151562", "16", BREATHS, sub="1.9.1.1"))[0])[3] == "unknown"
        assert said(heard(GE, obx("151562", "16", BREATHS))[0])[3] == "unknown"

    def test_of_a_bare_message_it_comes_with_the_next(self) -> None:
        decoder = Hl7()
        assert decoder.feed(bare(GE, self.AIRWAY)) == []
        assert [said(s)[1] for s in decoder.feed(bare(GE))] == ["24"]


class TestOthers:
    def test_edans_pulse_and_quick_thermometer(self) -> None:
        values = (final("327681^SPO2_PR^EHC", "72", "bpm"), final("524288^SPEEDY_TEMP^EHC", "36.7", "℃"))
        assert [said(s) for s in heard(msh(rest="|P|2.4"), *values)] == [
            ("pr", "72", "ok", "pleth"), ("temp", "36.7", "ok", "quick"),
        ]  # fmt: skip

    def test_philips_core_temperature_and_a_cuffs_pulse(self) -> None:
        core = final("0002-4b60^Tcore^MDIL", "36.9", "0004-17a0^°C^MDIL")
        pulse = obx("0002-480a^Pulse^MDIL", "71", "0004-0aa0^bpm^MDIL", SENT_AT, status="F", end="|||0002-ffff^NBP^MDIL")
        assert [said(s) for s in heard(msh(rest="|P|2.4"), core, pulse)] == [
            ("temp", "36.9", "ok", "core"), ("pr", "71", "ok", "nibp"),
        ]  # fmt: skip

    def test_an_artery_is_no_cuff(self) -> None:
        lines = [final(f"0002-4a1{n}^ABP^MDIL", "120", "0004-0f20^mmHg^MDIL") for n in (5, 6, 7)]
        assert heard(msh(), *lines, obx("150021", "120", MMHG)) == []

    def test_loinc_and_ucum(self) -> None:
        values = (("8867-4", "72", "/min"), ("59408-5", "98", "%"), ("9279-1", "16", "{breaths}/min"), ("8310-5", "36.7", "Cel"))
        cuff = (("8480-6", "120", "mm[Hg]"), ("8462-4", "80", "mm[Hg]"), ("8478-0", "93", "mm[Hg]"))
        found = heard(msh(), *(final(f"{c}^x^LN", v, u, SENT_AT) for c, v, u in (*values, *cuff)))
        assert charted(found) == [
            ("hr", "72"), ("spo2", "98"), ("rr", "16"), ("temp", "36.7"),
            ("nibp_sys", "120"), ("nibp_dia", "80"), ("nibp_map", "93"),
        ]  # fmt: skip
        assert said(heard(msh(), final("8889-8^x^LN", "70", "/min"))[0]) == ("pr", "70", "ok", "pleth")
        assert heard(msh(), final("8867-4^x^99X", "72", "/min"), final("2708-6^x^LN", "98", "%")) == []

    def test_unit_names_of_a_monitor_that_should_need_none(self) -> None:
        found = heard(msh("ORU^R01", rest="|P|2.3.1"), final("101^HR", "82", "bpm"), final("151^RR", "18", "rpm"),
                      final("200^T1", "36.8", "C"), final("161^PR", "66"))  # fmt: skip
        assert charted(found) == [("hr", "82"), ("rr", "18"), ("temp", "36.8")]

    @pytest.mark.parametrize(
        ("name", "unit"),
        [
            ("Cel", "°C"), ("degC", "°C"), ("C", "°C"), ("[degF]", "°F"), ("F", "°F"), ("mm[Hg]", "mmHg"), ("kPa", "kPa"),
            ("{beats}/min", "/min"), ("beats/min", "/min"), ("1/min", "/min"), ("%{sat}", "%"), ("K", None), ("{beats}", None),
            ("", None), ("/s", None), ("psi", None),
        ],
    )  # fmt: skip
    def test_units_by_ucum_and_by_name(self, name: str, unit: str | None) -> None:
        assert unit_named(name) == unit

    def test_an_unknown_makers_short_numbers_are_listed(self) -> None:
        decoder = Hl7()
        values = (final("40^HR", "72", "0002-4182^bpm^MDIL"), final("100^T1", "365", "0401-0b54^C^MDIL"))
        assert heard(msh(rest="|P|2.4"), *values, decoder=decoder) == []
        assert list(decoder.unmapped) == ["40 HR", "100 T1"]

    @pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.maker)
    def test_every_code_is_spelt_as_it_is_looked_up(self, dialect: MakerDialect) -> None:
        assert all(code == code.lower() for code in dialect.codes)


def test_three_codes_are_a_cuffs_with_units_unless_the_maker_sends_none() -> None:
    assert cuff("1", "2", "3") == {
        "1": ("nibp_sys", "nibp", False), "2": ("nibp_dia", "nibp", False), "3": ("nibp_map", "nibp", False),
    }  # fmt: skip
    assert {code.may_lack_unit for code in cuff("1", "2", "3", may_lack_unit=True).values()} == {True}


class TestEmptyState:
    HEART = obx("147842", "72", BEATS, SENT_AT, status="")
    LOST = obx("150456", "-999", PERCENT, SENT_AT, status="")

    def test_without_the_sites_choice_it_is_questionable_and_the_reason_is_told(self) -> None:
        decoder = Hl7()
        assert decoder.hint is None
        assert [said(s)[1:3] for s in heard(msh(), self.HEART, self.LOST, decoder=decoder)] == [
            ("72", "questionable"), (None, "invalid"),
        ]  # fmt: skip
        assert "OBX-11" in str(decoder.hint)

    def test_with_it_the_value_counts_and_what_is_none_does_not(self) -> None:
        decoder = as_chosen(MODELS["hl7"], ("empty-is-final",)).decoder()
        assert [said(s)[1:3] for s in decoder.feed(mllp(msh(), self.HEART, self.LOST))] == [("72", "ok"), (None, "invalid")]
        assert decoder.hint is None

    def test_it_lets_no_other_state_pass(self) -> None:
        decoder = as_chosen(MODELS["hl7"], ("empty-is-final",)).decoder()
        values = (obx("147842", "72", BEATS, status=status) for status in ("P", "W", "X"))
        assert charted(decoder.feed(mllp(msh(), *values))) == []

    def test_a_value_that_is_wrong_anyway_is_no_reason_to_ask_the_site(self) -> None:
        decoder = Hl7()
        heard(msh(), obx("147842", "999", BEATS, status=""), decoder=decoder)
        assert decoder.hint is None


def test_what_is_dropped_as_too_long_is_told() -> None:
    decoder = Hl7()
    assert decoder.feed(b"\x0b" + bare(msh()) + b"OBX|1|NA|" + b"1^" * 600_000) == []
    assert (decoder.good, decoder.bad, "waves" in str(decoder.hint)) == (0, 1, True)
    assert charted(decoder.feed(mllp(msh(), obx("147842", "72", BEATS)))) == [("hr", "72")]


def test_a_row_offers_its_own_choices_alone() -> None:
    with pytest.raises(Refused, match="no choice"):
        as_chosen(MODELS["masimo"], ("empty-is-final",))
    assert as_chosen(MODELS["masimo"], ()) is MODELS["masimo"]
    assert all(choice.key and choice.label.msgid and choice.why.msgid for row in MODELS.values() for choice in row.choices)


@pytest.mark.parametrize("protocol", ["hl7-efficia", "hl7-suresigns"])
@pytest.mark.parametrize(("keys", "subject", "answers"), [((), b"STA", False), (("acknowledge", "ask-results"), b"RES", True)])
def test_philips_is_asked_and_answered_as_the_site_says(
    protocol: str, keys: tuple[str, ...], subject: bytes, answers: bool
) -> None:
    row = as_chosen(MODELS[protocol], keys)
    decoder = row.decoder()
    dialogue = row.dialogue(decoder)
    assert b"|" + subject + b"\r" in dialogue.on_open(0.0)
    decoder.feed(mllp(msh("ORF^R04", number="A1"), obx("0002-4182", "72", "0004-0aa0", status="F")))
    assert (b"MSA|AA|A1" in dialogue.tick(0.1)) is answers


class TestAnswersTime:
    """What a monitor answers may be its last closed record: then it is as old as that."""

    HEART = obx("0002-4182^HR^MDIL", "72", "0004-0aa0^bpm^MDIL", status="F")

    def old(self, at: str, kind: str = "ORF^R04") -> Sample:
        return heard(msh(kind), f"OBR|1||||||{at}", self.HEART)[0]

    def test_a_value_without_a_time_is_as_old_as_its_group(self) -> None:
        assert f"{self.old(LATER).measured_at:%H%M%S}" == "113000"

    @pytest.mark.parametrize("at", ["", "20200212113458", "soon"])
    def test_a_time_that_is_none_or_to_come_is_not_used(self, at: str) -> None:
        assert self.old(at).measured_at is None

    @pytest.mark.parametrize("second", ["48", "52", "57"])
    def test_up_to_five_seconds_ahead_is_two_ways_of_rounding(self, second: str) -> None:
        assert f"{self.old('202002121134' + second).measured_at:%S}" == second

    def test_what_is_sent_unasked_is_now(self) -> None:
        assert self.old(LATER, "ORU^R01").measured_at is None

    def test_a_cuffs_age_is_its_own_alone(self) -> None:
        cuff = [final(f"0002-4a0{n}", v, "0004-0f20") for n, v in zip((5, 6, 7), ("120", "80", "93"), strict=True)]
        assert {s.measured_at for s in heard(msh("ORF^R04"), f"OBR|1||||||{LATER}", *cuff)} == {None}


def test_decimals_stay_as_they_were_sent() -> None:
    assert heard(msh(), obx("150344", "36.60", CELSIUS))[0].value == Decimal("36.60")
