"""`bedside rehearse`: one whole infusion through the real parts, headless, at speed."""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path

from app.cli.options.command import Commands, add_protocol, chosen
from app.cli.practice import unknown_monitor
from app.domain.errors import Refused
from app.domain.products.dose import dose_cells, nominal_bags, plan_bags, read_weight
from app.domain.products.drip_rates import feasibility, why_not
from app.domain.protocol import Protocol
from app.domain.texts import Text, say
from app.services.words.words import tr

FASTEST = 1200


def add(commands: Commands) -> None:
    parser = commands.add_parser("rehearse", help="run one whole infusion headless, from weight to signed record")
    parser.add_argument("--weight", default="70.0", metavar="KG", help="body weight in kg (70.0)")
    parser.add_argument("--drop-factor", default="20", metavar="N", help="drops per ml of the giving set (20)")
    parser.add_argument("--group", help="dose group (B, or else the protocol's first; none where it has none)")
    parser.add_argument("--speed", type=float, default=600.0, metavar="N", help=f"times real time at most, up to {FASTEST} (600)")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where the record and the store are left")
    parser.add_argument("--monitor", default="datex-s5", metavar="P", help="protocol of the simulated monitor (datex-s5)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME@MIN", help="inject a fault at this minute")
    parser.add_argument("--seed", type=int, default=1, help="which patient and drip (1)")
    parser.add_argument("--encrypted", action="store_true", help="make the store encrypted; its recovery key is left in DIR")
    parser.add_argument("--patient-name", default="", metavar="TEXT", help="kept inside an encrypted store and nowhere else")
    keep = "go on in the store that the last rehearsal left in DIR, instead of throwing it away"
    parser.add_argument("--keep", action="store_true", help=keep)
    add_protocol(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 signed, 1 signed without the monitor, 2 refused (nothing thawed)."""
    from app.practice.record_lost import RecordLost
    from app.practice.rehearsal import Plan, rehearse
    from app.practice.usual import usual_group, why_not_rehearsed
    from db.store_errors import StoreError

    try:
        trial = chosen(arguments)
        weight_kg, drop_factor = _feasible(trial.protocol, arguments.weight, arguments.drop_factor)
        group = usual_group(trial.protocol) if arguments.group is None else arguments.group
        trial.protocol.doses_in(group)
        _check(arguments.speed, arguments.monitor)
        plan = Plan(
            weight_kg, drop_factor, group, arguments.speed, arguments.out, arguments.monitor,
            _faults(arguments.fault), arguments.seed, arguments.encrypted, arguments.patient_name.strip(), keep=arguments.keep,
        )  # fmt: skip
        told = rehearse(plan, trial, _progress)
    except RecordLost as lost:
        _end(lost.text)
        return _end(lost.unsaved, 1)
    except (Refused, StoreError) as refusal:
        return _end(refusal.text)
    except OSError as error:
        return _end(say("{file} cannot be written: {why}.", file=str(arguments.out), why=error.strerror or str(error)))
    print(json.dumps(told, ensure_ascii=False))
    why = why_not_rehearsed(told)
    return 0 if why is None else _end(why, 1)


def _end(text: Text, code: int = 2) -> int:
    print(tr(text), file=sys.stderr)
    return code


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _feasible(protocol: Protocol, weight: str, drop_factor: str) -> tuple[Decimal, int]:
    """Refuse a plan that cannot be done before anything is opened."""
    weight_kg = read_weight(weight, protocol.weight)
    known = protocol.infusion.drop_factors_gtt_per_ml
    if drop_factor not in map(str, known):
        sets = ", ".join(map(str, known))
        raise Refused(say("No set with {factor} drops/ml is in use. In use: {sets}.", factor=drop_factor, sets=sets))
    cells = dose_cells(weight_kg, protocol)
    volume_ml = plan_bags(cells, nominal_bags(cells, protocol)).volume_ml
    why = why_not(feasibility(volume_ml, int(drop_factor), protocol.infusion), volume_ml, protocol.infusion)
    if why is not None:
        raise Refused(why)
    return weight_kg, int(drop_factor)


def _check(speed: float, monitor: str) -> None:
    from devices.models import MODELS

    if not 0 < speed <= FASTEST:
        raise Refused(say("The speed lies above 0 and up to {most}.", most=FASTEST))
    if monitor not in MODELS:
        raise Refused(unknown_monitor(monitor, MODELS))


def _faults(texts: list[str]) -> tuple[tuple[str, float], ...]:
    from devices.simulators.faults import MonitorFaults, parsed

    known = MonitorFaults()
    return tuple((known.add(name, at_s).name, at_s / 60) for name, at_s in map(parsed, texts))
