"""What stands before the ward's own record: making it, taking an old one over, or opening it. Then it is handed over."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.domain.errors import Refused
from app.domain.people.own_keys import key_fingerprint
from app.domain.texts import Text, say
from app.jobs import unlocking
from app.jobs.first_record import FirstAdministrator, StoreKind, make_first_record, store_kind
from app.services import clock
from app.services.access import recovery_key, status_file
from db.store_errors import StoreError
from ui.entrance.entrance_page import EntranceKey, EntrancePage
from ui.entrance.unlock import UnlockPage
from ui.frame.appearance import Appearance
from ui.frame.shell import Shell

if TYPE_CHECKING:
    from ui.entrance.first_start import FirstAccountPage, RecoveryPage

_TICK_MS = 1000


class WayIn(msgspec.Struct, frozen=True):
    """The way in that was found. `person_id`: whose password it was; None: the recovery key, whose `secret` was printed."""

    key: bytes
    person_id: str | None
    password: str = ""
    secret: bytes = b""


Then = Callable[[WayIn], Text | None]
"""Opens the record; gives back why it could not."""


class Entrance:
    """Asks in the window of `shell` until the record is open."""

    def __init__(self, shell: Shell, appearance: Appearance, store: Path, then: Then) -> None:
        self._shell, self._store, self._then = shell, store, then
        self._unlock: UnlockPage | None = None
        self._language = shell.window.top.language_pressed.connect(appearance.next_language)

    def _leave(self, key: EntranceKey) -> None:
        """What runs now takes over, and what was typed here is gone."""
        self._unlock = None
        self._shell.window.top.language_pressed.disconnect(self._language)
        self._shell.window.drop_page(key)

    def ask(self) -> None:
        """Raises `Refused`, `OSError` where the key file cannot be read."""
        kind = store_kind(self._store)
        if kind is StoreKind.ENCRYPTED:
            self._ask_who()
        else:
            self._ask_first_account(kind is StoreKind.PLAIN)

    # --- a record that is there

    def _ask_who(self) -> None:
        status = status_file.read(status_file.beside(self._store))
        page = self._unlock = UnlockPage(self._shell.kit, unlocking.password_holders(self._store), status)
        page.wanted.connect(self._by_password)
        page.recovery_wanted.connect(self._by_recovery_key)
        self._shell.every(_TICK_MS, self._tick)
        self._tick()
        self._show(EntranceKey.UNLOCK, page)

    def _tick(self) -> None:
        if self._unlock is not None:
            self._unlock.tick(clock.wall_utc())

    def _by_password(self, person_id: str, password: str) -> None:
        self._shell.settle()
        self._try(lambda: WayIn(unlocking.key_by_password(self._store, person_id, password), person_id, password))

    def _by_recovery_key(self, typed: str) -> None:
        self._try(lambda: WayIn(unlocking.key_by_recovery_key(self._store, typed), None, secret=recovery_key.read(typed)))

    def _try(self, way: Callable[[], WayIn]) -> None:
        page = self._unlock
        try:
            why_not = self._then(way())
        except (Refused, StoreError) as error:
            why_not = error.text
        except OSError as error:
            why_not = say("The file of keys cannot be read: {why}.", why=error.strerror or str(error))
        if why_not is None:
            self._leave(EntranceKey.UNLOCK)
        elif page is not None:
            page.refuse(why_not)

    # --- none yet, or a plain one

    def _ask_first_account(self, takes_over: bool) -> None:
        from ui.entrance.first_start import FirstAccountPage

        page = FirstAccountPage(self._shell.kit, takes_over)
        page.wanted.connect(lambda *texts: self._make(page, FirstAdministrator(*texts)))
        self._show(EntranceKey.FIRST_ACCOUNT, page)

    def _make(self, page: "FirstAccountPage", first: FirstAdministrator) -> None:
        self._shell.settle()
        try:
            made = make_first_record(self._store, first)
        except (Refused, StoreError) as error:
            page.say_here(error.text)
            return
        except OSError as error:
            page.say_here(say("The record cannot be made: {why}.", why=error.strerror or str(error)))
            return
        from ui.entrance.first_start import RecoveryPage

        way_in = WayIn(made.key, first.person_id.strip(), first.password)
        shown = RecoveryPage(self._shell.kit, recovery_key.written(made.secret), founder=key_fingerprint(made.founder.public_key))
        shown.done.connect(lambda: self._go_on(shown, way_in))
        self._show(EntranceKey.RECOVERY_KEY, shown)
        self._shell.window.drop_page(EntranceKey.FIRST_ACCOUNT)

    def _go_on(self, page: "RecoveryPage", way_in: WayIn) -> None:
        why_not = self._then(way_in)
        if why_not is None:
            self._leave(EntranceKey.RECOVERY_KEY)
        else:
            page.say_here(why_not)

    def _show(self, key: EntranceKey, page: EntrancePage) -> None:
        self._shell.window.add_page(key, page)
        self._shell.window.show_page(key)
        page.setFocus()
