"""Writing results so that they are there whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from fiftyone_clipit.errors import ExportError


def make_folder(folder: Path) -> None:
    """Makes a folder, before any work begins.

    Raises:
        ExportError: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"folder {folder} cannot be made: {error.strerror}; choose another --output") from error
    if not os.access(folder, os.W_OK):
        raise ExportError(f"folder {folder} cannot be written; choose another --output")


def write_json(path: Path, content: Any) -> None:
    """Writes a JSON file under its name only when it is whole.

    Raises:
        ExportError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ExportError(f"{path} cannot be written: {error.strerror}") from error
