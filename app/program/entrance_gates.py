"""What stands before the ward's own record: making it, taking an old one over, or opening it. Then it is handed over."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.jobs import founding
from app.program.language import after, speak
from app.services import clock
from app.services.access import recovery_key, status_file
from app.settings import Preferences
from db.store_errors import StoreError
from ui.entrance.first_start import FoundPage, RecoveryPage
from ui.entrance.unlock import UnlockPage
from ui.frame.shell import Shell

_TICK_MS = 1000


class Opened(msgspec.Struct, frozen=True):
    """The way in that was found. `person_id`: whose password it was; None: the recovery key."""

    key: bytes
    person_id: str | None


Then = Callable[[Opened], Text | None]
"""Opens the record; gives back why it could not."""


class Gates:
    """Asks in the window of `shell` until the record is open."""

    def __init__(self, shell: Shell, preferences: Preferences, store: Path, then: Then) -> None:
        self._shell, self._preferences, self._store, self._then = shell, preferences, store, then
        self._unlock: UnlockPage | None = None
        self._language = shell.window.top.language_pressed.connect(self._other_language)

    def _other_language(self) -> None:
        speak(self._shell, self._preferences, after(self._shell.words.language))

    def _leave(self, key: str) -> None:
        """What runs now takes over, and what was typed here is gone."""
        self._unlock = None
        self._shell.window.top.language_pressed.disconnect(self._language)
        self._shell.window.drop_page(key)

    def ask(self) -> None:
        """Raises `Refused`, `OSError` where the key file cannot be read."""
        kind = founding.kind_of(self._store)
        if kind is founding.Kind.ENCRYPTED:
            self._ask_who()
        else:
            self._ask_founder(kind is founding.Kind.PLAIN)

    # --- a record that is there

    def _ask_who(self) -> None:
        status = status_file.read(status_file.beside(self._store))
        page = self._unlock = UnlockPage(self._shell.kit, founding.ways_in(self._store), status)
        page.wanted.connect(self._unlocked)
        page.recovery_wanted.connect(self._recovered)
        self._shell.every(_TICK_MS, self._tick)
        self._tick()
        self._show("unlock", page)

    def _tick(self) -> None:
        if self._unlock is not None:
            self._unlock.tick(clock.wall_utc())

    def _unlocked(self, person_id: str, password: str) -> None:
        self._shell.settle()
        self._try(lambda: Opened(founding.unlocked(self._store, person_id, password), person_id))

    def _recovered(self, typed: str) -> None:
        self._try(lambda: Opened(founding.recovered(self._store, typed), None))

    def _try(self, way: Callable[[], Opened]) -> None:
        page = self._unlock
        try:
            why_not = self._then(way())
        except (Refused, StoreError) as error:
            why_not = error.text
        except OSError as error:
            why_not = say("The file of keys cannot be read: {why}.", why=error.strerror or str(error))
        if why_not is None:
            self._leave("unlock")
        elif page is not None:
            page.refuse(why_not)

    # --- none yet, or a plain one

    def _ask_founder(self, takes_over: bool) -> None:
        page = FoundPage(self._shell.kit, takes_over)
        page.wanted.connect(lambda *texts: self._found(page, founding.Founder(*texts)))
        self._show("found", page)

    def _found(self, page: FoundPage, founder: founding.Founder) -> None:
        self._shell.settle()
        try:
            made = founding.found(self._store, founder)
        except (Refused, StoreError) as error:
            page.say_here(error.text)
            return
        except OSError as error:
            page.say_here(say("The record cannot be made: {why}.", why=error.strerror or str(error)))
            return
        opened = Opened(made.key, founder.person_id.strip())
        shown = RecoveryPage(self._shell.kit, recovery_key.written(made.secret))
        shown.done.connect(lambda: self._go_on(shown, opened))
        self._show("recovery", shown)
        self._shell.window.drop_page("found")

    def _go_on(self, page: RecoveryPage, opened: Opened) -> None:
        why_not = self._then(opened)
        if why_not is None:
            self._leave("recovery")
        else:
            page.say_here(why_not)

    def _show(self, key: str, page: FoundPage | RecoveryPage | UnlockPage) -> None:
        self._shell.window.add_page(key, page)
        self._shell.window.show_page(key)
        page.setFocus()
