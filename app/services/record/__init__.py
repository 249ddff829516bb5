"""The record of one infusion as files: PDF/A, JSON and CSV."""

from .files import NotWritten
from .folder import NAMES, write_all, write_sheet
from .record_pdf import record_pdf
from .source import ChainHead, RecordSource, SampleRow

__all__ = ["NAMES", "ChainHead", "NotWritten", "RecordSource", "SampleRow", "record_pdf", "write_all", "write_sheet"]
