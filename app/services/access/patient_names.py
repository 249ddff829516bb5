"""The names behind subject codes: kept in an encrypted store only (docs/adr/0003), and each look at one is recorded."""

from collections.abc import Callable

from app.domain.errors import Refused
from app.domain.people.accounts import Happened, NameKept, NameShown
from app.domain.people.roles import Person
from app.domain.texts import say
from app.domain.typed_texts import sentence
from app.services.store_settings import StoreSettings


class PatientNames:
    """`happened` writes into the log of the record as a whole."""

    def __init__(self, settings: StoreSettings, is_encrypted: bool, happened: Callable[[Happened, Person | None], None]) -> None:
        self._settings, self._is_encrypted, self._happened = settings, is_encrypted, happened

    def show(self, subject: str, to: Person | None) -> str:
        """The name, if one was given; that it was shown is written down."""
        name = self._settings.patient_name(subject) or ""
        if name:
            self._happened(NameShown(subject), to)
        return name

    def keep(self, subject: str, name: str, by: Person | None) -> None:
        """In place of what was kept; "" erases it. Raises `Refused`."""
        if not self._is_encrypted:
            raise Refused(say("A patient's name is kept in an encrypted record only. Nothing was saved."))
        name = sentence(name)
        self._settings.put_patient_name(subject, name).result()
        self._happened(NameKept(subject, is_erased=not name), by)
