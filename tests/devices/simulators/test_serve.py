"""The simulator as a process obeys whoever steers it, and says what it cannot do."""

import threading

from devices.link import LinkState
from devices.simulators.serve import SimulatorCommands
from tests.devices.stage import reading, staged


def test_an_unknown_command_is_told_and_passed_over() -> None:
    with staged() as stage:
        stage.command("")
        for command in ("dance", "fault earthquake", "speed fast", "speed 0", "speed inf", "clock never"):
            stage.command(command)
            assert stage.hears()["refused"] == command


def test_at_high_speed_it_tells_that_frames_are_left_out() -> None:
    with staged() as stage, reading(stage.url) as watch:
        watch.until_state(LinkState.LIVE)
        stage.command("speed 600")
        assert stage.hears() == {"thinned": True, "speed": 600.0, "seconds_between_frames": 7.5}


def test_its_clock_can_be_set() -> None:
    with staged(speed=1.0) as stage, reading(stage.url, speed=1.0) as watch:
        watch.until_more_readings()
        stage.command("clock 3600")
        watch.until_more_readings()
        first, last = watch.readings[0].sample.device_time, watch.readings[-1].sample.device_time
        assert first is not None
        assert last is not None
        assert 3590 < (last - first).total_seconds() < 3610


def test_a_reaction_can_be_begun() -> None:
    with staged(speed=600.0) as stage, reading(stage.url, speed=600.0) as watch:
        watch.until_state(LinkState.LIVE)
        stage.command("fault reaction")
        watch.until(lambda: any(r.sample.vital == "hr" and (r.sample.value or 0) > 100 for r in watch.readings))


def test_the_end_of_the_commands_is_the_end() -> None:
    commands = SimulatorCommands(iter(["speed 2"]))
    heard: list[str] = []
    bell = threading.Event()
    while heard[-1:] != ["quit"]:
        heard += commands.waiting()
        bell.wait(0.001)
    commands.close()
    assert heard == ["speed 2", "quit"]
