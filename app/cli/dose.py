"""`bedside dose`: weight → cells → ml → bags → drops, and whether a giving set can do it."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from app.cli.options.command import Commands, add_protocol, chosen
from app.domain.errors import Refused
from app.domain.products.dose import BagContent, BagPlan, dose_cells, nominal_bags, plan_bags, read_weight
from app.domain.products.drip_rates import Feasibility, feasibility, feasible_drop_factors, why_not
from app.domain.protocol import Protocol
from app.domain.texts import say

#: Whole cells and ml, as on a label.
_BAG = re.compile(r"(?P<cells>[1-9][0-9]{0,11}):(?P<ml>(?=[0-9.]*[1-9])[0-9]{1,4}(?:\.[0-9]{1,3})?)")


def add(commands: Commands) -> None:
    parser = commands.add_parser("dose", help="dose, bags and drip rates for a body weight")
    parser.add_argument("--weight", required=True, metavar="KG", help="body weight in kg, one decimal at most")
    parser.add_argument("--drop-factor", metavar="N", help="drops per ml of the giving set")
    parser.add_argument("--cells-per-bag", metavar="N", help="cells per bag, where the label states its own count")
    each = "a bag as labelled, for example 70000000:100; once for each, in the order in which they hang"
    parser.add_argument("--bag", action="append", metavar="CELLS:ML", help=each)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_protocol(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from app.services.words.words import tr

    try:
        protocol = chosen(arguments).protocol
        answer = dose(protocol, arguments.weight, arguments.drop_factor, arguments.cells_per_bag, arguments.bag or ())
    except Refused as refusal:
        print(tr(refusal.text), file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else _plain(answer))
    if "cells_short" in answer:
        short = say("The bags hold too few cells: {cells} of {dose} are missing.",
                    cells=answer["cells_short"], dose=answer["dose_cells"])  # fmt: skip
        print(tr(short), file=sys.stderr)
        return 2
    return 0


def dose(
    protocol: Protocol, weight: str, drop_factor: str | None, cells_per_bag: str | None, bags: Sequence[str] = ()
) -> dict[str, Any]:
    """The answer as data. Raises `Refused` for an input that is not accepted; infeasible is an answer, and so is too little.

    `bags`, each CELLS:ML, are given in their order; the answer then tells the draws, all to one decimal, half up.
    """
    weight_kg = read_weight(weight, protocol.weight)
    cells = dose_cells(weight_kg, protocol)
    contents = _contents(protocol, cells, cells_per_bag, bags)
    plan = plan_bags(cells, contents)
    rounding = ROUND_HALF_UP if bags else ROUND_HALF_EVEN
    answer: dict[str, Any] = {
        "weight_kg": _tenth(weight_kg),
        "dose_cells": str(cells),
        "volume_ml": _tenth(plan.volume_ml, rounding),
        "bags": len(plan.draws),
        "leftover_ml": _tenth(plan.leftover_ml, rounding),
    }
    found = None if drop_factor is None else _with_set(plan, drop_factor, protocol)
    return answer | _drip(found, plan, protocol, rounding) | (_draws(plan, rounding) if bags else {})


def _contents(protocol: Protocol, cells: int, cells_per_bag: str | None, bags: Sequence[str]) -> tuple[BagContent, ...]:
    if bags and cells_per_bag is not None:
        raise Refused(say("Give either --bag or --cells-per-bag, not both."))
    if bags:
        return tuple(_bag(typed, place) for place, typed in enumerate(bags, start=1))
    per_bag = None if cells_per_bag is None else _whole(cells_per_bag, say("cells per bag"))
    return nominal_bags(cells, protocol, per_bag)


def _bag(typed: str, place: int) -> BagContent:
    found = _BAG.fullmatch(typed)
    if not found:
        raise Refused(say("“{typed}” is not a bag. Write its cells and its ml, for example 100000000:100.", typed=typed))
    return BagContent(str(place), int(found["cells"]), Decimal(found["ml"]))


def _draws(plan: BagPlan, rounding: str) -> dict[str, Any]:
    drawn = [{"cells": f"{draw.cells:f}", "ml": _tenth(draw.volume_ml, rounding)} for draw in plan.draws]
    short = {"cells_short": f"{plan.missing_cells:f}"} if plan.missing_cells > 0 else {}
    return {"draws": drawn, **short}


def _with_set(plan: BagPlan, drop_factor: str, protocol: Protocol) -> Feasibility:
    factor = _whole(drop_factor, say("drops per ml"))
    known = protocol.infusion.drop_factors_gtt_per_ml
    if factor not in known:
        sets = ", ".join(map(str, known))
        raise Refused(say("No set with {factor} drops/ml is in use. In use: {sets}.", factor=factor, sets=sets))
    return feasibility(plan.volume_ml, factor, protocol.infusion)


def _drip(found: Feasibility | None, plan: BagPlan, protocol: Protocol, rounding: str) -> dict[str, Any]:
    from app.services.words.words import tr

    why = why_not(found, plan.volume_ml, protocol.infusion) if found else None
    return {
        "drops": _tenth(found.drops, rounding) if found else None,
        "feasible": found.possible if found else None,
        "reason": tr(why) if why else None,
        "rate_min_gtt_min": _tenth(found.rate_min_gtt_min, rounding) if found else None,
        "rate_max_gtt_min": _tenth(found.rate_max_gtt_min, rounding) if found else None,
        "feasible_drop_factors": list(feasible_drop_factors(plan.volume_ml, protocol.infusion)),
    }


def _whole(typed: str, what: Any) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed) == 0:
        raise Refused(say("“{typed}” is not a whole number above zero ({what}).", typed=typed, what=what))
    return int(typed)


def _tenth(value: Decimal | None, rounding: str = ROUND_HALF_EVEN) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.1"), rounding=rounding))


def _plain(answer: dict[str, Any]) -> str:
    width = max(map(len, answer))
    return "\n".join(f"{key:<{width}}  {_shown(value)}" for key, value in answer.items())


def _shown(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return ", ".join(f"{draw['cells']} in {draw['ml']} ml" for draw in value)
    return "—" if value is None else str(value)
