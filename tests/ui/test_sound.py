"""Sound: bursts of the standard in a timbre of our own; what is wrong with it is seen and said."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.watch.laptop_seen import SoundFault
from app.domain.watch.priority import Priority
from tests.laptop import FakeSpeaker
from ui.frame.bar.sound_bar import SoundBar
from ui.frame.sound import Sounder
from ui.frame.speaker import RATE_HZ, _Played, burst
from ui.kit.live_words import LiveWords
from ui.kit.look.holder import Look
from ui.kit.look_and_words import Kit


def pulses(priority: Priority) -> list[tuple[float, float]]:
    """Begin and length of each pulse, s: a pulse begins after more than 20 ms of silence."""
    found: list[list[int]] = []
    for at, value in enumerate(burst(priority)):
        if value == 0:
            continue
        if not found or at - found[-1][1] > RATE_HZ * 0.02:
            found.append([at, at])
        found[-1][1] = at
    return [(round(begin / RATE_HZ, 2), round((end - begin) / RATE_HZ, 2)) for begin, end in found]


def test_high_is_ten_pulses_in_two_groups_of_three_and_two() -> None:
    """IEC 60601-1-8 table 3: x between, 2x + td at 3–4 and 8–9, 0.35–1.3 s between the fives."""
    begins = [begin for begin, _length in pulses(Priority.HIGH)]
    assert len(begins) == 10
    gaps = [round(b - a - 0.15, 2) for a, b in pairwise(begins)]
    assert gaps == [0.1, 0.1, 0.35, 0.1, 1.0, 0.1, 0.1, 0.35, 0.1]
    assert all(0.075 <= length <= 0.2 for _begin, length in pulses(Priority.HIGH))


def test_medium_is_three_pulses_and_low_one() -> None:
    assert [begin for begin, _length in pulses(Priority.MEDIUM)] == [0.0, 0.4, 0.8]
    assert len(pulses(Priority.LOW)) == 1
    assert all(0.125 <= length <= 0.25 for one in (Priority.MEDIUM, Priority.LOW) for _begin, length in pulses(one))


class Loudness:
    """What the system says of its volume."""

    def __init__(self) -> None:
        self.fault: SoundFault | None = None

    def read(self) -> SoundFault | None:
        return self.fault


class Heard:
    """A sounder on a speaker and a volume that a test sets; each call is waited for."""

    def __init__(self) -> None:
        self.speaker, self.volume = FakeSpeaker(), Loudness()
        self.sounder = Sounder(lambda: self.speaker, self.volume.read)

    def look(self) -> SoundFault | None:
        self.sounder.look()
        return self._fault()

    def play(self) -> SoundFault | None:
        self.sounder.play(Priority.HIGH)
        return self._fault()

    def _fault(self) -> SoundFault | None:
        self.sounder._thread.submit(int).result()
        return self.sounder.fault


@pytest.fixture
def heard() -> Iterator[Heard]:
    made = Heard()
    yield made
    made.sounder.close()
    assert made.speaker.is_closed


def test_mute_volume_0_no_device_and_a_failed_play_are_seen(heard: Heard) -> None:
    assert heard.look() is heard.play() is None
    heard.volume.fault = SoundFault.MUTED
    assert heard.look() is heard.play() is SoundFault.MUTED
    heard.volume.fault = SoundFault.VOLUME_0
    assert heard.look() is SoundFault.VOLUME_0
    heard.speaker.is_there = False
    assert heard.look() is heard.play() is SoundFault.NO_DEVICE
    heard.speaker.is_there, heard.volume.fault = True, None
    assert heard.look() is None
    heard.speaker.can_play = False
    assert heard.play() is SoundFault.FAILED
    heard.speaker.can_play, heard.speaker.is_stuck = True, True
    assert heard.look() is SoundFault.FAILED


def test_a_device_that_takes_nothing_is_noticed() -> None:
    sound = burst(Priority.LOW)
    played = _Played(sound, begun_s=100.0)
    stream = played.frames()
    next(stream)
    assert not played.is_stuck(101.0)
    assert played.is_stuck(103.0)
    taken = sum(len(stream.send(1000)) for _ in range(len(sound) // 1000))
    assert taken == len(sound) // 1000 * 1000
    assert len(stream.send(1000)) == len(sound) % 1000
    with pytest.raises(StopIteration):
        stream.send(1000)
    assert not played.is_stuck(103.0)


# --- the test at the first sign-in of a shift


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> SoundBar:
    look = Look()
    look.dress(qapp)
    made = SoundBar(Kit(look, LiveWords("en")))
    qtbot.addWidget(made)
    return made


def test_it_asks_whether_it_was_heard(bar: SoundBar) -> None:
    said: list[bool] = []
    bar.tested.connect(said.append)
    for answer in (bar.heard, bar.not_heard):
        bar.ask()
        assert bar.words.text() == "Sound test: did you hear three tones?"
        QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
        assert bar.isHidden()
    assert said == [True, False]


def test_with_a_fault_in_sight_it_says_so_and_lets_go_on(bar: SoundBar) -> None:
    bar.ask()
    bar.set_fault(SoundFault.MUTED)
    assert bar.words.text() == "The sound is muted: alarms are only seen. Mend it and play again."
    assert bar.heard.isHidden()
    assert bar.not_heard.text() == "Go on without sound"
    bar.set_fault(None)
    assert not bar.heard.isHidden()
