"""The settings as the page shows them: groups, rows with their values, what a search finds, what a trial of limits says."""

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from app.domain.protocol import Limits, Protocol
from app.domain.site.site_settings import offered, why
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from app.jobs.alarm_tuning import Tried
from app.services.record.parts.part_settings import setting_value
from app.services.record.telling import plain
from app.services.words.words import Words

NONE = "—"
_LIMITS = "vitals.limits."
_ENDS: dict[str, Text] = {
    "low": say("lower limit"), "high": say("upper limit"), "very_low": say("far lower limit"), "very_high": say("far upper limit"),
    "delay_s": say("delay before it alarms"),
}  # fmt: skip


class SettingsGroup(NamedTuple):
    """`parts`: beginnings of the keys of site settings that stand in it; none: it is a card of the page."""

    key: str
    name: Text
    parts: tuple[str, ...] = ()


GROUPS: tuple[SettingsGroup, ...] = (
    SettingsGroup("laptop", say("This laptop")),
    SettingsGroup("people", say("People")),
    SettingsGroup("backup", say("Backup")),
    SettingsGroup("laptops", say("Other laptops")),
    SettingsGroup("protocol", say("Protocol file")),
    SettingsGroup("alarms", say("Alarms and limits"), ("vitals.limits", "news2.", "triggers.", "gate.")),
    SettingsGroup("checks", say("Checks and reactions"), ("vitals.", "observation.", "reaction.", "clocks.acute")),
    SettingsGroup("dose", say("Dose and bags"), ("dose.", "weight.", "product.", "labels.", "verification.", "dosing.")),
    SettingsGroup("infusion", say("Infusion and drip"),
                  ("premedication.", "thaw.", "infusion.", "delivery.", "gravimetry.", "ending.", "ward.")),
    SettingsGroup("trial", say("Trial"), ("",)),
    SettingsGroup("about", say("About")),
)  # fmt: skip


class SettingRow(NamedTuple):
    """`key`: of a site setting that may be changed, else of what only a new file changes (`is_offered`). `stated`: the file's own
    value where the site set another. `reason`: what the file says of it.
    """

    key: str
    group: str
    name: Text | str
    value: str
    stated: str
    reason: str
    is_offered: bool


def group_of(key: str) -> str:
    """The first group that the key belongs to."""
    return next(group.key for group in GROUPS if group.parts and key.startswith(group.parts))


def site_rows(protocol: Protocol, stated: Protocol, words: Words) -> list[SettingRow]:
    """Every value that the site decides. `stated`: the same file without what the site set otherwise."""
    known = offered(protocol)
    keys = dict.fromkeys([*known, *(item.key for item in protocol.decided if not any(k.startswith(item.key) for k in known))])
    return [_row(key, protocol, stated, words, key in known) for key in keys]


def _row(key: str, protocol: Protocol, stated: Protocol, words: Words, is_offered: bool) -> SettingRow:
    said = why(protocol, key)
    reason = words.pick(said) if said else ""
    value, before = (shown_value(key, each, words) for each in (protocol, stated))
    return SettingRow(key, group_of(key), limit_name(key) or reason, value, "" if before == value else before, reason, is_offered)


def limit_name(key: str) -> Text | None:
    """Of a limit; other settings are named by what the file says of them."""
    if not key.startswith(_LIMITS):
        return None
    code, _, end = key.removeprefix(_LIMITS).partition(".")
    return say("{vital}: {end}", vital=VITALS[code].name, end=_ENDS[end])


def shown_value(key: str, protocol: Protocol, words: Words) -> str:
    """The value with its unit; “—” for none."""
    if key.startswith(_LIMITS):
        code, _, end = key.removeprefix(_LIMITS).partition(".")
        return _limit(getattr(protocol.vitals.limits_of(code) or Limits(code), end), code, end, words)
    value: Any = protocol
    for name in key.split("."):
        value = None if value is None else getattr(value, name)
    return NONE if value is None or isinstance(value, msgspec.Struct) else setting_value(words, key, value)


def _limit(value: Decimal | int | None, code: str, end: str, words: Words) -> str:
    if value is None:
        return NONE
    if not isinstance(value, Decimal):
        return setting_value(words, end, value)
    return f"{plain(value)} {words.tr(VITALS[code].unit_words)}"


def found_by(row: SettingRow, typed: str, words: Words) -> bool:
    """Whether every word that was typed stands in it somewhere."""
    name = words.tr(row.name) if isinstance(row.name, Text) else row.name
    whole = " ".join((row.key, name, row.value, row.reason)).casefold()
    return all(part in whole for part in typed.casefold().split())


def tried_words(tried: Tried, before: str, now: str) -> Text:
    """“With 88 instead of 90: 3 alarms fewer in 12 infusions”, or how far it is."""
    if tried.failed is not None:
        return tried.failed
    if tried.played < tried.recorded:
        return say("Trying it on the record: {n} of {all} infusions…", n=tried.played, all=tried.recorded)
    if not tried.watched:
        return say("No infusion is recorded yet: there is nothing to try it on.")
    off = tried.after - tried.before
    said = say("With {now} instead of {before}: as many alarms in {infusions} infusions ({was} in {hours} h).")
    if off < 0:
        said = say("With {now} instead of {before}: {n} alarms fewer in {infusions} infusions ({was} → {will} in {hours} h).")
    elif off > 0:
        said = say("With {now} instead of {before}: {n} alarms more in {infusions} infusions ({was} → {will} in {hours} h).")
    values = {"now": now, "before": before, "n": abs(off), "infusions": tried.watched, "was": tried.before, "will": tried.after,
              "hours": f"{tried.hours:.1f}"}  # fmt: skip
    return Text(said.msgid, values)
