"""`record.json`: everything the record shows, as data. Decimals as strings, times ISO 8601 UTC (`Z`)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Check, checks
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.drip_volume import delivered, minutes, running_min
from app.domain.infusion.given.cells_given import cells_given
from app.domain.infusion.given.plans import PlanChange, plan_as_released, plan_changes
from app.domain.infusion.state import Infusion, no_file
from app.domain.infusion.summary import summary
from app.domain.log import Entry, Event, encode
from app.domain.people.signatures import MEANING_NAMES, Signature, signatures
from app.domain.products.dose import BagPlan
from app.domain.products.drip_rates import feasibility
from app.domain.vitals.vital_signs import VITALS
from app.domain.watch.alarm_log import alarm_list
from app.services.record.data.alarm_data import alarm_data
from app.services.record.parts.part_close import next_dose_dates
from app.services.record.source import RecordSource
from app.services.words.catalogue import LANGUAGES
from app.services.words.event_words import describe
from app.services.words.signature_words import state_words
from app.services.words.words import Words

FORMAT = 1


def record_json(source: RecordSource) -> bytes:
    """The whole record, keys in a fixed order, two spaces of indent; at its end what the laptop signs, as it signed it."""
    witness = {} if source.witness is None else {"witness": source.witness}
    return msgspec.json.format(msgspec.json.encode(as_data(record(source)) | witness), indent=2)


def record(source: RecordSource) -> dict[str, Any]:
    if source.state.known_protocol is None:
        return _as_recorded(source)
    s, now = source.state, source.made_at
    return {
        "format": FORMAT,
        "made_at": now,
        "program": source.version,
        "store_id": source.store_id,
        "chain_head": {"seq": source.head.seq, "hash": source.head.hash},
        "event_count": len(source.entries),
        "infusion_id": s.infusion_id,
        "practice": s.order.practice,
        "simulated": source.simulated,
        "phase": s.phase.value,
        "order": _plain(s.order),
        "people": {key: {"name": p.name, "role": p.role.value} for key, p in source.people.items()},
        "infusion": _struct(summary(s, now).infusion),
        "dose": _dose(s),
        "bags": [_struct(b) for b in s.bags.values()],
        "premedication": _plain(s.premedication) if s.premedication else None,
        "stages": _stages(s, now),
        "given": _given(s),
        "rates": [_entry(x) for x in source.entries if isinstance(x.event, _RATES)],
        "checks": [_check(k) for k in checks(s, now) if k.entry or k.due_at <= now],
        "alarms": [alarm_data(line) for line in alarm_list(source.entries)],
        "observation": _struct(summary(s, now).observation),
        "deviations": [{"at": d.at, "text": str(d.text), "reason": d.reason} for d in deviations(s, now)],
        "signatures": {key: {"by": x.by, "at": x.at} for key, x in s.signatures.items()},
        "signed": [_signature(source, x) for x in signatures(source.entries)],
        "next_dose": next_dose_dates(s),
        "site_settings": [d.key for d in s.protocol.decided],
        "protocol": _struct(s.protocol),
        "events": [_entry(x) | {"words": _line(source, x)} for x in source.entries],
        "samples": _samples(source),
    }


def _as_recorded(source: RecordSource) -> dict[str, Any]:
    """Of an infusion whose protocol file is not at hand (`protocol` is None): what was recorded, and nothing computed from it."""
    s = source.state
    return {
        "format": FORMAT,
        "made_at": source.made_at,
        "program": source.version,
        "store_id": source.store_id,
        "chain_head": {"seq": source.head.seq, "hash": source.head.hash},
        "event_count": len(source.entries),
        "infusion_id": s.infusion_id,
        "practice": s.order.practice,
        "simulated": source.simulated,
        "phase": s.phase.value,
        "order": _plain(s.order),
        "people": {key: {"name": p.name, "role": p.role.value} for key, p in source.people.items()},
        "signed": [_signature(source, x) for x in signatures(source.entries)],
        "protocol": None,
        "why_no_protocol": str(no_file(s.order)),
        "events": [_entry(x) | {"words": _line(source, x)} for x in source.entries],
        "samples": _samples(source),
    }


def _samples(source: RecordSource) -> dict[str, Any]:
    """Tens of thousands of rows, many of one moment: turned here, and not looked through again."""
    moments = {at: _utc(at) for at in {at for _, at, _ in source.samples}}
    rows = [(moments[at], code, _number(value)) for code, at, value in source.samples]
    columns, units = ["at", "vital", "value"], {v.code: v.unit for v in VITALS.values()}
    return {"columns": columns, "units": units, "rows": msgspec.Raw(msgspec.json.encode(rows))}


_RATES = e.RateGiven | e.RateMeasured | e.Paused


def as_data(value: Any) -> Any:
    """Decimals as plain strings and times as UTC text, all the way down."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return value


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _struct(value: Any) -> Any:
    return None if value is None else msgspec.to_builtins(value, builtin_types=(Decimal, datetime))


def _plain(event: Event) -> Any:
    return msgspec.json.decode(encode(event))


def _number(value: Decimal | float | None) -> str | None:
    return None if value is None else f"{Decimal(str(value)):f}"


def _entry(entry: Entry) -> dict[str, Any]:
    return {"event_id": entry.event_id, "at": entry.at, "by": entry.by, "co": entry.co, "event": _plain(entry.event)}


def _signature(source: RecordSource, s: Signature) -> dict[str, Any]:
    """`void_by`, `replaced_by`: the correction's and the newer signature's event ids."""
    person = source.people.get(s.by or "")
    return {
        "event_id": s.entry.event_id,
        "by": s.by,
        "printed_name": s.printed_name,
        "role": person.role.value if person else None,
        "meaning": {"code": s.meaning, **{lang: Words(lang).tr(MEANING_NAMES[s.meaning]) for lang in LANGUAGES}},
        "at": s.at,
        "at_local": s.at.astimezone().isoformat(timespec="seconds"),
        "sha256": s.sha256,
        "status": s.status,
        "void_since": s.void_by.at if s.void_by else None,
        "void_by": s.void_by.event_id if s.void_by else None,
        "replaced_by": s.replaced_by.event_id if s.replaced_by else None,
        "state_words": [Words("en").tr(text) for text in state_words(s)],
    }


def _line(source: RecordSource, entry: Entry) -> str:
    return Words("en").tr(describe(entry, source.state, source.names))


def _dose(s: Infusion) -> dict[str, Any] | None:
    plan = s.plan
    if plan is None or s.weight is None:
        return None
    drops = None
    if s.drop_factor and s.planned_ml:
        drops = _struct(feasibility(s.planned_ml, s.drop_factor, s.protocol.infusion))
    return {
        "weight_kg": s.weight.weight_kg,
        "cells": plan.dose_cells,
        "draws": [_struct(d) for d in plan.draws],
        "planned_ml": s.planned_ml,
        "leftover_ml": plan.leftover_ml,
        "viable_cells": plan.viable_cells,
        "drops": drops,
        "as_released": _plan(plan_as_released(s)),
        "changes": [_plan_change(c) for c in plan_changes(s)],
    }


def _plan(plan: BagPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {"cells": plan.dose_cells, "draws": [_struct(d) for d in plan.draws], "volume_ml": plan.volume_ml}


def _plan_change(change: PlanChange) -> dict[str, Any]:
    """`by` and `witness` are the two people who let another bag come next."""
    event = change.event
    return {
        "at": change.at,
        "by": change.by,
        "witness": event.witness,
        "bag_id": event.bag_id,
        "instead_of": event.instead_of,
        "is_mix_up": event.is_mix_up,
        "reason": event.reason,
        "before": _plan(change.before),
        "after": _plan(change.after),
    }


def _stages(s: Infusion, now: datetime) -> dict[str, Any]:
    ended = s.ended_at
    whole = minutes(ended - s.started_at) if s.started_at and ended else None
    running = [running_min(s, n, now) for n in range(len(s.protocol.infusion.stages))]
    return {"reached": dict(s.reached), "running_min": running, "whole_min": whole}


def _given(s: Infusion) -> dict[str, Any]:
    have = delivered(s, s.ended_at) if s.ended_at else None
    return {"delivered_ml": _struct(have), "planned_ml": s.planned_ml, "within_tolerance": within_tolerance(s),
            "flushed_ml": s.flushed_ml, "cells": _struct(cells_given(s, s.ended_at)) if s.ended_at else None}  # fmt: skip


def _check(check: Check) -> dict[str, Any]:
    return {
        "period": check.period,
        "slot_min": check.slot_min,
        "due_at": check.due_at,
        "status": check.status.value,
        "late_s": check.late_s,
        "entry": _entry(check.entry) if check.entry else None,
    }
