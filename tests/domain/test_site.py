"""Which file and settings are in force, how two protocols differ, and what a site may set."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion.story import as_recorded
from app.domain.infusion.wording import symptom, symptoms
from app.domain.log import Entry, Event
from app.domain.people.roles import Role
from app.domain.protocol import Decided, SiteSetting
from app.domain.protocol_check import parse
from app.domain.site.difference import Change, changes, reason, values
from app.domain.site.in_force import InForce, in_force
from app.domain.site.site_facts import ProtocolCame, ProtocolProposed, ProtocolTaken, SettingChanged
from app.domain.site.site_settings import offered, read_value, toml, who_may_set, why, with_settings
from app.domain.streams import decode

from .cast import TRIAL, clock, protocol, protocol_data
from .play import Play, prepared

CAME = ProtocolCame("a" * 64, "msc-icaht", "2")
NAMED: dict[str, Any] = {
    "protocol_sha256": "b" * 64,
    "protocol_id": "msc-icaht",
    "protocol_version": "3",
    "before_sha256": "a" * 64,
}
PROPOSED, TAKEN = ProtocolProposed(**NAMED, changes=2), ProtocolTaken(**NAMED, changes=2)


def log(*events: Event) -> list[Entry]:
    return [Entry(f"e{n}", "trial", clock(f"13:{n:02}"), "a1", event) for n, event in enumerate(events)]


def test_nothing_is_in_force_before_a_file_came() -> None:
    assert in_force([]) is None
    assert in_force(log(SettingChanged("thaw.warn_min", "45", "40", "why"))) is None


def test_a_file_is_in_force_once_an_investigator_took_it_and_begins_without_settings() -> None:
    set_once = SettingChanged("thaw.warn_min", "45", "40", "why")
    before = in_force(log(CAME, set_once, SettingChanged("thaw.warn_min", "40", "35", "why"), PROPOSED))
    assert before is not None
    assert (before.protocol_version, before.settings) == ("2", (SiteSetting("thaw.warn_min", "35"),))
    after = in_force(log(CAME, set_once, PROPOSED, TAKEN))
    assert after is not None
    assert (after.protocol_version, after.since, after.by, after.settings) == ("3", clock("13:03"), "a1", ())


def test_the_events_are_read_back_and_say_what_they_are() -> None:
    for event in (CAME, PROPOSED, TAKEN, SettingChanged("a", "", "1", "why")):
        payload = log(event)[0].event
        assert type(payload) is type(event)
        assert event.sentence is not None
    assert decode("trial", b'{"type":"ProtocolCame","protocol_sha256":"x","protocol_id":"p","protocol_version":"1"}').further()
    assert [str(part) for part in TAKEN.further()] == ["values changed: 2", "SHA-256 bbbbbbbbbbbb"]
    assert [str(part) for part in PROPOSED.further()] == ["values changed: 2", "SHA-256 bbbbbbbbbbbb"]
    assert str(ProtocolCame("c" * 64, "p", "1", how="practice").further()[0]) == "given for practice"


def test_two_files_differ_by_their_keys_with_the_reason_of_the_newer() -> None:
    amended = protocol(settings={
        "dose.cells_per_kg": 3_000_000, "vitals.limits[2].low": 92, "thaw.warn_min": ...,
        "infusion.stages[1].rate_gtt_min": [40, 80], "reaction.slow_to_pct": 40, "dose.surplus_drawn_at_bench": True,
    })  # fmt: skip
    found = {change.key: (change.before, change.now) for change in changes(TRIAL, amended)}
    assert found == {
        "dose.cells_per_kg": ("2000000", "3000000"),
        "dose.surplus_drawn_at_bench": ("false", "true"),
        "vitals.limits.spo2.low": ("90", "92"),
        "thaw.warn_min": ("45", None),
        "infusion.stages.2.rate_gtt_min": ("[40, 60]", "[40, 80]"),
        "reaction.slow_to_pct": ("50", "40"),
    }
    told = reason(amended, "vitals.limits.spo2.low")
    assert told is not None
    assert told.key == "vitals.limits"
    assert reason(amended, "dose.cells_per_kg") is None
    assert values(TRIAL)["vitals.limits.temp.very_high"] == "39.0"


def test_a_value_is_told_by_its_key_and_the_closest_reason() -> None:
    told = values(TRIAL)
    assert (told["id"], told["weight.accepted_kg"], told["dose.surplus_drawn_at_bench"]) == ("msc-icaht", "[20, 250]", "false")
    assert (told["infusion.stages.1.running_min"], told["groups.B.doses"], told["product.name.en"]) == (
        "15", "2", TRIAL.product.name.en
    )  # fmt: skip
    assert told["product.certificate_tests"] == "[microorganisms, purity, tumorigenicity, gmp]"
    assert "infusion.stages.2.running_min" not in told
    both = (Decided("dose", "of the part", "x"), Decided("dose.tolerance_pct", "of the value", "x"))
    for decided in (both, both[::-1]):
        known = replace(TRIAL, decided=decided)
        assert reason(known, "dose.tolerance_pct") == both[1]
        assert reason(known, "dose.cells_per_kg") == both[0]
        assert reason(known, "doses.of") is None


def test_what_only_one_of_two_files_says_stands_after_what_the_newer_says() -> None:
    before = protocol(settings={"thaw.limit_min": 90})
    now = protocol(settings={"dose.tolerance_pct": 9, "thaw.warn_min": ...})
    assert changes(before, now) == (
        Change("dose.tolerance_pct", "10", "9", reason(now, "dose.tolerance_pct")),
        Change("thaw.limit_min", "90", None, reason(now, "thaw.limit_min")),
        Change("thaw.warn_min", "45", None, reason(now, "thaw.warn_min")),
    )
    assert reason(now, "dose.tolerance_pct") is not None
    assert changes(now, now) == ()


@pytest.mark.parametrize("reasons", [{"decided[0].en": "x"}, {"decided": []}], ids=str)
def test_reasons_alone_are_no_difference(reasons: dict[str, Any]) -> None:
    other = protocol(settings=reasons)
    assert changes(TRIAL, other) == changes(other, TRIAL) == ()


def test_what_the_site_decides_can_be_set_and_nothing_else() -> None:
    found = offered(TRIAL)
    assert found["vitals.late_from_min"] == "5"
    assert found["weight.usual_kg"] == "[30, 150]"
    assert found["escalation.rule"] == '"storer"'
    assert found["dose.surplus_drawn_at_bench"] == "false"
    assert found["vitals.limits.spo2.low"] == "90"
    assert found["vitals.limits.spo2.high"] == ""
    assert not {"dose.cells_per_kg", "reaction.steps", "reaction.steps.stay.en", "vitals.limits.spo2.vital"} & set(found)
    assert why(TRIAL, "vitals.limits.spo2.low") is not None
    assert "dose" not in offered(protocol(settings={"decided[0].key": "dose"}))


@pytest.mark.uncounted
def test_every_offered_value_set_to_itself_gives_the_same_protocol() -> None:
    data = protocol_data()
    for key, value in offered(TRIAL).items():
        assert parse(with_settings(data, (SiteSetting(key, value),))) == TRIAL, key
    assert data == protocol_data()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("10", 10), ("1.5", Decimal("1.5")), (" [1, 2] ", [1, 2]), ('"storer"', "storer"), ("true", True), ("", None), ("  ", None)],
)
def test_a_value_as_it_is_typed(typed: str, value: object) -> None:
    assert read_value(typed) == value


@pytest.mark.parametrize(
    "typed", ["soon", "1\n[a]", "1e400", "nan", "[1e400]", "1979-05-27", "{a = 1}", "[" + "1," * 200 + "1]", "'"]
)
def test_what_is_no_value_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="is not a value"):
        read_value(typed)


@pytest.mark.parametrize(
    ("typed", "is_value"),
    [
        (f'"{"x" * 198}"', True), (f'"{"x" * 199}"', False), ("1.5e15", True), ("1.5e16", False), ("1.5e-15", True),
        ("1.5e-16", False), ("[1, [2.5]]", True), ("[1, [1.5e16]]", False), ("[1, 1979-05-27]", False), ("inf", False),
    ],
)  # fmt: skip
def test_a_value_is_short_enough_to_be_written_out(typed: str, is_value: bool) -> None:
    if is_value:
        assert read_value(typed) is not None
        return
    with pytest.raises(Refused) as refused:
        read_value(typed)
    assert str(refused.value) == (
        f"“{typed}” is not a value: type a number, a list such as [20, 250], true or false, or a text in quotes."
    )


def test_a_setting_stands_in_its_own_place_and_an_empty_one_takes_it_away() -> None:
    data = {"a": {"b": 1, "c": 2}, "limits": [{"vital": "hr", "low": 50}, {"vital": "pr", "low": 50}, {"code": "x", "n": 1}]}
    settings = [SiteSetting("a.b", "7"), SiteSetting("limits.pr.low", "45"), SiteSetting("limits.x.n", ""), SiteSetting("a.d", "")]
    assert with_settings(data, settings) == {
        "a": {"b": 7, "c": 2}, "limits": [{"vital": "hr", "low": 50}, {"vital": "pr", "low": 45}, {"code": "x"}],
    }  # fmt: skip
    assert data["a"] == {"b": 1, "c": 2}
    assert with_settings(data, []) == data


@pytest.mark.parametrize("key", ["b.c", "a.b.c", "limits.icp.low", "limits.low", "limits.7.low"])
def test_a_setting_of_no_place_is_refused_by_its_key(key: str) -> None:
    data = {"a": {"b": 1}, "limits": [{"vital": "hr", "low": 50}, 7]}
    with pytest.raises(Refused, match=f"^{key} is no key of the protocol file"):
        with_settings(data, [SiteSetting(key, "1")])


@pytest.mark.parametrize("name", ["subject_pattern", "bed_pattern", "lot_pattern"])
def test_how_codes_are_written_every_site_may_set(name: str) -> None:
    setting = SiteSetting(f"labels.{name}", "'S[0-9]+'")
    assert with_settings({"id": "x"}, [setting]) == {"id": "x", "labels": {name: "S[0-9]+"}}
    assert with_settings({"labels": {"scan_prefix": "STX"}}, [setting]) == {"labels": {"scan_prefix": "STX", name: "S[0-9]+"}}
    assert offered(TRIAL)[setting.key] == ""
    told = why(TRIAL, setting.key)
    assert told is not None
    assert told.key == setting.key
    assert why(TRIAL, "labels.colour") is None


def test_a_list_of_words_takes_a_new_file_and_numbers_of_a_list_are_set_one_by_one() -> None:
    keys = ("groups", "reaction", "id", "infusion.stages")
    found = offered(replace(TRIAL, decided=tuple(Decided(key, "x", "x") for key in keys)))
    mine = {key: value for key, value in found.items() if not key.startswith("labels.")}
    assert mine == {"groups.A.doses": "1", "groups.B.doses": "2", "groups.C.doses": "4", "id": '"msc-icaht"'}


def test_a_value_as_toml_writes_it() -> None:
    assert [toml(value) for value in (None, 5, Decimal("1.50"), (1, "a"), True)] == ["", "5", "1.50", '[1, "a"]', "true"]


@pytest.mark.parametrize("key", ["dose.colour.red", "vitals.limits.icp.low", "id.of.what"])
def test_a_key_that_is_not_there_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="no key of the protocol file"):
        with_settings(protocol_data(), (SiteSetting(key, "1"),))


def test_a_symptom_in_the_words_of_the_protocol_else_in_those_always_known() -> None:
    invented = protocol(settings={"reaction.symptoms": [{"code": "cold_hands", "en": "cold hands", "zh": "手冷"}]})
    named = symptom("cold_hands", invented)
    assert named == invented.reaction.symptoms[0]
    assert str(symptom("rash", invented)) == "rash"
    assert symptom("cold_hands", None) == "cold_hands"
    assert str(symptoms((), None)) == "symptoms not yet noted"


def test_without_its_file_only_what_was_recorded_stays() -> None:
    play: Play = prepared("running")
    state = as_recorded("inf", play.entries)
    assert (state.phase, list(state.reached)) == (play.state.phase, [k for k in play.state.reached if k in state.reached])
    assert len(state.checks) == len(play.state.checks)
    with pytest.raises(Refused, match="is not at hand"):
        _ = state.protocol


def test_groups_by_their_code() -> None:
    assert [TRIAL.doses_in(code) for code in "ABC"] == [1, 2, 4]
    assert protocol("three-stage").doses_in("high") == 3
    with pytest.raises(Refused, match=r"Group D is not in the protocol\. Use one of A, B, C\."):
        TRIAL.group("D")


def test_without_groups_every_order_is_one_dose() -> None:
    none = protocol(settings={"groups": [], "dosing": ..., "decided": []})
    assert none.doses_in("") == 1
    with pytest.raises(Refused, match="has no dose groups: B is none"):
        none.doses_in("B")
    with pytest.raises(Refused, match="no schedule of doses"):
        _ = none.schedule
    assert TRIAL.schedule.interval_days == 7


def test_settings_stand_in_the_order_of_their_keys_and_each_once() -> None:
    changed = [SettingChanged(key, "", value, "why") for key, value in (("b", "1"), ("a", "2"), ("b", "3"), ("c", ""))]
    found = in_force(log(CAME, *changed))
    assert found == InForce(
        "a" * 64, "msc-icaht", "2", clock("13:00"), "a1", (SiteSetting("a", "2"), SiteSetting("b", "3"), SiteSetting("c", ""))
    )


def test_a_file_says_how_it_came() -> None:
    assert [str(part) for part in CAME.further()] == ["came with the program", f"SHA-256 {'a' * 12}"]


def test_who_may_set_what() -> None:
    both = frozenset({Role.ADMINISTRATOR, Role.INVESTIGATOR})
    assert {who_may_set(key) for key in ("vitals.limits.hr.low", "observation.interval_min", "triggers.hold_s")} == {both}
    assert who_may_set("weight.usual_kg") == {Role.ADMINISTRATOR}
    assert offered(TRIAL)["vitals.limits.hr.delay_s"] == "0"
