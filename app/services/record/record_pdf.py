"""The record as PDF/A-3b: A4, fonts embedded, its own data attached. Made without a window or a clock."""

from pathlib import Path
from typing import Any

import msgspec
import typst

from app.domain.errors import Refused
from app.domain.texts import say
from app.services.record.data.record_json import record_json
from app.services.words.words import Words

from .document import document
from .files import written
from .paper_fonts import LATIN, MONO, STANDARD, FontSet, cleaned, installed
from .source import RecordSource

_TEMPLATE = Path(__file__).resolve().parents[3] / "resources" / "record"
_LANGUAGES = {"en": ("en", "GB"), "zh_CN": ("zh", "CN")}


def record_pdf(source: RecordSource, words: Words, out: Path, also: Words | None = None, fonts: FontSet | None = None) -> None:
    """Write the record in the language of `words`, then once more in that of `also`.

    The same source gives the same bytes. Raises `Refused` where the machine has no Chinese font and one is needed,
    and `NotWritten` where the file cannot be written.
    """
    written(out, pdf_bytes(source, words, also, fonts))


def pdf_bytes(source: RecordSource, words: Words, also: Words | None = None, fonts: FontSet | None = None) -> bytes:
    compiler = typesetter(source, words, also, fonts)
    made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=source.made_at.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


def typesetter(source: RecordSource, words: Words, also: Words | None = None, fonts: FontSet | None = None) -> typst.Compiler:
    """What sets the record's pages. Raises `Refused` where one needs a Chinese font that this computer has not."""
    found = fonts or installed()
    languages = [words, *([also] if also else [])]
    if found.chinese is None and any(w.language == "zh_CN" for w in languages):
        raise Refused(
            say("This computer has no Chinese font: a record in Chinese cannot be printed. Install one, for example"
                " Noto Sans CJK SC, or print it in English.")
        )  # fmt: skip
    inputs = {
        "data": msgspec.json.encode(_data(source, languages, found)).decode(),
        "attachment": record_json(source).decode(),
    }
    return typst.Compiler(_TEMPLATE / "record.typ", root=_TEMPLATE, font_paths=found.fonts, sys_inputs=inputs)


def _data(source: RecordSource, languages: list[Words], found: FontSet) -> dict[str, Any]:
    documents = [_page_data(source, words, found) for words in languages]
    return {
        "title": f"{documents[0]['title']} {source.state.order.subject}",
        "author": f"Bedside {source.version}",
        "attachment": languages[0].tr(say("The same record as data")),
        "latin": LATIN,
        "mono": MONO,
        "head": f"{source.head.seq} · {source.head.hash}",
        "documents": documents,
    }


def _page_data(source: RecordSource, words: Words, found: FontSet) -> dict[str, Any]:
    data: dict[str, Any]
    data, count = cleaned(msgspec.to_builtins(document(source, words, found.chinese is not None)), found)
    lang, region = _LANGUAGES[words.language]
    practice = source.state.order.practice
    simulated = say("PRACTICE") if practice else say("SIMULATED")
    return data | {
        "lang": lang,
        "region": region,
        "fonts": list(found.families),
        "watermark": words.tr(simulated) if practice or source.simulated else "",
        "unprintable": words.tr(_unprintable(count)) if count else "",
    }


def _unprintable(count: int) -> Any:
    return say(
        "{n} typed characters cannot be printed with the fonts of this computer; their Unicode numbers stand in"
        " square brackets. The attached record.json holds them as typed.", n=count
    )  # fmt: skip
