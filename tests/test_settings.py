"""What this person chose for the window: no byte in it stops the start."""

from pathlib import Path
from random import Random

import msgspec
import pytest

from app import settings
from app.settings import Preferences, WindowPlace, load_preferences, save_preferences


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "data_dir", lambda: tmp_path)


def written(data: bytes) -> Preferences:
    settings.data_dir().joinpath("preferences.json").write_bytes(data)
    return load_preferences()


def test_what_was_chosen_is_there_again() -> None:
    assert load_preferences() == Preferences()
    save_preferences(Preferences("zh_CN", "dark", "Ward 3"))
    assert load_preferences() == Preferences("zh_CN", "dark", "Ward 3")


def test_what_cannot_be_chosen_falls_back_alone() -> None:
    assert written(b'{"theme":"neon","language":"zh_CN","ward":"Ward 3"}') == Preferences("zh_CN", "light", "Ward 3")
    assert written(b'{"theme":"dark","language":"tlh","ward":7,"more":1}') == Preferences(None, "dark", "")
    assert written(b'{"theme":["dark"],"language":{}}') == Preferences()
    assert written(msgspec.json.encode({"ward": "W" * 5000})).ward == "W" * 40
    for data in (b"", b"[]", b"\xff\xfe", b"[" * 100_000, b"null"):
        assert written(data) == Preferences()


def test_what_is_no_place_falls_back_alone() -> None:
    save_preferences(Preferences("en", "dark", "Ward 3", WindowPlace(-1900, 20, 1366, 768, True)))
    assert load_preferences() == Preferences("en", "dark", "Ward 3", WindowPlace(-1900, 20, 1366, 768, True))
    kept = b'{"place":{"left":1,"top":2,"wide":3,"high":4}}'
    assert written(kept).place == WindowPlace(1, 2, 3, 4)
    for number in (b"true", b"1.5", b"1e99", b"9999999999", b"null", b'"4"'):
        assert written(kept.replace(b"4", number)) == Preferences()
    assert written(b'{"place":[1,2,3,4],"ward":"\\ud800"}') == Preferences()
    assert written(kept.replace(b"4", b'4,"whole":1')) == Preferences()


def test_a_thousand_damaged_ones_give_what_the_window_has() -> None:
    whole, random = msgspec.json.encode({"language": "en", "theme": "dark", "ward": "Ward 3", "place": None}), Random(3)
    for _ in range(1000):
        data = bytearray(whole)
        for _ in range(random.randrange(1, 5)):
            data[random.randrange(len(data))] = random.randrange(256)
        found = written(bytes(data))
        assert found.theme in ("light", "dark")
        assert found.language in (None, "en", "zh_CN")
