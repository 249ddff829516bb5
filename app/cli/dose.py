"""`bedside dose`: weight → cells → ml → bags → drops, and whether a giving set can do it."""

import argparse
import json
import sys
from decimal import Decimal
from typing import Any

from app.cli.command import Commands
from app.domain.errors import Refused
from app.domain.products.dose import BagPlan, dose_cells, nominal_bags, plan_bags, read_weight
from app.domain.products.drip_rates import Feasibility, feasibility, feasible_drop_factors, why_not
from app.domain.protocol import Protocol
from app.domain.texts import say


def add(commands: Commands) -> None:
    parser = commands.add_parser("dose", help="dose, bags and drip rates for a body weight")
    parser.add_argument("--weight", required=True, metavar="KG", help="body weight in kg, one decimal at most")
    parser.add_argument("--drop-factor", metavar="N", help="drops per ml of the giving set")
    parser.add_argument("--cells-per-bag", metavar="N", help="cells per bag, where the label states its own count")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from app.services.protocol_files import load
    from app.services.words.words import tr

    try:
        protocol = load().protocol
        answer = dose(protocol, arguments.weight, arguments.drop_factor, arguments.cells_per_bag)
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else _plain(answer))
    return 0


def dose(protocol: Protocol, weight: str, drop_factor: str | None, cells_per_bag: str | None) -> dict[str, Any]:
    """The answer as data. Raises `Refused` for an input that is not accepted; infeasible is an answer."""
    weight_kg = read_weight(weight, protocol.weight)
    cells = dose_cells(weight_kg, protocol)
    per_bag = None if cells_per_bag is None else _whole(cells_per_bag, say("cells per bag"))
    plan = plan_bags(cells, nominal_bags(cells, protocol, per_bag))
    answer: dict[str, Any] = {
        "weight_kg": _tenth(weight_kg),
        "dose_cells": str(cells),
        "volume_ml": _tenth(plan.volume_ml),
        "bags": len(plan.draws),
        "leftover_ml": _tenth(plan.leftover_ml),
    }
    found = None if drop_factor is None else _with_set(plan, drop_factor, protocol)
    return answer | _drip(found, plan, protocol)


def _with_set(plan: BagPlan, drop_factor: str, protocol: Protocol) -> Feasibility:
    factor = _whole(drop_factor, say("drops per ml"))
    known = protocol.infusion.drop_factors_gtt_per_ml
    if factor not in known:
        sets = ", ".join(map(str, known))
        raise Refused(say("No set with {factor} drops/ml is in use. In use: {sets}.", factor=factor, sets=sets))
    return feasibility(plan.volume_ml, factor, protocol.infusion)


def _drip(found: Feasibility | None, plan: BagPlan, protocol: Protocol) -> dict[str, Any]:
    from app.services.words.words import tr

    why = why_not(found, plan.volume_ml, protocol.infusion) if found else None
    return {
        "drops": _tenth(found.drops) if found else None,
        "feasible": found.possible if found else None,
        "reason": tr(why) if why else None,
        "rate_min_gtt_min": _tenth(found.rate_min_gtt_min) if found else None,
        "rate_max_gtt_min": _tenth(found.rate_max_gtt_min) if found else None,
        "feasible_drop_factors": list(feasible_drop_factors(plan.volume_ml, protocol.infusion)),
    }


def _whole(typed: str, what: Any) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) == 0:
        raise Refused(say("“{typed}” is not a whole number above zero ({what}).", typed=typed, what=what))
    return int(typed)


def _tenth(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.1")))


def _plain(answer: dict[str, Any]) -> str:
    width = max(map(len, answer))
    return "\n".join(f"{key:<{width}}  {'—' if value is None else value}" for key, value in answer.items())
