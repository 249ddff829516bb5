"""What HL7 observations are taken for: every dialect, every marker, every time."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vitals.vital_signs import Quality, Sample, stamped
from devices.protocols.hl7.decoder import Hl7

from .hl7_words import (  # fmt: skip
    BEATS,
    BREATHS,
    CELSIUS,
    FAHRENHEIT,
    KPA,
    MMHG,
    PERCENT,
    SENT_AT,
    bare,
    cuff,
    mllp,
    msh,
    obx,
    said,
    samples,
)

SPO2, HR, TEMP = "150456^MDC_PULS_OXIM_SAT_O2^MDC", "147842^MDC_ECG_HEART_RATE^MDC", "150344^MDC_TEMP^MDC"
OK, INVALID, UNAVAILABLE, STALE = Quality.OK, Quality.INVALID, Quality.UNAVAILABLE, Quality.STALE
QUESTIONABLE, IMPLAUSIBLE = Quality.QUESTIONABLE, Quality.IMPLAUSIBLE
MEASURED_AT = "20200212111016"
PDS = msh("ORU^R01", rest="|P|2.3.1")
EFFICIA = msh("ORF^R04", rest="|P|2.4")


def only(*observations: str, header: str | None = None) -> Sample:
    (sample,) = samples(*observations, header=header)
    return sample


def qualities(found: list[Sample]) -> list[Quality]:
    return [sample.quality for sample in found]


class TestDialects:
    def test_mindray_and_comen_by_mdc(self) -> None:
        found = samples(
            obx(HR, "72", BEATS), obx("149530", "73", BEATS), obx("149522", "74", BEATS), obx("149546", "75", BEATS, SENT_AT),
            obx(SPO2, "97", PERCENT), obx("151562", "16", BREATHS), *cuff("123", "77", "92", MEASURED_AT),
            obx(TEMP, "36.8", CELSIUS), obx("188736", "70.5", "263875^MDC_DIM_KILO_G^MDC"),
        )  # fmt: skip
        assert [said(s) for s in found] == [
            ("hr", "72", "ok", "ecg"), ("pr", "73", "ok", "pleth"), ("pr", "74", "ok", "abp"), ("pr", "75", "ok", "nibp"),
            ("spo2", "97", "ok", "pleth"), ("rr", "16", "ok", "impedance"),
            ("nibp_sys", "123", "ok", "nibp"), ("nibp_dia", "77", "ok", "nibp"), ("nibp_map", "92", "ok", "nibp"),
            ("temp", "36.8", "ok", "t1"), ("weight", "70.5", "ok", "entered"),
        ]  # fmt: skip
        assert [s.unit for s in found] == ["/min"] * 4 + ["%", "/min"] + ["mmHg"] * 3 + ["°C", "kg"]
        assert {s.original for s in found} == {msgspec.UNSET}

    def test_mindrays_other_cuff_codes(self) -> None:
        found = samples(obx("150017", "123", MMHG, SENT_AT), obx("150018", "77", MMHG, SENT_AT), obx("150019", "92", MMHG, SENT_AT))
        assert [said(s)[:3] for s in found] == [("nibp_sys", "123", "ok"), ("nibp_dia", "77", "ok"), ("nibp_map", "92", "ok")]

    def test_edan(self) -> None:
        codes = {
            "131072": "72", "327680": "97", "393216": "123", "393217": "77", "393218": "92", "393219": "75", "458752": "36.8",
        }  # fmt: skip
        found = samples(*(obx(code, value, status="F", at=SENT_AT) for code, value in codes.items()))
        assert [said(s)[:3] for s in found] == [
            ("hr", "72", "ok"), ("spo2", "97", "ok"), ("nibp_sys", "123", "ok"), ("nibp_dia", "77", "ok"),
            ("nibp_map", "92", "ok"), ("pr", "75", "ok"), ("temp", "36.8", "ok"),
        ]  # fmt: skip

    def test_pds_gives_no_units_and_its_numbers_mean_something_in_its_version_alone(self) -> None:
        codes = {"51": "70", "101": "72", "151": "16", "160": "97", "170": "123", "171": "77", "172": "92", "200": "36.8"}
        segments = [obx(code, value, status="F", at=SENT_AT) for code, value in codes.items()]
        assert [said(s)[:3] for s in samples(*segments, header=PDS)] == [
            ("weight", "70", "ok"), ("hr", "72", "ok"), ("rr", "16", "ok"), ("spo2", "97", "ok"),
            ("nibp_sys", "123", "ok"), ("nibp_dia", "77", "ok"), ("nibp_map", "92", "ok"), ("temp", "36.8", "ok"),
        ]  # fmt: skip
        assert samples(*segments) == []

    def test_a_unit_that_pds_does_give_is_believed(self) -> None:
        assert said(only(obx("200^T1", "98.6", "°F", status="F"), header=PDS))[1:3] == ("37.00", "ok")

    def test_philips_efficia(self) -> None:
        found = samples(
            obx("0002-4BB8^SpO2^MDIL", "98", "0004-0220^%^MDIL", status="F"),
            obx("0002-4182^HR^MDIL", "80", "0004-0aa0^bpm^MDIL", status="F"),
            obx("0002-5000^Resp^MDIL", "20", "0004-0ae0^rpm^MDIL", status="F"),
            obx("0002-f0c7^Temp^MDIL", "37.4", "0004-17a0^C^MDIL", status="F"),
            obx("0002-4a05^NBPs^MDIL", "122", "0004-0f20^mmHg^MDIL", MEASURED_AT, status="F"),
            obx("0002-4a06^NBPd^MDIL", "85", "0004-0f20^mmHg^MDIL", MEASURED_AT, status="F"),
            obx("0002-4a07^NBPm^MDIL", "98", "0004-0f20^mmHg^MDIL", MEASURED_AT, status="F"),
            header=EFFICIA,
        )  # fmt: skip
        assert [said(s)[:3] for s in found] == [
            ("spo2", "98", "ok"), ("hr", "80", "ok"), ("rr", "20", "ok"), ("temp", "37.4", "ok"),
            ("nibp_sys", "122", "ok"), ("nibp_dia", "85", "ok"), ("nibp_map", "98", "ok"),
        ]  # fmt: skip

    def test_philips_needs_a_unit(self) -> None:
        assert said(only(obx("0002-4bb8", "98", status="F"), header=EFFICIA))[1:3] == (None, "invalid")


class TestRules:
    def test_rule_1_demo_and_test_are_kept_and_marked(self) -> None:
        for flag in ("DEMO", "TEST", "H~DEMO"):
            sample = only(obx(SPO2, "97", PERCENT, flag=flag))
            assert (sample.value, sample.quality) == (Decimal(97), flag.rpartition("~")[2].lower())
        assert qualities(samples(*cuff("123", "77", "92", SENT_AT, flag="DEMO"))) == [Quality.DEMO] * 3

    def test_rule_1_a_message_that_is_not_of_production_is_a_test(self) -> None:
        for kind in ("T", "D", "PT"):
            assert only(obx(SPO2, "97", PERCENT), header=msh(rest=f"|{kind}|2.6")).quality is Quality.TEST
        for kind in ("P", ""):
            assert only(obx(SPO2, "97", PERCENT), header=msh(rest=f"|{kind}|2.6")).quality is OK

    def test_rule_2_a_cuff_pressure_belongs_to_its_own_time(self) -> None:
        found = samples(*cuff("123", "77", "92", MEASURED_AT))
        assert {s.measured_at for s in found} == {datetime(2020, 2, 12, 11, 10, 16, tzinfo=UTC)}
        assert {s.device_time for s in found} == {datetime(2020, 2, 12, 11, 34, 52, tzinfo=UTC)}

    def test_rule_2_its_repeats_are_stale_until_a_new_time_comes(self) -> None:
        decoder = Hl7()
        times = (MEASURED_AT, MEASURED_AT, "20200212113016", MEASURED_AT)
        found = [decoder.feed(mllp(msh(), *cuff("123", "77", "92", at)))[0].quality for at in times]
        assert found == [OK, STALE, OK, STALE]

    @pytest.mark.parametrize("has_time", [True, False])
    def test_rule_2_a_first_pressure_of_unknown_age_is_questionable_one_that_differs_is_new(self, has_time: bool) -> None:
        decoder, at = Hl7(), MEASURED_AT if has_time else ""
        later = "20200212113016" if has_time else ""
        header = msh(at="") if has_time else msh()
        first = decoder.feed(mllp(header, *cuff("123", "77", "92", at)))
        again = decoder.feed(mllp(header, *cuff("123", "77", "92", at)))
        new = decoder.feed(mllp(header, *cuff("124", "78", "93", later)))
        assert [f[0].quality for f in (first, again, new)] == [QUESTIONABLE, STALE, OK]

    def test_rule_2_without_a_time_a_mean_that_differs_alone_is_another_pressure(self) -> None:
        decoder = Hl7()
        told = [decoder.feed(mllp(msh(), *cuff("123", "77", mean)))[0].quality for mean in ("92", "93", "93")]
        assert told == [QUESTIONABLE, OK, STALE]

    def test_rule_2_without_a_time_a_temperature_that_differs_is_another_one(self) -> None:
        decoder = Hl7()
        spots = (obx(TEMP, value, CELSIUS, end="|||^APERIODIC") for value in ("36.8", "36.8", "36.9"))
        assert [decoder.feed(mllp(msh(), spot))[0].quality for spot in spots] == [QUESTIONABLE, STALE, OK]

    def test_rule_2_so_is_anything_marked_aperiodic(self) -> None:
        decoder, spot = Hl7(), obx(TEMP, "36.8", CELSIUS, MEASURED_AT, sub="1.2.5.150344", end="|||^APERIODIC")
        assert [said(decoder.feed(mllp(msh(), spot))[0])[2:] for _ in range(2)] == [("ok", "spot"), ("stale", "spot")]

    @pytest.mark.parametrize("tail", ["||APERIODIC|20200212111016", "|||APERIODIC|20200212111016"])
    def test_rule_2_where_mark_and_time_are_shifted(self, tail: str) -> None:
        decoder, spot = Hl7(), mllp(msh(), f"OBX|1|NM|{TEMP}||36.8|{CELSIUS}|||||F{tail}")
        first, again = decoder.feed(spot + spot)
        assert first.measured_at == again.measured_at == datetime(2020, 2, 12, 11, 10, 16, tzinfo=UTC)
        assert qualities([first, again]) == [OK, STALE]

    def test_rule_2_the_word_means_nothing_in_any_other_field(self) -> None:
        """A name in OBX-3, an identifier in OBX-18; and OBX-15 is a time only beside the word."""
        decoder = Hl7()
        named = obx("150456^APERIODIC^MDC", "97", PERCENT, end="||||APERIODIC")
        assert qualities(decoder.feed(mllp(msh(), named) * 2)) == [OK, OK]
        assert only(obx(SPO2, "97", PERCENT, end="|20200212111016")).measured_at is None

    @pytest.mark.parametrize("missing", [0, 2])
    def test_rule_3_a_cuff_pressure_is_whole_or_questionable(self, missing: int) -> None:
        parts = cuff("123", "77", "92", SENT_AT)
        del parts[missing]
        assert qualities(samples(*parts)) == [QUESTIONABLE] * 2

    def test_rule_3_a_timed_and_finished_pair_without_a_mean_is_a_pressure(self) -> None:
        sys, _, dia = cuff("123", "77", "", SENT_AT)
        assert [said(s)[:3] for s in samples(dia, sys)] == [("nibp_sys", "123", "ok"), ("nibp_dia", "77", "ok")]

    def test_rule_3_a_pair_is_the_same_measurement_with_its_mean_and_repeated(self) -> None:
        decoder, (sys, mean, dia) = Hl7(), cuff("123", "77", "92", MEASURED_AT)
        told = [qualities(decoder.feed(mllp(msh(), *parts))) for parts in ((sys, dia), (sys, dia), (sys, mean, dia))]
        assert told == [[OK] * 2, [STALE] * 2, [STALE] * 3]

    @pytest.mark.parametrize(
        ("sys", "dia", "at", "status"),
        [("123", "77", "", "F"), ("123", "77", SENT_AT, "P"), ("123", "-100", SENT_AT, "F"), ("77", "123", SENT_AT, "F")],
    )
    def test_rule_3_a_pair_that_is_untimed_unfinished_or_impossible_is_not(self, sys: str, dia: str, at: str, status: str) -> None:
        pair = (obx("150301", sys, MMHG, at, status=status), obx("150302", dia, MMHG, at, status=status))
        assert OK not in qualities(samples(*pair))

    def test_rule_3_its_values_must_be_of_one_time(self) -> None:
        sys, mean, dia = cuff("123", "77", "92", SENT_AT)
        assert qualities(samples(sys, mean, dia.replace(SENT_AT, MEASURED_AT))) == [QUESTIONABLE] * 3
        assert qualities(samples(sys, sys, mean, dia)) == [QUESTIONABLE, OK, OK, OK]

    def test_rule_3_one_flagged_value_spoils_the_three(self) -> None:
        sys, mean, dia = cuff("123", "77", "", SENT_AT)
        assert qualities(samples(sys, mean, dia)) == [QUESTIONABLE, UNAVAILABLE, QUESTIONABLE]

    def test_rule_4_a_rate_that_the_oximeter_found_is_a_pulse(self) -> None:
        by_oximeter = "||0002-4bb8^SpO2^MDIL"
        for code in ("0002-480a^Pulse^MDIL", "0002-4182^HR^MDIL"):
            pulse = obx(code, "80", "0004-0aa0^bpm^MDIL", status="F", end=f"|{by_oximeter}")
            assert said(only(pulse, header=EFFICIA)) == ("pr", "80", "ok", "pleth")
        nameless = obx("0002-480a", "80", "0004-0aa0", status="F", end="|||0002-4BB8")
        assert said(only(nameless, header=EFFICIA)) == ("pr", "80", "ok", "pleth")
        assert said(only(obx("0002-480a", "80", "0004-0aa0", status="F"), header=EFFICIA))[2:] == ("questionable", "unknown")

    def test_rule_5_a_weight_of_zero_is_none_a_rate_of_zero_is_impossible(self) -> None:
        assert said(only(obx("188736", "0.0", "263875")))[1:3] == (None, "unavailable")
        assert said(only(obx("188736", "0.9", "263875")))[1:3] == ("0.9", "ok")
        assert said(only(obx(HR, "0", BEATS)))[1:3] == ("0", "implausible")

    @pytest.mark.parametrize(
        "marker", ["-100", "-999", "-99.9", "-1", "-1.0", "8388607", "INV", "---", "12a", "1e2", "٣٦", "x" * 99]
    )
    def test_what_is_no_number_is_refused_and_kept(self, marker: str) -> None:
        sample = only(obx(TEMP, marker, CELSIUS))
        assert (sample.value, sample.quality) == (None, INVALID)
        assert str(sample.original).startswith(marker[:80])

    def test_rule_6_x_and_inv_are_no_value_and_nothing_is_none(self) -> None:
        assert said(only(obx(SPO2, "97", PERCENT, status="X")))[1:3] == (None, "invalid")
        assert said(only(obx(SPO2, "97", PERCENT, flag="INV")))[1:3] == (None, "invalid")
        assert said(only(obx(SPO2, "", PERCENT, status="X")))[1:3] == (None, "invalid")
        nothing = only(obx(SPO2, "", PERCENT))
        assert (nothing.value, nothing.quality, nothing.original) == (None, UNAVAILABLE, msgspec.UNSET)

    @pytest.mark.parametrize(
        ("value", "unit", "becomes"),
        [("98.6", FAHRENHEIT, "37.00"), ("99.1", "268224^^MDC", "37.28"), ("99.1", "0004-1140", "37.28")],
    )
    def test_rule_8_fahrenheit_is_converted_once_and_kept(self, value: str, unit: str, becomes: str) -> None:
        sample = only(obx(TEMP, value, unit))
        assert (said(sample)[1:3], sample.unit) == ((becomes, "ok"), "°C")
        assert str(sample.original).startswith(f"{value} ")

    def test_rule_8_so_are_kilopascals(self) -> None:
        sys, dia, mean = samples(*cuff("16.0", "10.0", "12.0", SENT_AT, KPA))
        assert (said(sys)[1:3], said(dia)[1:3], said(mean)[1:3]) == (("120.01", "ok"), ("75.01", "ok"), ("90.01", "ok"))
        assert sys.original == "16.0 265987"

    @pytest.mark.parametrize("unit", ["", "268999^MDC_DIM_X^MDC", MMHG, FAHRENHEIT])
    def test_rule_8_an_unknown_or_wrong_unit_is_refused(self, unit: str) -> None:
        sample = only(obx(SPO2, "97", unit))
        assert (sample.value, sample.quality) == (None, INVALID)
        assert str(sample.original).startswith("97")

    def test_rule_9_the_impossible_is_shown_and_not_charted(self) -> None:
        assert said(only(obx(TEMP, "384.5", CELSIUS)))[1:3] == ("384.5", "implausible")
        assert set(qualities(samples(*cuff("77", "123", "92", SENT_AT)))) == {IMPLAUSIBLE}
        assert set(qualities(samples(*cuff("123", "77", "124", SENT_AT)))) == {IMPLAUSIBLE}
        assert said(only(obx("188736", "-3", "263875")))[1:3] == ("-3", "implausible")

    def test_rule_9_a_pressure_from_the_future_is_not_believed(self) -> None:
        found = samples(*cuff("123", "77", "92", "20200212113458"))
        assert set(qualities(found)) == {IMPLAUSIBLE}
        assert found[0].original == "123 mmHg 2020-02-12 11:34:58"

    @pytest.mark.parametrize("at", ["20200212113453", "20200212113457"])
    def test_rule_9_up_to_five_seconds_ahead_is_two_ways_of_rounding(self, at: str) -> None:
        assert set(qualities(samples(*cuff("123", "77", "92", at)))) == {OK}

    @pytest.mark.parametrize("at", ["20200212113450", "20200212113457"])
    def test_rule_9_a_time_that_can_be_is_no_part_of_what_was_refused(self, at: str) -> None:
        found = samples(*cuff("77", "123", "92", at))
        assert {(s.quality, s.original) for s in found} == {(IMPLAUSIBLE, msgspec.UNSET)}

    def test_rule_9_what_was_refused_as_too_early_is_new_when_its_time_has_come(self) -> None:
        decoder, pressure = Hl7(), cuff("123", "77", "92", "20200212113510")
        sent = (SENT_AT, "20200212113500", "20200212113509", "20200212113530")
        found = [decoder.feed(mllp(msh(at=at), *pressure))[0].quality for at in sent]
        assert found == [IMPLAUSIBLE, IMPLAUSIBLE, OK, STALE]

    def test_rule_9_a_code_that_means_something_else_is_listed_and_not_taken(self) -> None:
        decoder = Hl7()
        assert decoder.feed(mllp(msh(), obx("150031^MDC_X^MDC", "123", MMHG), obx("150021", "120", MMHG))) == []
        assert decoder.unmapped == {"150031 MDC_X": "123 MDC_DIM_MMHG", "150021": "120 MDC_DIM_MMHG"}

    def test_rule_10_a_clock_years_off_tells_an_age_and_no_date(self) -> None:
        now = datetime(2026, 5, 1, 8, tzinfo=UTC)
        sys, *_ = samples(*cuff("123", "77", "92", "20040101000000"), header=msh(at="20040101002400"))
        reading = stamped(sys, now, "port", "hl7", simulated=False)
        assert (sys.quality, reading.age_s(now)) == (OK, 24 * 60)

    def test_rule_10_a_clock_set_back_makes_no_old_pressure_new(self) -> None:
        decoder = Hl7()
        for at, quality in (("20261025025500", OK), ("20261025020100", STALE)):
            found = decoder.feed(mllp(msh(at=at), *cuff("123", "77", "92", "20261025025000")))
            assert set(qualities(found)) == {quality}

    @pytest.mark.parametrize("status", ["", "P", "C", "W", "r"])
    def test_an_unknown_status_is_questionable(self, status: str) -> None:
        assert only(obx(SPO2, "97", PERCENT, status=status)).quality is QUESTIONABLE

    @pytest.mark.parametrize(
        ("flag", "quality"), [("H", OK), ("L~A", OK), ("90-100", OK), ("QUES", QUESTIONABLE), ("?", QUESTIONABLE)]
    )
    def test_a_limits_flag_is_harmless_any_other_is_questionable(self, flag: str, quality: Quality) -> None:
        assert only(obx(SPO2, "97", PERCENT, flag=flag)).quality is quality


class TestTemperature:
    def test_the_first_with_a_number_is_the_temperature_the_others_are_listed(self) -> None:
        decoder = Hl7()
        found = decoder.feed(
            mllp(
                msh(),
                obx(TEMP, "", CELSIUS, sub="1.2.1.150344"),
                obx("188496^AXILLA", "36.4", CELSIUS),
                obx(TEMP, "36.8", CELSIUS, sub="1.2.5.1"),
            )
        )
        assert [said(s) for s in found] == [("temp", None, "unavailable", "probe"), ("temp", "36.4", "ok", "axillary")]
        assert decoder.unmapped == {"150344 MDC_TEMP": "36.8 MDC_DIM_DEGC"}


class TestTimes:
    @pytest.mark.parametrize(
        ("told", "meant"),
        [
            ("20200212113452", datetime(2020, 2, 12, 11, 34, 52, tzinfo=UTC)),
            ("20200212113452.25", datetime(2020, 2, 12, 11, 34, 52, 250_000, tzinfo=UTC)),
            ("20200212113452+0800", datetime(2020, 2, 12, 3, 34, 52, tzinfo=UTC)),
            ("20200212113452-0330", datetime(2020, 2, 12, 15, 4, 52, tzinfo=UTC)),
            ("202002121134", datetime(2020, 2, 12, 11, 34, 59, tzinfo=UTC)),
            ("20200212113452+2400", datetime(2020, 2, 12, 11, 34, 52, tzinfo=UTC)),
            ("20200212113452+2399", datetime(2020, 2, 12, 11, 34, 52, tzinfo=UTC)),
            ("20200212113452+2360", datetime(2020, 2, 12, 11, 34, 52, tzinfo=UTC)),
            ("20200212113452-2359", datetime(2020, 2, 13, 11, 33, 52, tzinfo=UTC)),
            ("20200212", None), ("", None), ("20201312113452", None), ("00010101000000+0800", None), ("now", None),
        ],
    )  # fmt: skip
    def test_the_devices_clock(self, told: str, meant: datetime | None) -> None:
        at = only(obx(SPO2, "97", PERCENT), header=msh(at=told)).device_time
        assert at == meant
        assert at is None or at.tzinfo is UTC

    def test_a_measurement_without_seconds_was_made_at_the_full_minute(self) -> None:
        assert only(obx(SPO2, "97", PERCENT, "202002121134")).measured_at == datetime(2020, 2, 12, 11, 34, tzinfo=UTC)

    def test_a_time_without_zone_is_in_the_messages_zone(self) -> None:
        sample = only(obx(SPO2, "97", PERCENT, "20200212113400"), header=msh(at="20200212113452+0800"))
        assert sample.measured_at == datetime(2020, 2, 12, 3, 34, tzinfo=UTC)
        sample = only(obx(SPO2, "97", PERCENT, "20200212113400+0100"), header=msh(at="20200212113452+0800"))
        assert sample.measured_at == datetime(2020, 2, 12, 10, 34, tzinfo=UTC)


class TestMessages:
    @pytest.mark.parametrize(
        ("kind", "listed"),
        [
            ("ORU^R04", "ORU^R04"), ("ORU^W01", "ORU^W01"), ("ORU^R40^ORU_R40", "ORU^R40"), ("ADT^A01", "ADT^A01"),
            ("ACK^R01", "ACK^R01"), ("ORU", "ORU"), ("", "MSH"), ("oru^r01", "oru^r01"), ("ADTXX^A01234", "ADT^A01"),
        ],
    )  # fmt: skip
    def test_other_messages_are_not_observations(self, kind: str, listed: str) -> None:
        decoder = Hl7()
        assert decoder.feed(mllp(msh(kind), obx(SPO2, "97", PERCENT))) == []
        assert (decoder.good, decoder.bad, decoder.segments) == (1, 0, 3)
        assert decoder.unmapped == {listed: "7"}

    def test_a_header_may_end_anywhere(self) -> None:
        for header in ("MSH|^~\\&", "MSH|^~\\&|", "MSH|^~\\&#|A", "MSH|^~\\&^~|"):
            assert samples(obx(SPO2, "97", PERCENT), header=header) == []

    def test_an_obx_may_end_anywhere(self) -> None:
        whole = obx(SPO2, "97", PERCENT)
        for end in range(4, len(whole)):
            assert OK not in qualities(samples(whole[:end])) or whole[:end].count("|") >= 11

    def test_frames_are_numbered_with_the_bad_ones(self) -> None:
        decoder = Hl7()
        found = decoder.feed(mllp(msh(), obx(SPO2, "97", PERCENT)) + b"\x0b\x1c\r" + mllp(msh(), obx(SPO2, "96", PERCENT)))
        assert [(s.frame, str(s.value)) for s in found] == [(0, "97"), (2, "96")]

    def test_a_bare_message_gives_its_values_as_they_come_and_half_a_pressure_at_its_end(self) -> None:
        decoder = Hl7()
        sys, mean, _ = cuff("123", "77", "92", SENT_AT)
        assert [said(s)[0] for s in decoder.feed(bare(msh(), obx(SPO2, "97", PERCENT), sys, mean))] == ["spo2"]
        assert [said(s)[::2] for s in decoder.feed(bare(msh()))] == [("nibp_sys", "questionable"), ("nibp_map", "questionable")]

    @pytest.mark.parametrize("charset", ["", "UNICODE UTF-8", "GB 18030-2000", "NONSENSE"])
    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_chinese_names_are_read_in_either_character_set(self, charset: str, encoding: str) -> None:
        header = msh(rest=f"|P|2.6||||||{charset}")
        message = "\r".join((header, "PID|||1||誠^赵", obx("9^誠測", "1"), obx(SPO2, "97", PERCENT))).encode(encoding)
        decoder = Hl7()
        (sample,) = decoder.feed(b"\x0b" + message + b"\x1c\r")
        assert said(sample)[1:3] == ("97", "ok")
        if charset != "GB 18030-2000" or encoding == "gb18030":
            assert list(decoder.unmapped) == ["9 誠測"]

    @pytest.mark.parametrize(
        ("charset", "reads"), [("GB 18030-2000", "gb18030"), ("gbk", "gb18030"), ("8859/1", "latin-1"), ("", "utf-8")]
    )
    def test_what_is_text_in_several_character_sets_is_read_as_msh_18_says(self, charset: str, reads: str) -> None:
        name, decoder = "誠測".encode(), Hl7()
        decoder.feed(b"\x0b" + bare(msh(rest=f"|P|2.6||||||{charset}")) + b"OBX|1|NM|9^" + name + b"||1\r\x1c\r")
        assert list(decoder.unmapped) == [f"9 {name.decode(reads)}"]

    def test_what_is_in_no_character_set_is_marked(self) -> None:
        decoder = Hl7()
        decoder.feed(b"\x0b" + bare(msh()) + b"OBX|1|NM|9^\xff\xff||1\r\x1c\r")
        assert list(decoder.unmapped) == ["9 \ufffd\ufffd"]


STREAM = (
    mllp(msh(), obx(SPO2, "97", PERCENT), *cuff("123", "77", "92", MEASURED_AT))
    + b"\xff\x00hum\r"
    + bare(msh(number="8"), obx(HR, "72", BEATS), *cuff("124", "78", "93", SENT_AT))
    + bare(PDS, obx("101^HR", "71", status="F"))
    + mllp(msh(), obx(SPO2, "96", PERCENT))
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
@pytest.mark.uncounted
def test_any_chunking_gives_the_same_samples(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    decoder, whole = Hl7(), Hl7()
    parts = [s for a, b in pairwise(places) for s in decoder.feed(STREAM[a:b])]
    assert parts == whole.feed(STREAM)
    assert len(parts) == 10


PIECES = (
    *(msh(), PDS, EFFICIA, obx(SPO2, "97", PERCENT), *cuff("1", "2", "3")),
    *("OBX|", "|", "^", "~", "\\", "&", "\\.spx\\", "\\C12\\", "-", "\r", "\x0b", "\x1c"),
)  # fmt: skip
ANYTHING = st.lists(st.one_of(st.sampled_from([piece.encode() for piece in PIECES]), st.binary(max_size=9)))


@given(ANYTHING)
def test_no_bytes_make_it_raise_and_the_next_message_is_read(pieces: list[bytes]) -> None:
    decoder = Hl7()
    decoder.feed(b"".join(pieces))
    assert decoder.held <= decoder.limit
    (sample,) = decoder.feed(mllp(msh(), obx(SPO2, "97", PERCENT)))[-1:]
    assert said(sample)[1:3] == ("97", "ok")


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_any_text_in_a_field_is_at_worst_refused(text: str) -> None:
    for segment in (obx(text, "1"), obx(TEMP, text, CELSIUS), obx(TEMP, "37", text), obx(TEMP, "37", CELSIUS, text, text, text)):
        Hl7().feed(mllp(msh(text, text, text, text), segment) + mllp(msh(), segment))


def test_a_megabyte_of_noise_gives_no_value() -> None:
    decoder = Hl7()
    assert decoder.feed(random.Random(1).randbytes(1_000_000)) == []
    assert decoder.good == 0
