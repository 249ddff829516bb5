"""Passwords that a guesser tries first are refused, by an estimator and with the ward's own words."""

import subprocess
import sys

import pytest

from app.domain.errors import Refused
from app.services.access.strength import strong_password


@pytest.mark.parametrize(
    "password",
    ["password123", "Hospital1", "woaini520", "19800101", "P@ssw0rd!", "qwer!234", "aaaaaaaa1", "123qwe!@#", "beijing2008",
     "nihaoma123", "zhao admin 1", "Tianjin2026", "woaini1314520", "aaaabbbb", "我爱你520医院", "1" * 3000],
)  # fmt: skip
def test_easily_guessed(password: str) -> None:
    with pytest.raises(Refused, match="too easy to guess"):
        strong_password(password, password, "A-01", "Zhao Admin")


@pytest.mark.parametrize(
    "password",
    ["horse battery staple", "green lamp nine", "Nx4!pq9zK", "四个不相干的词语啊", "wohenhaoxiexie", "长河落日圆大漠孤烟" * 30],
)
def test_good(password: str) -> None:
    assert strong_password(password, password, "A-01", "Zhao Admin") == password


def test_the_estimator_is_loaded_when_a_password_is_set_and_not_at_the_start() -> None:
    code = "import sys, app.services.access.people, app.jobs.first_record; sys.exit('zxcvbn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
