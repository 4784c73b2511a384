"""Files that are written whole or not at all, also by a process that is killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write a file that takes the place of `path` in one step when all is written.

    The name is always the same, so that what a killed process left there is written over, and does not add up.
    """
    temporary = path.with_name(f".{path.name}.unfinished")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
