"""The calendars worked out so far: one that rests on the same as before is not worked out again."""

from app.domain.protocol import Protocol
from app.domain.trial.due import DueItem, due_items
from app.domain.trial.rules import TrialRules
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import TrialData


class Calendars:
    """What they rest on is compared by identity, but for the doses and the day: a state is made anew when something is saved."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], tuple[object, ...], tuple[DueItem, ...]]] = {}

    def of(self, data: TrialData, s: SubjectState, protocol: Protocol, rules: TrialRules) -> tuple[DueItem, ...]:
        things, numbers = (s, data.protocol_of(s.code, protocol), rules), (data.doses.get(s.code), data.today)
        kept = self._kept.get(s.code)
        if kept is not None and kept[1] == numbers and all(a is b for a, b in zip(kept[0], things, strict=True)):
            return kept[2]
        items = due_items(data, s, protocol, rules)
        self._kept[s.code] = things, numbers, items
        return items
