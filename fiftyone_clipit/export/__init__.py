"""From a summary to something people can use: films, timelines, tables, pictures.

Names are loaded when first used, so that a list of the formats costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "FORMATS": "formats",
    "ExportItem": "types",
    "ExportOptions": "options",
    "ExportReport": "types",
    "Failure": "types",
    "Format": "formats",
    "Written": "types",
    "export_items": "run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
