"""The record as PDF/A-3b: A4, fonts embedded, its own data attached. Made without a window or a clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typst

from app.domain.errors import Refused
from app.domain.texts import Text, say
from app.services.protocol_files import Trial
from app.services.record.data.record_json import record_json
from app.services.words.words import Words

from .blocks import Document
from .document import document
from .files import written
from .paper_fonts import LATIN, MONO, STANDARD, FontSet, breakable, cleaned, installed
from .sheets.nurse_card import nurse_card
from .sheets.sheet import SHEETS
from .source import RecordSource
from .telling import Teller

_TEMPLATE = Path(__file__).resolve().parents[3] / "resources" / "record"
_MOST_WHY, _MOST_HEAD = 200, 150
_LANGUAGES = {"en": ("en", "GB"), "zh_CN": ("zh", "CN")}


class NotSet(Refused):
    """The typesetter could not set these pages. That is our own fault; the data are told without it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(say("The typesetter failed, and no page was made ({why}). Report it.", why=str(error)[:_MOST_WHY]))


def record_pdf(source: RecordSource, words: Words, out: Path, also: Words | None = None, fonts: FontSet | None = None) -> None:
    """Write the record in the language of `words`, then once more in that of `also`.

    The same source gives the same bytes. Raises `Refused` where the machine has no Chinese font and one is needed,
    and `NotWritten` where the file cannot be written.
    """
    written(out, pdf_bytes(source, words, also, fonts))


def pdf_bytes(source: RecordSource, words: Words, also: Words | None = None, fonts: FontSet | None = None) -> bytes:
    with faults_told():
        return _made(typesetter(source, words, also, fonts), source.made_at)


def sheet_bytes(source: RecordSource, sheet: str, words: Words, fonts: FontSet | None = None) -> bytes:
    """One of `SHEETS`. Raises `Refused` where it cannot be made yet, or needs a Chinese font that is not there."""
    found = fonts or installed()
    _check_fonts(found, [words])
    laid_out = SHEETS[sheet](Teller(source, words, both=False))
    with faults_told():
        return _made(_compiler(_data(source, [(words, laid_out)], found, is_whole=False), found), source.made_at)


@contextmanager
def faults_told() -> Iterator[None]:
    """Raises `NotSet`, also where the typesetter panics: what it raises then is no ordinary error of Python's."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, typst.TypstError) and type(error).__name__ != "PanicException":
            raise
        raise NotSet(error) from error


def card_bytes(trial: Trial, version: str, made_at: datetime, fonts: FontSet | None = None) -> bytes:
    """The nurse's card; in English alone where there is no Chinese font. The same file gives the same bytes."""
    found = fonts or installed()
    languages = (Words("zh_CN"), Words("en")) if found.chinese else (Words("en"),)
    protocol = trial.protocol
    card = nurse_card(protocol, languages, f"{protocol.acronym or protocol.registry} {protocol.version}")
    page = _page_data("", languages[0], card, found)
    data = {"title": card.title, "author": f"Bedside {version}", "latin": LATIN, "mono": MONO, "head": trial.sha256}
    with faults_told():
        return _made(_compiler(data | {"documents": [page]}, found), made_at)


def _made(compiler: typst.Compiler, made_at: datetime) -> bytes:
    made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=made_at.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


def typesetter(source: RecordSource, words: Words, also: Words | None = None, fonts: FontSet | None = None) -> typst.Compiler:
    """What sets the record's pages. Raises `Refused` where one needs a Chinese font that this computer has not."""
    found = fonts or installed()
    languages = [words, *([also] if also else [])]
    _check_fonts(found, languages)
    documents = [(w, document(source, w, found.chinese is not None)) for w in languages]
    return _compiler(_data(source, documents, found, is_whole=True), found, record_json(source).decode())


def _compiler(data: dict[str, Any], found: FontSet, attachment: str = "") -> typst.Compiler:
    inputs = {"data": msgspec.json.encode(data).decode(), "attachment": attachment}
    return typst.Compiler(_TEMPLATE / "record.typ", root=_TEMPLATE, font_paths=found.fonts, sys_inputs=inputs)


def _check_fonts(found: FontSet, languages: list[Words]) -> None:
    if found.chinese is None and any(w.language == "zh_CN" for w in languages):
        raise Refused(
            say("This computer has no Chinese font: a record in Chinese cannot be printed. Install one, for example"
                " Noto Sans CJK SC, or print it in English.")
        )  # fmt: skip


def _data(source: RecordSource, laid_out: list[tuple[Words, Document]], found: FontSet, is_whole: bool) -> dict[str, Any]:
    """`is_whole`: the record itself, which carries its data with it."""
    simulated = say("PRACTICE") if source.state.order.practice else say("SIMULATED") if source.simulated else ""
    documents = [_page_data(simulated, words, made, found) for words, made in laid_out]
    attachment = {"attachment": laid_out[0][0].tr(say("The same record as data"))} if is_whole else {}
    return attachment | {
        "title": f"{documents[0]['title']} {source.state.order.subject}",
        "author": f"Bedside {source.version}",
        "latin": LATIN,
        "mono": MONO,
        "head": f"{source.head.seq} · {source.head.hash}",
        "documents": documents,
    }


def _page_data(watermark: Text | str, words: Words, made: Document, found: FontSet) -> dict[str, Any]:
    data: dict[str, Any]
    head = made.running_head if len(made.running_head) <= _MOST_HEAD else f"{made.running_head[:_MOST_HEAD]} …"
    data, count = cleaned(msgspec.to_builtins(msgspec.structs.replace(made, running_head=head)), found)
    data = breakable(data)
    lang, region = _LANGUAGES[words.language]
    return data | {
        "lang": lang,
        "region": region,
        "fonts": list(found.families),
        "watermark": words.tr(watermark),
        "unprintable": words.tr(_unprintable(count)) if count else "",
    }


def _unprintable(count: int) -> Any:
    return say(
        "{n} typed characters cannot be printed with the fonts of this computer; their Unicode numbers stand in"
        " square brackets. The attached record.json holds them as typed.", n=count
    )  # fmt: skip
