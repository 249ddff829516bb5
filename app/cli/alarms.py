"""`bedside alarms`: a story, or a recorded store, through the ward's own alarm machine."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.cli.options.command import Commands
from app.cli.options.which_store import add_recovery
from app.domain.errors import Refused
from app.domain.texts import say

if TYPE_CHECKING:
    from app.domain.watch.alarm_story import StoryLimits
    from app.jobs.recorded_alarms import RecordedInfusion


def add(commands: Commands) -> None:
    parser = commands.add_parser("alarms", help="play a story of alarms, or what recorded infusions would have raised")
    parser.add_argument("story", nargs="?", type=Path, metavar="STORY.json", help="steps with values and what people did")
    parser.add_argument("--db", type=Path, metavar="FILE", help="a store: its samples and typed values, played again")
    parser.add_argument("--limits", type=Path, metavar="FILE", help='other limits, as JSON: {"spo2": {"low": 88}}')
    add_recovery(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """One JSON line a step of a story; one JSON object of a store. Exit codes: 0, 2 when it cannot be read or understood."""
    from app.services.words.words import tr
    from app.settings import where_it_lies
    from db.store_errors import StoreError

    try:
        if (arguments.story is None) is (arguments.db is None):
            raise Refused(say("Name a story or a store, one of them."))
        if arguments.story is not None:
            _tell_story(arguments.story)
        else:
            _tell_store(where_it_lies(arguments.db), arguments.limits, arguments.recovery_key)
    except (Refused, StoreError) as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    return 0


def _tell_story(path: Path) -> None:
    from app.domain.watch.alarm_story import play, read_story
    from app.services.protocol_files import load

    for after in play(read_story(_read(path)), load().protocol):
        print(json.dumps(msgspec.to_builtins(after), ensure_ascii=False))


def _tell_store(path: Path, limits: Path | None, recovery: Path | None) -> None:
    from app.services.access.store_key import key_of

    changed = {} if limits is None else _limits(_read(limits))
    told = [_infusion(found, changed) for found in _recorded(path, key_of(path, recovery))]
    hours = sum(one["bed_hours"] for one in told)
    alarms = [alarm for one in told for alarm in one["alarms"]]
    counts = Counter(alarm["key"] for alarm in alarms)
    answer = {
        "bed_hours": round(hours, 3), "alarms": len(alarms), "per_bed_hour": _per_hour(len(alarms), hours),
        "by_condition": [
            {"key": key, "alarms": n, "per_bed_hour": _per_hour(n, hours)} for key, n in sorted(counts.items())
        ],
        "infusions": told,
    }  # fmt: skip
    print(json.dumps(answer, ensure_ascii=False))


def _limits(data: object) -> dict[str, "StoryLimits"]:
    from app.domain.watch.alarm_story import StoryLimits

    try:
        return msgspec.convert(data, dict[str, StoryLimits])
    except msgspec.ValidationError as error:
        raise Refused(say("The limits are wrong: {why}.", why=str(error))) from None


def _per_hour(count: int, hours: float) -> float | None:
    return round(count / hours, 3) if hours else None


def _recorded(path: Path, key: bytes | None) -> "Iterator[RecordedInfusion]":
    """Each infusion whose alarms can be known."""
    from app.jobs.recorded_alarms import recorded
    from db.queries import StoreReader

    with StoreReader(path, key) as reader:
        for infusion_id in reader.streams():
            one = recorded(reader, infusion_id)
            if one is not None:
                yield one


def _infusion(one: "RecordedInfusion", changed: "dict[str, StoryLimits]") -> dict[str, Any]:
    from app.domain.infusion.facts import Ordered
    from app.domain.watch.alarm_replay import replayed
    from app.domain.watch.alarm_story import with_limits
    from app.services.record.data.alarm_data import alarm_data

    protocol = with_limits(one.protocol, changed) if changed else one.protocol
    found = replayed(one.infusion_id, one.entries, one.samples, protocol)
    order = one.entries[0].event
    assert isinstance(order, Ordered)
    return {"infusion": one.infusion_id, "subject": order.subject, "bed": order.bed, "bed_hours": round(found.watched_h, 3),
            "alarms": [alarm_data(line) for line in found.lines]}  # fmt: skip


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_constant=str)
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=str(path), why=error.strerror or str(error))) from None
    except (ValueError, RecursionError) as error:
        raise Refused(say("{file} cannot be understood: {why}.", file=path.name, why=str(error))) from None
