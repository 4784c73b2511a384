"""One export at a time in one folder, and a place in it for files that are not whole yet."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fiftyone_clipit.errors import ExportError

WORKSHOP = ".clipit-export"


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A hidden folder inside `folder` for unfinished files; it is gone afterwards.

    What a killed export left in it is still there. The lock dies with the process that holds it.

    Raises:
        ExportError: the folder cannot be made or written, or another export is at work in it.
    """
    place = folder / WORKSHOP
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _locked(place)
    except BlockingIOError:
        raise ExportError(f"another export is writing to {folder}: wait for it, or choose another folder") from None
    except OSError as error:
        raise ExportError(f"cannot write to folder {folder}: {error.strerror}; choose another folder") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(descriptor)


def _locked(place: Path) -> int:
    while True:
        place.mkdir(exist_ok=True)
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held the lock before deleted the folder: then this lock is on a ghost.
            if _same(descriptor, place):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _same(descriptor: int, place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(place))
    except FileNotFoundError:
        return False
