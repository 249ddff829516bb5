"""The protocol file and the site settings of one open store: what is in force, a new file taken, a setting changed.

Each is an event of the stream `trial`. New orders follow it; what was ordered before keeps its own.
"""

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.log import TRIAL, Entry, Event, stream_text
from app.domain.people.roles import ROLE_NAMES, Person, Role
from app.domain.people.signatures import signed
from app.domain.protocol import Protocol as ProtocolRules
from app.domain.protocol import SiteSetting
from app.domain.site.difference import Change, changes
from app.domain.site.in_force import InForce, in_force
from app.domain.site.site_facts import ProtocolCame, ProtocolProposed, ProtocolTaken, SettingChanged
from app.domain.site.site_settings import offered, read_value, toml, who_may_set
from app.domain.texts import listed, say
from app.domain.typed_texts import sentence
from app.services.protocol_files import ProtocolFiles, Trial, load, read_new, shipped
from app.services.ward.ports import Done, Outcome, Post, ignore
from db.log.batch import Batch, Recorded

_STREAM = stream_text(TRIAL)
_MOST_REASON = 500


class EntryReader(Protocol):
    """Where the stream is read."""

    def entries(self, stream: str, /) -> list[Entry]: ...


class Writing(Protocol):
    """The one writer; `flush` ends when everything given before is on the disk."""

    def append(self, batch: Batch, /) -> "Future[list[Recorded]]": ...

    def flush(self) -> "Future[None]": ...


class NewFile(NamedTuple):
    """A file that was read and is right, and how it differs from what is in force."""

    trial: Trial
    changes: tuple[Change, ...]


class SiteRules:
    """On the deciding thread. `trial` is what new orders are made by; `changed` is called with it when it becomes another.

    `given`: what a store begins with; a practice store takes it in any case.
    """

    def __init__(
        self,
        log: EntryReader,
        writing: Writing,
        files: ProtocolFiles,
        given: Trial,
        now: Callable[[], datetime],
        post: Post,
        practice: bool,
    ) -> None:
        self._log, self._writing, self._files, self._now, self._post = log, writing, files, now, post
        self.changed: Callable[[Trial], object] = lambda _trial: None
        self._begin(given, practice)
        self.trial = self._trial(given)

    def _begin(self, given: Trial, practice: bool) -> None:
        found = in_force(self._log.entries(_STREAM))
        if found is None or (practice and found.protocol_sha256 != given.sha256):
            protocol, before = given.protocol, found.protocol_sha256 if found else ""
            is_shipped = not practice or given.sha256 in shipped()
            came = ProtocolCame(given.sha256, protocol.id, protocol.version, before, "program" if is_shipped else "practice")
            self._writing.append(Batch((self._entry(None, came),), files=(given.data,) if given.data else ())).result()
            found = in_force(self._log.entries(_STREAM))
        assert found is not None
        self.in_force: InForce = found

    def _trial(self, given: Trial) -> Trial:
        """Without its file nothing can be ordered; what goes on keeps its own."""
        sha256, settings = self.in_force.protocol_sha256, self.in_force.settings
        data, protocol = self._files.data(sha256), self._files.protocol(sha256, settings)
        if data is None or protocol is None:
            missing = say("The protocol file in force is not at hand ({id} {version}, SHA-256 {hash}): nothing can be "
                          "ordered. Have the record examined.", id=self.in_force.protocol_id,
                               version=self.in_force.protocol_version, hash=sha256[:12])  # fmt: skip
            return replace(given, missing=missing)
        return Trial(protocol, sha256, data, settings)

    def _entry(self, by: Person | None, event: Event) -> Entry:
        return Entry(uuid.uuid4().hex, _STREAM, self._now(), by.person_id if by else None, event)

    # --- a new file

    def read(self, path: Path) -> NewFile:
        """What taking this file would change. Raises `Refused` for one that is wrong, or in force already."""
        new = load(path)
        if new.sha256 == self.trial.sha256 and not self.trial.settings:
            raise Refused(say("This protocol file is in force already."))
        return NewFile(new, changes(self.trial.protocol, new.protocol))

    def take(self, new: NewFile, administrator: Person, investigator: Person, done: Done = ignore) -> None:
        """Both have signed: from now on new orders follow it. Raises `Refused`."""
        _has(administrator, Role.ADMINISTRATOR)
        _has(investigator, Role.INVESTIGATOR)
        trial = new.trial
        facts: dict[str, Any] = {
            "protocol_sha256": trial.sha256,
            "protocol_id": trial.protocol.id,
            "protocol_version": trial.protocol.version,
            "before_sha256": self.trial.sha256,
            "changes": len(new.changes),
        }
        self._writing.flush().result()
        before = self._log.entries(_STREAM)
        proposed = self._entry(administrator, signed(before, ProtocolProposed(**facts), administrator))
        taken = self._entry(investigator, signed([*before, proposed], ProtocolTaken(**facts), investigator))
        self._save(Batch((proposed, taken), files=(trial.data,)), trial, done)

    # --- a setting of the site

    @property
    def offered(self) -> dict[str, str]:
        """What the site decides, with its value as it would be typed."""
        return offered(self.trial.protocol)

    @property
    def stated(self) -> ProtocolRules:
        """The file in force as it stands, without what the site set otherwise."""
        if not self.trial.settings:
            return self.trial.protocol
        return self._files.protocol(self.trial.sha256) or self.trial.protocol

    def read_setting(self, key: str, typed: str) -> Trial:
        """What would be in force with this value. Raises `Refused` naming the key, the value and what is allowed."""
        before = self.offered.get(key)
        if before is None:
            raise Refused(say("{key} is no setting of the site: the protocol itself is changed by a new file.", key=key))
        value = _written(typed)
        if value == before:
            raise Refused(say("This is the value in force."))
        others = [setting for setting in self.trial.settings if setting.key != key]
        settings = tuple(sorted((*others, SiteSetting(key, value)), key=lambda setting: setting.key))
        return read_new(self.trial.data, "", settings)

    def set(self, key: str, typed: str, reason: str, by: Person, done: Done = ignore) -> None:
        """New orders follow it. Raises `Refused`."""
        _has(by, *sorted(who_may_set(key)))
        if not reason.strip() or len(reason) > _MOST_REASON:
            raise Refused(say("Give a reason."))
        trial = self.read_setting(key, typed)
        event = SettingChanged(key, self.offered[key], _written(typed), sentence(reason.strip()))
        self._save(Batch((self._entry(by, event),)), trial, done)

    # --- saved before it counts

    def _save(self, batch: Batch, trial: Trial, done: Done) -> None:
        future = self._writing.append(batch)

        def finished() -> None:
            error = future.exception()
            if error is None:
                self._believe(trial)
                done(Outcome())
            else:
                done(Outcome(failed=getattr(error, "text", say("Writing failed."))))

        future.add_done_callback(lambda _future: self._post(finished))

    def _believe(self, trial: Trial) -> None:
        found = in_force(self._log.entries(_STREAM))
        assert found is not None
        self.in_force, self.trial = found, trial
        self.changed(trial)


def _written(typed: str) -> str:
    """As TOML writes it, whatever spaces were typed."""
    return toml(_tuples(read_value(typed)))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _has(person: Person, *roles: Role) -> None:
    if person.role not in roles:
        raise Refused(say("This needs another role: {who}.", who=listed([ROLE_NAMES[role] for role in roles])))
