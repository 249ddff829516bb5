"""What a new password or PIN must be, as far as that is known without an estimator."""

import re
from datetime import datetime
from itertools import pairwise

from app.domain.errors import Refused
from app.domain.texts import say

LEAST_PASSWORD, LEAST_PIN = 8, 6


def new_password(password: str, again: str, person_id: str) -> str:
    """Raises `Refused` for one that is too short or holds the person's number; how easily it is guessed, an estimator tells
    (`app/services/access/strength.py`; NIST SP 800-63B).
    """
    if password != again:
        raise Refused(say("The two passwords differ. Type them again."))
    if len(password) < LEAST_PASSWORD:
        raise Refused(say("A password has at least {letters} letters, digits or signs.", letters=LEAST_PASSWORD))
    if person_id.casefold() in password.casefold():
        raise too_easy()
    return password


def too_easy() -> Refused:
    return Refused(say("This password is too easy to guess. Take four words that do not belong together."))


def new_pin(pin: str, again: str) -> str:
    """Raises `Refused`, also for runs, repeats and dates."""
    if pin != again:
        raise Refused(say("The two PINs differ. Type them again."))
    if len(pin) < LEAST_PIN or not (pin.isascii() and pin.isdigit()):
        raise Refused(say("A PIN has at least {digits} digits.", digits=LEAST_PIN))
    if len(set(pin)) < 4 or _has_run(pin) or _REPEATED.search(pin) or _is_date(pin):
        raise Refused(say("This PIN is too easy to guess. Choose another one: no run, no repeat, no date."))
    return pin


def _has_run(pin: str) -> bool:
    """Four digits each one up from the one before, or each one down."""
    steps = [(int(after) - int(before)) % 10 for before, after in pairwise(pin)]
    return any(three in ([1, 1, 1], [9, 9, 9]) for three in (steps[at : at + 3] for at in range(len(steps) - 2)))


def _is_date(pin: str) -> bool:
    """In any order of day, month and year, the year with two digits or four."""
    return any(_is_day(pin, written) for written in _DATES)


def _is_day(pin: str, written: str) -> bool:
    try:
        day = datetime.strptime(pin, written)
    except ValueError:
        return False
    return 1900 <= day.year < 2100 and day.strftime(written) == pin


#: The same digit three times, or two digits or more once again right after themselves.
_REPEATED = re.compile(r"(\d)\1\1|(\d\d+)\2")
_DATES = ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m", "%m%Y", "%Y%m%d", "%d%m%Y", "%m%d%Y")
