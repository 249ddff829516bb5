"""Signed by the laptop it comes from: what was changed, or comes from elsewhere, is not believed."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.products.parcel import Laptop, packed
from app.services.access.seals import Own, fingerprint, read, unsealed, written
from tests.domain.cast import EVERYBODY
from tests.domain.play import prepared

PHARMACY = Own(Laptop("store p", "Pharmacy"), b"p" * 32, practice=False)
OTHER = Own(Laptop("store p", "Pharmacy"), b"q" * 32, practice=False)
PARCEL = packed(prepared("released").entries, PHARMACY.card.laptop, Laptop("store w", "Ward 3"), EVERYBODY)
SEALED = PHARMACY.sealed(PARCEL)


def test_what_was_sealed_is_believed_by_its_own_key() -> None:
    assert unsealed(SEALED).believe(PHARMACY.card.public_key) == PARCEL


def test_the_same_parcel_is_sealed_the_same_each_time() -> None:
    assert PHARMACY.sealed(PARCEL) == SEALED


def test_another_laptops_key_does_not_fit() -> None:
    with pytest.raises(Refused, match="does not bear the signature of Pharmacy"):
        unsealed(SEALED).believe(OTHER.card.public_key)


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_one_changed_byte_is_never_believed(at: int, change: int) -> None:
    wrong = bytearray(SEALED)
    wrong[at] ^= change
    with pytest.raises(Refused):
        unsealed(bytes(wrong)).believe(PHARMACY.card.public_key)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_without_a_fault(data: bytes) -> None:
    for attempt in (data, bytes(64) + zlib.compress(data)):
        with pytest.raises(Refused, match="no release"):
            unsealed(attempt)
        with pytest.raises(Refused, match="no laptop's code"):
            read(attempt)


def test_a_small_file_that_unpacks_to_very_much_is_refused() -> None:
    with pytest.raises(Refused, match="no release"):
        unsealed(bytes(64) + zlib.compress(b" " * 5_000_000))


def test_a_card_comes_back_and_its_key_is_a_key() -> None:
    assert read(written(PHARMACY.card)) == PHARMACY.card
    short = PHARMACY.card.__class__("store p", "Pharmacy", b"short", practice=False)
    with pytest.raises(Refused, match="no laptop's code"):
        read(written(short))


def test_two_laptops_never_look_the_same() -> None:
    shown = {fingerprint(own.card.store_id, own.card.public_key) for own in (PHARMACY, OTHER)}
    shown.add(fingerprint("store x", PHARMACY.card.public_key))
    assert len(shown) == 3
    assert all(len(text) == 19 and text.count("-") == 3 for text in shown)
