"""Where accounts are kept: what happened in the log, hashes in the table of people, passwords as ways into the store."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from app.domain.errors import Refused
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.texts import say
from app.services.access import keyfile
from app.services.access.kept_secrets import Hashes
from db.log.batch import Batch, Recorded
from db.recorder import Recorder


class AccountStore:
    """What could not be written is tried again with the next `look`; it stands in the log once, however often."""

    def __init__(self, store: Path, recorder: Recorder, key: bytes | None, cost: keyfile.Stretching = keyfile.STRONG) -> None:
        self._keys, self._recorder, self._key, self._cost = keyfile.beside(store), recorder, key, cost
        self._waiting: list[tuple[Entry, Future[list[Recorded]]]] = []

    def happened(self, entry: Entry) -> None:
        self._waiting.append((entry, self._recorder.append(Batch((entry,)))))

    def look(self) -> None:
        """At each look at the ward."""
        while self._waiting and self._waiting[0][1].done():
            entry, future = self._waiting[0]
            if future.exception() is not None:
                self._waiting[0] = entry, self._recorder.append(Batch((entry,)))
                return
            del self._waiting[0]

    def put(self, person: Person, hashes: Hashes, disabled_at: datetime | None) -> None:
        self._recorder.put_person(person, hashes.pin, disabled_at, hashes.password)

    def wrap(self, person_id: str, password: str | None) -> None:
        """A new way into an encrypted store, or (None) one less. Raises `Refused`."""
        key = self._key
        if key is None:
            return
        if password is None:
            self._change(lambda keys: keys.without(person_id))
        else:
            self._change(lambda keys: keys.with_password(person_id, password, key, self._cost))

    def wrap_recovery(self, secret: bytes) -> None:
        """Another recovery key. Raises `Refused`."""
        key = self._key
        if key is not None:
            self._change(lambda keys: keys.with_recovery(secret, key))

    def _change(self, change: Callable[[keyfile.KeyFile], keyfile.KeyFile]) -> None:
        try:
            keyfile.save(self._keys, change(keyfile.load(self._keys)))
        except OSError as error:
            why = error.strerror or str(error)
            raise Refused(say("The file of keys cannot be written: {why}. Nothing was changed.", why=why)) from error
