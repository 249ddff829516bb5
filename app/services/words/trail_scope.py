"""What of the trail a reviewer looks at: the kinds that can be chosen, and the scope of a review in the reader's words."""

from collections.abc import Iterator, Mapping
from typing import get_args

from app.domain.infusion import facts as e
from app.domain.log import Event, ReviewGroup, stream_of
from app.domain.people import accounts as a
from app.domain.people.accounts import TOLD, Reviewed, Scope
from app.domain.streams import SubjectEvent, TrialEvent
from app.domain.texts import Text, joined, listed, say

from .stream_words import stream_words

GROUP_NAMES: dict[ReviewGroup, Text] = {
    ReviewGroup.CORRECTIONS: say("Corrections"),
    ReviewGroup.SIGNATURES: say("Signatures"),
    ReviewGroup.REFUSALS: say("Refusals and mismatches"),
    ReviewGroup.REACTIONS: say("Reactions"),
    ReviewGroup.WATCH: say("Gaps, clock and monitors"),
    ReviewGroup.ALARMS: say("Alarms"),
    ReviewGroup.SIGN_INS: say("Signing in"),
    ReviewGroup.ACCOUNTS: say("Accounts"),
    ReviewGroup.RECORD: say("Backups, exports, reviews, names"),
    ReviewGroup.RULES: say("Protocol files and site settings"),
}
TOLD_NAME = say("Without seals")
_EVENTS: tuple[type[Event], ...] = (
    *get_args(e.InfusionEvent), *get_args(SubjectEvent), *get_args(TrialEvent), *get_args(a.Happened),
)  # fmt: skip


#: What is for the record alone, and in no group of its own.
QUIET = tuple(dict.fromkeys(kind.__name__ for kind in _EVENTS if kind.is_quiet and not kind.reviewed_as))
_SPANS_TOLD = 6


def dose_of(subject: str, dose: int) -> Text:
    """One infusion, as a reviewer calls it."""
    return joined(" · ", (subject, say("dose {n}", n=dose)))


def kinds(key: str) -> tuple[str, ...]:
    """The class names of one group of events; of none, all."""
    return tuple(dict.fromkeys(kind.__name__ for kind in _EVENTS if key in kind.reviewed_as))


def looked_words(review: Reviewed) -> Text:
    """Of which events somebody signs that they were looked at."""
    told = [str(first) if first == last else f"{first}–{last}" for first, last in review.spans]
    more = ["…"] if len(told) > _SPANS_TOLD else []
    return say("Events looked at: {n} ({spans})", n=review.events, spans=listed([*told[:_SPANS_TOLD], *more]))


def scope_words(scope: Scope | str, names: Mapping[str, str]) -> Text | str:
    """What a review looked at; a record of before has it in the words that its reviewer saw."""
    if isinstance(scope, str):
        return scope
    return listed([say("{name}: {value}", name=name, value=value) for name, value in _set(scope, names)] or [say("everything")])


def _set(scope: Scope, names: Mapping[str, str]) -> Iterator[tuple[Text, Text | str]]:
    """The filters that leave something out."""
    of_kind: dict[str, Text] = {TOLD: TOLD_NAME, **{group.value: name for group, name in GROUP_NAMES.items()}}
    chosen: tuple[tuple[Text, Text | str], ...] = (
        (say("Text in the event"), scope.text),
        (say("Person"), names.get(scope.person, scope.person)),
        (say("Kind"), of_kind.get(scope.kind, scope.kind)),
        (say("Infusion"), _stream(scope)),
        (say("From"), scope.from_day),
        (say("Until"), scope.to_day),
    )
    return (pair for pair in chosen if pair[1])


def _stream(scope: Scope) -> Text | str:
    if scope.subject:
        return dose_of(scope.subject, scope.dose)
    return stream_words(stream_of(scope.stream))
