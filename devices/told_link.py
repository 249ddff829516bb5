"""What is told of a link, and when: a status is made only when somebody is told."""

from datetime import datetime, timedelta

import msgspec

from app.domain.texts import Text

from .link import LinkState, LinkStatus

_EVERY = timedelta(seconds=1)


class ToldLink:
    """Told at once when its state or what is said of it has changed; what it counts and when, once a second.

    `good`, `bad`, `byte_at` and `frame_at` are counted on with each read; `status` is as it was told.
    """

    def __init__(self, first: LinkStatus) -> None:
        self.status = first
        self.good = self.bad = 0
        self.byte_at: datetime | None = None
        self.frame_at: datetime | None = None
        self._told: LinkStatus | None = None
        self._told_at = first.since

    def tell(self, now: datetime, **changes: object) -> LinkStatus | None:
        """What somebody is to be told now, if anything is."""
        before = self.status
        if self._told is not None and now - self._told_at < _EVERY and _stands(before, changes):
            return None
        status = msgspec.structs.replace(
            before, good=self.good, bad=self.bad, last_byte_at=self.byte_at, last_frame_at=self.frame_at, **changes
        )
        if status.state is not before.state:
            status = msgspec.structs.replace(status, since=now)
        self.status = status
        if status == self._told:
            return None
        self._told, self._told_at = status, now
        return status

    def lives(self, now: datetime, hint: Text | None, is_line_found: bool) -> LinkStatus | None:
        """The same of a monitor that is heard: with most of its records there is nothing to tell."""
        told = self.status
        is_told = told.state is LinkState.LIVE and told.is_line_found is is_line_found and told.hint == hint
        if is_told and now - self._told_at < _EVERY:
            return None
        return self.tell(now, state=LinkState.LIVE, hint=hint, is_line_found=is_line_found)


def _stands(status: LinkStatus, said: dict[str, object]) -> bool:
    return all(getattr(status, name) == value for name, value in said.items())
