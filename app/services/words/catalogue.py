"""The compiled catalogue of one language: all that the first frame needs of words."""

import gettext
import os
import struct
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
#: What a compiled catalogue that was cut or overwritten raises.
_DAMAGED = (ValueError, LookupError, struct.error, SyntaxError)
_I18N = Path(__file__).resolve().parents[3] / "resources" / "i18n"


def catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder = _I18N / language / "LC_MESSAGES"
    compiled, source = folder / "bedside.mo", folder / "bedside.po"
    with suppress(OSError, *_DAMAGED):
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            return _compiled(compiled.read_bytes())
    with suppress(OSError, *_DAMAGED):
        return _compiled_now(source.read_bytes())
    return gettext.NullTranslations()


@lru_cache(maxsize=1)
def _compiled(data: bytes) -> gettext.NullTranslations:
    """Read once: a language is changed at a touch."""
    return gettext.GNUTranslations(BytesIO(data))


@lru_cache(maxsize=1)
def _compiled_now(source: bytes) -> gettext.NullTranslations:
    """The catalogue from its source, where set-up has not compiled it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = BytesIO()
    write_mo(out, read_po(BytesIO(source)))
    return gettext.GNUTranslations(BytesIO(out.getvalue()))


def system_language() -> str:
    """The language that the operating system's settings ask for."""
    wanted = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), "")
    return "zh_CN" if wanted.lower().startswith("zh") else "en"
