"""The gate where no scenario leads: asked before there is anything to judge, and with alarms that stand."""

from app.domain.infusion.found.gate import Found, gate
from app.domain.infusion.found.in_time import thawed_too_long
from app.domain.texts import say

from .cast import protocol
from .play import Play, prepared


def test_before_any_check_it_says_so() -> None:
    play = Play()
    assert gate(play.state, play.now) == Found(say("The last check measured no vital signs. Measure first."))


def test_no_bag_hangs_yet_so_none_is_too_old() -> None:
    play = prepared("thawed")
    assert list(thawed_too_long(play.state, play.now)) == []


def test_alarms_that_stand_are_asked_about_by_a_protocol_with_a_gate_only() -> None:
    alarms = (say("SpO₂ low"),)
    play, former = prepared("ready"), prepared("ready", rules=protocol("former"))
    assert gate(play.state, play.now) == Found()
    assert gate(play.state, play.now, alarms) == Found(None, alarms)
    assert gate(former.state, former.now, alarms) == Found()
