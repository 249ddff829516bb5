"""How far long work is, and that Ctrl-C gives it up."""

import io
import signal
import sys

import pytest

from app.cli.options.share_shown import share_shown


def test_ctrl_c_is_asked_for_and_means_an_exception_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with share_shown() as shown:
        assert shown.goes_on()
        signal.raise_signal(signal.SIGINT)
        assert not shown.goes_on()
    assert signal.getsignal(signal.SIGINT) is before


def test_nobody_who_keeps_the_lines_gets_any_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with share_shown() as shown:
        shown.told(0.5)
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_each_percent_is_said_once_and_taken_away_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with share_shown() as shown:
        for share in (0.1, 0.104, 1):
            shown.told(share)
    assert terminal.getvalue() == "\r10 %\r100 %\r     \r"
