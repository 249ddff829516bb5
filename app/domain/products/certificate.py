"""A bag's certificate point by point: what was wanted, what was found, whether it passes."""

from collections.abc import Iterator

import msgspec

from app.domain.infusion.facts import CertificateRecorded
from app.domain.protocol import Product
from app.domain.texts import Text, say

#: Points that a protocol may ask for; another name stands as the protocol writes it.
NAMES: dict[str, Text] = {
    "viability": say("viability"),
    "microorganisms": say("micro-organisms"),
    "purity": say("purity"),
    "tumorigenicity": say("tumorigenicity"),
    "gmp": say("GMP manufacture"),
    "appearance": say("appearance"),
    "storage": say("storage and transport"),
}


class Point(msgspec.Struct, frozen=True):
    """`passed` is None where the certificate does not tell."""

    key: str
    passed: bool | None

    @property
    def name(self) -> Text | str:
        return NAMES.get(self.key, self.key)


def points(found: CertificateRecorded | None, product: Product) -> tuple[Point, ...]:
    """Every point that the release asks for, in the protocol's order. Exactly the least viability passes."""
    return tuple(_points(found, product))


def _points(found: CertificateRecorded | None, product: Product) -> Iterator[Point]:
    yield Point("viability", found.viability_pct >= product.min_viability_pct if found else None)
    for test in product.certificate_tests:
        yield Point(test, found.tests.get(test) if found else None)
    yield Point("appearance", found.appearance_ok if found else None)
    yield Point("storage", found.storage_ok if found else None)
