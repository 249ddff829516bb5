"""How the setting of a line is written and read, by people and on the command line."""

import pytest

from app.domain.errors import Refused
from devices.link import PortSettings
from devices.models import MODELS
from devices.settings_words import line_words, settings_of

WRITTEN = {
    "19200,8,N,1": PortSettings(19200),
    " 19200 8E1 ": PortSettings(19200, parity="E"),
    "4800,8,o,1": PortSettings(4800, parity="O"),
    "9600 7E2": PortSettings(9600, 7, "E", 2),
    "19200,8,E,1,rtscts": PortSettings(19200, parity="E", rtscts=True),
    "115200 8E1 RTS/CTS": PortSettings(115200, parity="E", rtscts=True),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_it_is_read_as_people_write_it(text: str) -> None:
    assert settings_of(text) == WRITTEN[text]


@pytest.mark.parametrize("text", ["", "fast", "19200", "19200,9,N,1", "19200,8,X,1", "19200,8,N,1,xonxoff", "19200,8,N,3"])
def test_what_is_no_setting_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="19200,8,N,1"):
        settings_of(text)


def test_every_setting_of_every_model_is_read_as_it_is_written() -> None:
    for model in MODELS.values():
        for settings in (model.settings, *model.other_settings):
            assert settings_of(line_words(settings)) == settings
