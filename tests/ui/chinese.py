"""Chinese letters cannot be judged where no font draws them."""

import pytest

from ui.kit.look.fonts import has_chinese_font


def needs_chinese() -> None:
    """Skip the rest of the test, or of the subtest, on a computer without a Chinese font; English is judged before it."""
    if not has_chinese_font():
        pytest.skip("no Chinese font on this computer")


def needs_letters_of(language: str) -> None:
    """The same, where a test goes through the languages: English comes first."""
    if language == "zh_CN":
        needs_chinese()
