"""Which events of the trail stood on the screen: what a review may be signed for, and nothing else."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from app.domain.people.accounts import Scope


class LookedAt:
    """Of one reader and one scope; another one begins anew. Events by their number in the log."""

    def __init__(self) -> None:
        self._of: tuple[str | None, Scope] | None = None
        self._known: set[int] = set()
        self._seen: set[int] = set()

    def read(self, page: Sequence[int], person_id: str | None, scope: Scope, is_newest: bool) -> None:
        """A page was read, newest first. What came since that no page showed lies between: then it begins anew."""
        is_apart = is_newest and bool(self._known) and not self._known & set(page)
        if self._of != (person_id, scope) or is_apart:
            self._of, self._known, self._seen = (person_id, scope), set(), set()
        self._known |= set(page)

    def saw(self, events: Iterable[int]) -> None:
        self._seen |= self._known & set(events)

    @property
    def events(self) -> int:
        return len(self._seen)

    @property
    def newest(self) -> int:
        return max(self._seen, default=0)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Without a gap among the events of the scope, each from its oldest to its newest; the newest span first."""
        runs = groupby(sorted(self._known, reverse=True), key=self._seen.__contains__)
        found = (list(run) for is_seen, run in runs if is_seen)
        return tuple((run[-1], run[0]) for run in found)
