"""The parts a record is laid out from. All texts are final: the template only places them."""

from typing import Literal

import msgspec

Style = Literal["plain", "old", "strong", "quiet", "mono"]


class Run(msgspec.Struct, frozen=True):
    """A piece of text in one style; `old` is struck through."""

    text: str
    style: Style = "plain"


Cell = str | tuple[Run, ...]


class ColumnHead(msgspec.Struct, frozen=True):
    """`width` as the typesetter writes it: `auto`, `18mm`, `1fr`."""

    head: str
    width: str = "auto"
    right: bool = False


class Block(msgspec.Struct, frozen=True, tag_field="kind"):
    pass


class CodeBlock(msgspec.Struct, frozen=True):
    """A QR code as SVG, and what it holds in words."""

    svg: str
    alt: str


class FactsBlock(Block, frozen=True, tag="facts"):
    """Labels with their values, one a line; a code stands beside them. `columns`: set side by side, read downwards.

    `label_mm`: how wide the labels stand.
    """

    rows: tuple[tuple[str, Cell], ...]
    code: CodeBlock | None = None
    columns: Literal[1, 2] = 1
    label_mm: int = 46


class TableBlock(Block, frozen=True, tag="table"):
    """Rows under column heads. A row of one cell goes over the whole width, under the row before it.

    `grid_mm`: lines around every cell, which is at least so high, to be read across or to be written into by hand.
    """

    columns: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grid_mm: float = 0


class NoteBlock(Block, frozen=True, tag="note"):
    text: str


class PlotLabel(msgspec.Struct, frozen=True):
    """A text in a drawing, at `x`, `y` (mm from the upper left); `anchor` is the point of the text that lies there."""

    x: float
    y: float
    text: str
    anchor: Literal["left", "right", "center"] = "left"
    size_pt: float = 6.5
    strong: bool = False


class PlotBlock(Block, frozen=True, tag="plot"):
    """A drawing: shapes as SVG, texts beside it so that the page's own fonts set them. Sizes mm."""

    svg: str
    width: float
    height: float
    labels: tuple[PlotLabel, ...]
    alt: str


class Section(msgspec.Struct, frozen=True):
    """`kept_together`: never parted by the end of a page unless it is longer than one."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
    kept_together: bool = False


class Document(msgspec.Struct, frozen=True):
    """The whole record, or one sheet of it, in one language."""

    language: str
    title: str
    subtitle: str
    status: str
    banner: str
    running_head: str
    running_foot: str
    page_of: str
    sections: tuple[Section, ...]
    landscape: bool = False
