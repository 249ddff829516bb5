"""The terms of CTCAE 5.0 that matter in this trial: names as in CTCAE, criteria in our own short words."""

from typing import Any

import msgspec

from app.domain.protocol import Bilingual


class TermGrade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one grade of a term asks for."""

    grade: int
    en: str
    zh: str


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`en` is its name in CTCAE. A grade without a criterion does not exist."""

    en: str
    zh: str
    grades: tuple[TermGrade, ...]

    @property
    def name(self) -> Bilingual:
        return Bilingual(self.en, self.zh)

    @property
    def grades_that_exist(self) -> list[int]:
        return [criterion.grade for criterion in self.grades]


class Ctcae(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ctcae_version: str
    terms: tuple[Term, ...]

    def term(self, name: str) -> Term | None:
        """By its English name, in any case."""
        wanted = " ".join(name.split()).casefold()
        return next((term for term in self.terms if term.en.casefold() == wanted), None)


def read_ctcae(data: dict[str, Any]) -> Ctcae:
    """The tables of the file. Raises `msgspec.ValidationError`."""
    return msgspec.convert(data, Ctcae)
