"""Whose an output folder is: one training's at a time, until another is told to overwrite it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training.results import RESULT
from fiftyone_clipit.training.state import mismatch
from fiftyone_clipit.training.whole_files import replacing

_MARK = ".training"
# What a finished training leaves beside its seeds' folders; the first says that it has finished, so it goes first.
_LEFT = (RESULT, "config.json", "model.safetensors", "README.md", "curves.csv", "curves.png", "dataset.json")


def claim(output: str | os.PathLike[str], identity: str, *, overwrite: bool) -> tuple[Path, bool]:
    """Makes an output folder this training's.

    Args:
        output: the folder, made where missing.
        identity: of data and configuration.
        overwrite: remove what another training left there, its network included: should this one stop, nobody shall
            take the old network for its result.

    Returns:
        The folder, and whether it was this training's already.

    Raises:
        UsageError: the folder cannot be made, or it holds another training.
    """
    folder = Path(output).expanduser()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"output {folder} is a file: choose a folder")
    mark = folder / _MARK
    # An empty mark is nobody's: it was made by a process that was killed before it had written anything.
    found = mark.read_text(encoding="utf-8") if mark.is_file() else ""
    if found == identity:
        return folder, True
    seeds = [*folder.glob("seed-*"), *folder.glob(".seed-*")]
    if found or seeds or (folder / "model.safetensors").exists():
        if not overwrite:
            raise UsageError(mismatch(folder))
        for name in _LEFT:
            (folder / name).unlink(missing_ok=True)
        for path in seeds:
            shutil.rmtree(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(mark) as temporary:
            temporary.write_text(identity, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to output folder {folder}: {error.strerror or error}") from error
    return folder, False
