"""An IntelliVue on a real line: associated, pulled out, refused, streaming."""

import msgspec
import pytest

from app.domain.vitals.vital_signs import Quality
from devices.device_rows import MonitorRow
from devices.link import LinkState
from devices.models import MODELS
from devices.protocols.intellivue import association, mib
from devices.protocols.intellivue.dialogue import IntelliVueDialogue
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient

from .stage import reading, staged

INTELLIVUE = MODELS["intellivue"]
STREAMED = msgspec.structs.replace(INTELLIVUE, dialogue=lambda decoder: IntelliVueDialogue(decoder, extended=True))
EACH = pytest.mark.parametrize("model", [INTELLIVUE, STREAMED], ids=["polled", "streamed"])


class Refusing:
    """A monitor that belongs to somebody else for good."""

    def __init__(self, _patient: Patient, _faults: MonitorFaults) -> None:
        self._answers: list[bytes] = []

    def hear(self, data: bytes, _now_s: float, /) -> None:
        self._answers += [mib.framed(association.REFUSE)] * data.count(b"\xc1")

    def due(self, _now_s: float, /) -> list[bytes]:
        said, self._answers = self._answers, []
        return said

    def next_s(self) -> float | None:
        return None

    def thin(self, _least_s: float, /) -> bool:
        return False


@EACH
def test_it_is_live_with_its_first_values(model: MonitorRow) -> None:
    with staged(model=INTELLIVUE) as stage, reading(stage.url, model=model) as watch:
        watch.until_state(LinkState.LIVE)
        watch.until_more_readings()
        assert watch.states == [LinkState.OPENING, LinkState.NEGOTIATING, LinkState.LIVE]
        assert (watch.readings[0].sample.vital, watch.readings[0].protocol) == ("spo2", "intellivue")
        assert {r.sample.quality for r in watch.readings if r.sample.vital == "hr"} == {Quality.DEMO}


@EACH
def test_after_an_unplug_and_after_a_reboot_values_come_again(model: MonitorRow) -> None:
    with staged(speed=300.0, model=INTELLIVUE) as stage, reading(stage.url, speed=300.0, model=model) as watch:
        watch.until_state(LinkState.LIVE)
        stage.command("fault unplug")
        watch.until_state(LinkState.LOST)
        watch.until_state(LinkState.LIVE)
        stage.command("fault reboot")
        count = len(watch.readings)
        watch.until(lambda: len(watch.readings) > count + 200)
        assert watch.statuses[-1].bad == 0


def test_a_monitor_that_refuses_is_never_live_whatever_it_sends() -> None:
    refusing = msgspec.structs.replace(INTELLIVUE, simulator=Refusing)
    with staged(speed=300.0, model=refusing) as stage, reading(stage.url, speed=300.0, model=INTELLIVUE) as watch:
        watch.until(lambda: bool(watch.statuses) and watch.statuses[-1].good > 5)
        assert watch.states == [LinkState.OPENING, LinkState.NEGOTIATING]
        assert watch.readings == []


def test_stopping_leaves_the_monitor_free_for_the_next() -> None:
    with staged(model=INTELLIVUE) as stage:
        for _ in range(3):
            with reading(stage.url, model=INTELLIVUE) as watch:
                watch.until_more_readings()
                assert watch.statuses[-1].good < 30
