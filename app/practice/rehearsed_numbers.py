"""What a rehearsal tells at its end, read off its infusion."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Check, Counts, count, observation_checks
from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import observation_due_at
from app.services.words.words import utc_iso


def counts(found: list[Check], now: datetime) -> dict[str, int]:
    counts: Counts = count(found, now)
    return {name: getattr(counts, name) for name in counts.__struct_fields__}


def rates(state: Infusion) -> dict[str, list[dict[str, Any]]]:
    """Drops/min with the minute of the infusion at which each was set or measured."""
    rates: dict[str, list[dict[str, Any]]] = {"set": [], "measured": []}
    for entry in state.entries:
        event = entry.event
        if isinstance(event, e.RateGiven):
            rates["set"].append(rate(state, entry.at, event.rate_gtt_min))
        elif isinstance(event, e.RateMeasured):
            rates["measured"].append(rate(state, entry.at, event.rate_gtt_min))
    return rates


def rate(state: Infusion, at: datetime, rate: Decimal) -> dict[str, Any]:
    assert state.started_at is not None
    return {"minute": round((at - state.started_at).total_seconds() / 60, 1), "gtt_min": float(rate)}


def from_monitor(state: Infusion) -> list[int]:
    """How many values each check took from the monitor."""
    checks = [entry.event for entry in state.entries if isinstance(entry.event, e.VitalsRecorded)]
    return [sum(value.source == "monitor" for value in check.values) for check in checks]


def gaps(state: Infusion) -> list[dict[str, Any]]:
    """Spans without the monitor, and spans in which nobody watched."""
    gaps: list[dict[str, Any]] = []
    lost: datetime | None = None
    for entry in state.entries:
        if isinstance(entry.event, e.LinkLost):
            lost = entry.at
        elif isinstance(entry.event, e.LinkFound) and lost is not None:
            gaps.append({"cause": "monitor", "from": iso(lost), "to": iso(entry.at)})
            lost = None
        elif isinstance(entry.event, e.WatchLost):
            gaps.append({"cause": entry.event.cause, "from": iso(entry.event.from_at), "to": iso(entry.at)})
    if lost is not None:
        gaps.append({"cause": "monitor", "from": iso(lost), "to": None})
    return gaps


def observation(state: Infusion, now: datetime) -> dict[str, Any]:
    return {
        "opened": iso(state.ended_at),
        "due": iso(observation_due_at(state)),
        "closed": iso(state.observation_closed_at),
        "outcome": state.observation.outcome if state.observation else None,
        "checks": counts(observation_checks(state, now), now),
    }


def iso(at: datetime | None) -> str | None:
    return None if at is None else utc_iso(at)


def tenth(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 1))
