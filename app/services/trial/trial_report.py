"""The trial report: all tables and pictures in a language, as a document for the typesetter, and the same as data."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import msgspec
import typst

from app.domain.texts import Text, say
from app.domain.trial.board_columns import open_subjects
from app.domain.trial.board_words import headline
from app.domain.trial.escalation import decision_table
from app.services.record.blocks import Block, ColumnHead, Document, NoteBlock, PlotBlock, PlotLabel, Section, TableBlock
from app.services.record.paper_fonts import LATIN, MONO, STANDARD, cleaned, installed
from app.services.record.record_pdf import faults_told
from app.services.words.desk_words import DECISIONS
from app.services.words.words import Words

from .figures import SWIMMER_LEGEND, board_figure, counts_figure, swimmer_figure, waterfall_figure
from .table_parts import JudgedResponse, ReportTable, judged_responses
from .trial_desk import DeskLook
from .trial_tables import DeviationSeen, all_tables
from .tube_labels import A_PAGE, Tube, sheet

_TEMPLATE = Path(__file__).resolve().parents[3] / "resources" / "record"
_LANGUAGES = {"en": ("en", "GB"), "zh_CN": ("zh", "CN")}


class ReportSource(msgspec.Struct, frozen=True):
    """What a report is made from. `head`: number and hash of the record's last event; `program`: its version."""

    look: DeskLook
    deviations: tuple[DeviationSeen, ...]
    head: str
    program: str
    made_at: datetime

    @property
    def is_simulated(self) -> bool:
        return any(s.is_simulated for s in self.look.data.subjects)


def report_pdf(source: ReportSource, languages: Sequence[Words]) -> bytes:
    """One document a language, one after the other. Languages that no font here can write are left out."""
    shown = printable(languages)
    return typeset(source, [page_data(source, report_document(source, words), words) for words in shown], shown[0].tr(_TITLE))


def printable(languages: Sequence[Words]) -> list[Words]:
    """Those that a font here can write."""
    return [words for words in languages if words.language == "en" or installed().chinese is not None]


def labels_pdf(source: ReportSource, labels: Sequence[Tube], words: Words) -> bytes:
    """The sheet of tube labels, as many pages as it takes."""
    tr, pages = words.tr, [labels[n : n + A_PAGE] for n in range(0, len(labels), A_PAGE)]
    sections = tuple(Section(tr(say("Tube labels")), (sheet(page, tr),), new_page=n > 0) for n, page in enumerate(pages))
    document = Document(
        words.language, tr(say("Tube labels")), words.pick(source.look.protocol.title),
        tr(say("Print without scaling. For immunology blood that is still to be drawn.")), _made_up(source, tr),
        tr(say("Trial report · data of {day}", day=source.look.today)), tr(say("Chain head")),
        tr(say("Page {n} of {m}", n="§n", m="§m")), sections,
    )  # fmt: skip
    return typeset(source, [page_data(source, document, words)], tr(say("Tube labels")))


def typeset(source: ReportSource, documents: list[dict[str, Any]], title: str) -> bytes:
    """Raises `NotSet`."""
    fonts = installed()
    data = {
        "title": title,
        "author": f"Bedside {source.program}",
        "latin": LATIN,
        "mono": MONO,
        "head": source.head,
        "documents": documents,
    }
    inputs = {"data": msgspec.json.encode(data).decode()}
    with faults_told():
        compiler = typst.Compiler(_TEMPLATE / "record.typ", root=_TEMPLATE, font_paths=fonts.fonts, sys_inputs=inputs)
        made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=source.made_at.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


_TITLE = say("Trial report")


def _made_up(source: ReportSource, tr: Any) -> str:
    return str(tr(say("SIMULATED · this trial is made up, no patient is in it"))) if source.is_simulated else ""


def page_data(source: ReportSource, document: Document, words: Words) -> dict[str, Any]:
    data: dict[str, Any]
    fonts = installed()
    data, _ = cleaned(msgspec.to_builtins(document), fonts)
    lang, region = _LANGUAGES[words.language]
    mark = words.tr(say("SIMULATED")) if source.is_simulated else ""
    return data | {"lang": lang, "region": region, "fonts": list(fonts.families), "watermark": mark, "unprintable": ""}


def report_document(source: ReportSource, words: Words) -> Document:
    look, tr = source.look, words.tr
    found = judged_responses(look)
    foot = tr(say("Chain head"))
    subtitle = words.pick(look.protocol.title)
    return Document(
        language=words.language,
        title=tr(_TITLE),
        subtitle=subtitle,
        status=tr(board_line(look)),
        banner=_made_up(source, tr),
        running_head=tr(say("Trial report · data of {day}", day=look.today)),
        running_foot=foot,
        page_of=tr(say("Page {n} of {m}", n="§n", m="§m")),
        sections=(_board(look, tr), *_pictures(look, found, tr), *(_table(t, tr) for t in all_tables(look, source.deviations))),
    )


def board_line(look: DeskLook) -> Text:
    """The answer in one line, as the page's first line says it."""
    answer = look.answer
    awaited = open_subjects(look.subjects, look.today, look.rule, answer)
    return headline(answer.decision, answer.group, answer.mtd, awaited, answer.earliest)


def _board(look: DeskLook, tr: Any) -> Section:
    group = look.answer.group or look.answer.mtd or look.rule.groups[0]
    table = decision_table(group, look.today, look.rule)
    heads = (say("Evaluable"), say("DLT"), say("What follows"))
    rows = tuple((str(r.evaluable), str(r.dlts), " · ".join(x for x in (tr(DECISIONS[r.decision]), r.group) if x)) for r in table)
    blocks: tuple[Block, ...] = (
        NoteBlock(tr(look.answer.reason)),
        board_figure(look, tr),
        NoteBlock(tr(say("Decision table, group {group}", group=group))),
        TableBlock(tuple(ColumnHead(tr(head)) for head in heads), rows),
    )
    return Section(tr(say("The board")), blocks)


def _pictures(look: DeskLook, found: Sequence[JudgedResponse], tr: Any) -> tuple[Section, ...]:
    if not found:
        return ()
    course: tuple[Block, ...] = (swimmer_figure(look, found, tr), NoteBlock(tr(SWIMMER_LEGEND)))
    swimmer = Section(tr(say("Course of all subjects")), course, new_page=True)
    falls = tuple(waterfall_figure(found, lineage, tr) for lineage in ("hb", "anc", "plt"))
    each: list[Block] = []
    for x in found:
        figure = counts_figure(look, x.state, tr)
        each += [figure] if figure else []
    return (swimmer, Section(tr(say("Best change over the baseline")), falls, new_page=True),
            Section(tr(say("Counts, subject by subject")), tuple(each), new_page=True))  # fmt: skip


def _table(table: ReportTable, tr: Any) -> Section:
    heads = tuple(ColumnHead(tr(head), "1fr" if n == len(table.columns) - 1 else "auto") for n, head in enumerate(table.columns))
    rows = tuple(tuple(tr(cell) for cell in row) for row in table.rows)
    note = NoteBlock(tr(table.note))
    shown: tuple[Block, ...] = (note, TableBlock(heads, rows)) if rows else (note, NoteBlock(tr(say("Nothing."))))
    return Section(tr(table.title), shown)


def report_data(source: ReportSource, words: Words) -> dict[str, Any]:
    """The same tables as data; what the page shows is made by the same functions."""
    look, tr = source.look, words.tr
    return {
        "data_of": look.today.isoformat(),
        "head": source.head,
        "simulated": source.is_simulated,
        "board": {
            "decision": look.answer.decision, "group": look.answer.group, "mtd": look.answer.mtd,
            "reason": tr(look.answer.reason), "pending": look.answer.pending, "earliest": look.answer.earliest,
        },
        "tables": {
            t.key: {
                "title": tr(t.title), "note": tr(t.note), "columns": [tr(c) for c in t.columns],
                "rows": [[tr(cell) for cell in row] for row in t.rows],
            }
            for t in all_tables(look, source.deviations)
        },
    }  # fmt: skip


def pictures(look: DeskLook, words: Words) -> dict[str, str]:
    """Each picture as SVG by its file's name; texts stand in the PDF and on the screen."""
    found = judged_responses(look)
    made = {"board": board_figure(look, words.tr)}
    if found:
        made["swimmer"] = swimmer_figure(look, found, words.tr)
        made |= {f"waterfall-{x}": waterfall_figure(found, x, words.tr) for x in ("hb", "anc", "plt")}
    return {name: with_texts(plot) for name, plot in made.items()}


def with_texts(plot: PlotBlock) -> str:
    """A drawing as one SVG file, its texts in it."""
    return str(plot.svg.replace("</svg>", "".join(_text(label) for label in plot.labels) + "</svg>"))


def _text(label: PlotLabel) -> str:
    anchor = {"left": "start", "center": "middle", "right": "end"}[label.anchor]
    weight = "bold" if label.strong else "normal"
    style = f'font-family="sans-serif" font-size="{label.size_pt * 0.3528:.2f}" font-weight="{weight}"'
    place = f'x="{label.x}" y="{label.y}" text-anchor="{anchor}" dominant-baseline="central"'
    return f"<text {place} {style}>{escape(label.text)}</text>"
