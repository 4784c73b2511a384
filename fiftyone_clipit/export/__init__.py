"""From a summary to something people can use: films, timelines, tables, pictures."""

from __future__ import annotations

from fiftyone_clipit.export.formats import FORMATS, Format
from fiftyone_clipit.export.options import ExportOptions
from fiftyone_clipit.export.run import export_items
from fiftyone_clipit.export.types import ExportItem, ExportReport, Failure, Written

__all__ = [
    "FORMATS",
    "ExportItem",
    "ExportOptions",
    "ExportReport",
    "Failure",
    "Format",
    "Written",
    "export_items",
]
