"""`bedside grade`: the CTCAE grade of a laboratory value, or the grades that a term has."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation

from app.cli.options.command import Commands
from app.domain.errors import Refused
from app.domain.safety.lab_grades import TESTS, graded
from app.domain.texts import say


def add(commands: Commands) -> None:
    parser = commands.add_parser("grade", help="CTCAE 5.0: grade a laboratory value, or list the grades of a term")
    parser.add_argument("test", nargs="?", metavar="TEST", help=", ".join(TESTS))
    parser.add_argument("value", nargs="?", metavar="VALUE", help="in the unit that the test's name ends with")
    parser.add_argument("--lln", metavar="X", help="lower limit of normal")
    parser.add_argument("--uln", metavar="X", help="upper limit of normal")
    parser.add_argument("--baseline", metavar="X", help="the value before the first infusion")
    parser.add_argument("--term", metavar="NAME", help="English name of a term, in any case")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0, also where a value cannot be graded; 2 for an unknown test or term, or a value that is none."""
    from app.services.words.words import tr

    try:
        answer = _of_term(arguments) if arguments.term is not None else _of_value(arguments)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _of_term(given: argparse.Namespace) -> dict[str, object]:
    from app.services.ctcae_file import ctcae

    if given.test is not None:
        raise Refused(say("Name a test with its value, or a term; not both."))
    term = ctcae().term(given.term)
    if term is None:
        raise Refused(say("“{name}” is none of the {n} terms of CTCAE that are kept here.", name=given.term, n=len(ctcae().terms)))
    return {"term": term.en, "grades": term.grades_that_exist}


def _of_value(given: argparse.Namespace) -> dict[str, object]:
    from app.services.words.words import tr

    if given.test not in TESTS:
        raise Refused(say("“{test}” is no test. Known: {known}.", test=given.test or "", known=", ".join(TESTS)))
    if given.value is None:
        raise Refused(say("A test is graded by its value."))
    value = _number("VALUE", given.value, zero_ok=True)
    lln, uln, baseline = (
        None if typed is None else _number(name, typed)
        for name, typed in (("--lln", given.lln), ("--uln", given.uln), ("--baseline", given.baseline))
    )
    found = graded(given.test, value, lln, uln, baseline)
    return {"grade": found.grade, "reason": tr(found.reason)}


def _number(name: str, typed: str, zero_ok: bool = False) -> Decimal:
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or (value == 0 and not zero_ok):
        raise Refused(say("“{typed}” is no value for {option}.", typed=typed, option=name))
    return value
