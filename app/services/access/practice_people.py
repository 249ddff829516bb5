"""The people of practice and rehearsal; their secrets stand on the screen."""

from argon2 import PasswordHasher

from app.domain.people.roles import Person, Role

from .kept_secrets import Hashes

PRACTICE: tuple[tuple[Person, str], ...] = (
    (Person("N-01", "N-01", Role.NURSE), "1111"),
    (Person("N-02", "N-02", Role.NURSE), "2222"),
    (Person("P-01", "P-01", Role.PHARMACIST), "3333"),
    (Person("I-01", "I-01", Role.INVESTIGATOR), "4444"),
)


def cheap_hashes(secret: str) -> Hashes:
    """Of somebody whose password and PIN are one and no secret."""
    kept = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(secret)
    return Hashes(kept, kept)
