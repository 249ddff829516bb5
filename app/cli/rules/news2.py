"""`bedside news2`: the early warning score of seven values."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.domain.texts import say
from app.domain.vitals.news2 import PARTS, Consciousness, News2, news2, parts


def add(commands: Commands) -> None:
    parser = commands.add_parser("news2", help="NEWS2 of seven values; what is left out is missing")
    parser.add_argument("--rr", metavar="N", help="respirations per minute")
    parser.add_argument("--spo2", metavar="N", help="oxygen saturation, %%")
    parser.add_argument("--scale", type=int, choices=(1, 2), default=1, help="SpO₂ scale (1; 2 only where it is ordered)")
    breathing = parser.add_mutually_exclusive_group()
    breathing.add_argument("--air", dest="oxygen", action="store_false", default=None, help="breathes air")
    breathing.add_argument("--oxygen", dest="oxygen", action="store_true", default=None, help="is given oxygen")
    parser.add_argument("--sys", metavar="N", help="systolic pressure, mmHg")
    parser.add_argument("--pulse", metavar="N", help="pulse per minute")
    parser.add_argument("--acvpu", choices=[*Consciousness], help="consciousness")
    parser.add_argument("--temp", metavar="T", help="temperature, °C, two decimals at most")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0, also where something is missing; 2 for a value that is none."""
    from app.services.words.words import tr

    try:
        answer = scored(arguments)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    print(json.dumps(answer))
    return 0


def scored(given: argparse.Namespace) -> dict[str, object]:
    """The answer as data. Raises `Refused`."""
    values = {
        "rr": _number("--rr", given.rr), "spo2": _number("--spo2", given.spo2), "nibp_sys": _number("--sys", given.sys),
        "hr": _number("--pulse", given.pulse), "temp": _number("--temp", given.temp, decimals=2),
    }  # fmt: skip
    level = Consciousness(given.acvpu) if given.acvpu else None
    found = news2(values, given.oxygen, level, given.scale)
    given_names = {"rr": values["rr"], "spo2": values["spo2"], "oxygen": given.oxygen, "sys": values["nibp_sys"],
                   "pulse": values["hr"], "acvpu": level, "temp": values["temp"]}  # fmt: skip
    return {
        "total": found.total if found else None,
        "single_three": found.single_three if found else None,
        "parts": parts(values, given.oxygen, level, given.scale),
        "missing": [name for name in PARTS if given_names[name] is None],
        "band": _band(found) if found else None,
    }


def _band(found: News2) -> str:
    """The answer that the Royal College of Physicians asks for."""
    if found.total >= 7:
        return "high"
    if found.total >= 5:
        return "medium"
    return "single" if found.single_three else "low"


def _number(name: str, typed: str | None, decimals: int = 0) -> Decimal | None:
    if typed is None:
        return None
    try:
        value = Decimal(typed)
        exponent = value.as_tuple().exponent
    except InvalidOperation:
        raise _not_a_number(name, typed) from None
    if not isinstance(exponent, int) or -exponent > decimals or value < 0 or (name == "--spo2" and value > 100):
        raise _not_a_number(name, typed)
    return value


def _not_a_number(name: str, typed: str) -> Refused:
    return Refused(say("“{typed}” is no value for {option}.", typed=typed, option=name))
