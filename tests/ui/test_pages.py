"""The table of pages: one row a page, and who may open what."""

from pathlib import Path

import pytest

from app.domain.people.roles import Person, Role
from ui.frame.pages import PAGES, PageKey, first_page, may_open, pages_of

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


def test_each_key_has_one_row_and_each_row_an_icon() -> None:
    assert [row.key for row in PAGES] == list(PageKey)
    assert [row.key for row in PAGES if not (ICONS / f"{row.icon}.svg").is_file()] == []


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.NURSE, ["ward", "infusion", "handover", "dispense", "trial", "records", "devices", "settings"]),
        (Role.PHARMACIST, ["ward", "dispense", "records", "settings"]),
        (Role.INVESTIGATOR, ["ward", "infusion", "handover", "dispense", "trial", "records", "trail", "devices", "settings"]),
        (Role.MONITOR, ["ward", "infusion", "trial", "records", "trail", "settings"]),
        (Role.ADMINISTRATOR, ["trail", "devices", "settings"]),
        (Role.EMERGENCY, ["ward", "infusion"]),
    ],
)
def test_what_each_role_may_open(role: Role, pages: list[str]) -> None:
    person = Person("x", "x", role)
    assert [row.key for row in pages_of(person)] == pages
    assert first_page(person) == ("settings" if role is Role.ADMINISTRATOR else pages[0])


def test_nobody_and_no_page_open_nothing() -> None:
    assert pages_of(None) == ()
    assert not may_open(Person("x", "x", Role.NURSE), "sign_in")
