"""Laboratory results from a CSV file: a mapping kept per laboratory, and a dry run that says of every line what becomes of it."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from io import StringIO
from typing import cast, get_args

import msgspec

from app.domain.errors import Refused
from app.domain.people.roles import Person
from app.domain.texts import Text, joined, listed, say
from app.domain.trial.subject import subject_facts as f
from app.domain.trial.subject.lab_rules import laboratory
from app.domain.trial.subject.subject_commands import RecordLab
from app.services.words.desk_words import lab_value

from .trial_desk import DeskLook

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_ISO = "iso"


class LabColumn(msgspec.Struct, frozen=True):
    """What one column of the file holds; limits of normal where the laboratory has one for all."""

    column: str
    test: f.Test
    unit: str
    lln: Decimal | None = None
    uln: Decimal | None = None


class LabMapping(msgspec.Struct, frozen=True):
    """How one laboratory writes its files. `time_format` as `strptime` takes it, or `iso` with its offset."""

    laboratory: str
    subject: str
    collected_at: str
    time_format: str
    tests: tuple[LabColumn, ...]


def parse_mapping(name: str, text: str) -> LabMapping:
    """Lines such as `ID = subject`, `Time = collected_at %Y-%m-%d %H:%M`, `HGB = hb g/L 120 160`. Raises `Refused`."""
    if not name.strip():
        raise Refused(say("Name the laboratory."))
    subject = collected = ""
    time_format, tests = _ISO, list[LabColumn]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        column, equals, what = (part.strip() for part in line.partition("="))
        if not equals or not column or not what:
            raise _wrong(number, line, say("COLUMN = what it holds"))
        word, _, rest = what.partition(" ")
        if word == "subject":
            subject = column
        elif word == "collected_at":
            collected, time_format = column, rest.strip() or _ISO
        else:
            tests.append(_test(number, column, word, rest.split()))
    if not (subject and collected and tests):
        raise Refused(say("A mapping names the columns of the subject, of the time collected, and of at least one test."))
    return LabMapping(name.strip(), subject, collected, time_format, tuple(tests))


def _test(number: int, column: str, word: str, rest: Sequence[str]) -> LabColumn:
    if word not in get_args(f.Test):
        raise _wrong(number, word, joined(", ", f.TESTS))
    if not rest or len(rest) > _PARTS or not all(_NUMBER.fullmatch(limit) for limit in rest[1:]):
        raise _wrong(number, " ".join(rest), say("unit, then the limits of normal where there are any"))
    limits = [Decimal(limit) for limit in rest[1:]]
    lln, uln = (*limits, None, None)[:2] if len(limits) != 1 else (None, limits[0])
    return LabColumn(column, cast("f.Test", word), rest[0], lln, uln)


#: Unit, lower and upper limit of normal.
_PARTS = 3


def _wrong(number: int, typed: str, allowed: Text) -> Refused:
    told = {"n": number, "typed": typed, "allowed": allowed}
    return Refused(say("Line {n} of the mapping: “{typed}” is not allowed. Allowed: {allowed}.", **told))


def mapping_text(mapping: LabMapping) -> str:
    """The mapping as it is typed."""
    lines = [f"{mapping.subject} = subject", f"{mapping.collected_at} = collected_at {mapping.time_format}"]
    for test in mapping.tests:
        limits = " ".join(f"{limit:f}" for limit in (test.lln, test.uln) if limit is not None)
        lines.append(f"{test.column} = {test.test} {test.unit} {limits}".rstrip())
    return "\n".join(lines)


class ImportLine(msgspec.Struct, frozen=True):
    """What becomes of one line of the file: `taken`, or why not."""

    line: int
    subject: str
    command: RecordLab | None
    said: Text


def dry_run(text: str, mapping: LabMapping, look: DeskLook, by: Person, now: datetime) -> tuple[ImportLine, ...]:
    """Nothing is saved. Raises `Refused` for a file whose columns are not those of the mapping."""
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    wanted = [mapping.subject, mapping.collected_at, *(test.column for test in mapping.tests)]
    missing = [name for name in wanted if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused(say("The file has no column {names}.", names=listed(missing)))
    known = {(s.code, lab.collected_at) for s in look.data.subjects for lab in s.labs}
    return tuple(_lines(reader, mapping, look, known, by, now))


def _lines(
    reader: "csv.DictReader[str]", mapping: LabMapping, look: DeskLook, known: set[tuple[str, datetime]], by: Person,
    now: datetime,
) -> Iterator[ImportLine]:  # fmt: skip
    for row in reader:
        code = (row[mapping.subject] or "").strip()
        try:
            if look.data.subject(code) is None:
                raise Refused(say("{subject} has not been screened here.", subject=code or "—"))
            command = _command(row, mapping, look.zone, look.protocol.eligibility.hb_question_below_g_l)
            event = laboratory(command, by, now)
            if (code, event.collected_at) in known:
                raise Refused(say("A collection of this moment is there already."))
            known.add((code, event.collected_at))
        except Refused as refusal:
            yield ImportLine(reader.line_num, code, None, refusal.text)
        else:
            yield ImportLine(reader.line_num, code, command, listed(lab_value(value) for value in command.values))


def _command(row: Mapping[str, str | None], mapping: LabMapping, zone: tzinfo, below_g_l: Decimal) -> RecordLab:
    at = _time(row[mapping.collected_at] or "", mapping.time_format, zone)
    values = [value for test in mapping.tests if (value := _value(row[test.column] or "", test, below_g_l)) is not None]
    return RecordLab(at, tuple(values), from_file=True, laboratory=mapping.laboratory)


def _time(typed: str, time_format: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(typed.strip()) if time_format == _ISO else datetime.strptime(typed.strip(), time_format)
    except ValueError:
        raise Refused(say("“{typed}” is not a time of the form {form}.", typed=typed, form=time_format)) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _value(typed: str, test: LabColumn, below_g_l: Decimal) -> f.LabValue | None:
    """None where the cell is empty."""
    if not typed.strip():
        return None
    if not _NUMBER.fullmatch(typed.strip()):
        raise Refused(say("{test}: “{typed}” is not a number with a decimal point.", test=f.TEST_NAMES[test.test], typed=typed))
    value = Decimal(typed.strip())
    if test.test == "hb" and value < below_g_l:
        raise Refused(say("{value} g/L is below {below} g/L: ask again whether it was g/dL", value=value, below=below_g_l))
    return f.LabValue(test.test, value, test.unit, test.lln, test.uln)
