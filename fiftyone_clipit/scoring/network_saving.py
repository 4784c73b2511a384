"""Writing a checkpoint's folder: whole, or not at all, whatever stops it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.scoring.network_files import CONFIG

_UNFINISHED = ".clipit-saving-"


@contextmanager
def save_folder(target: Path) -> Iterator[Path]:
    """A folder to write to that becomes `target` when all is written: whole, or not at all.

    Where `target` exists, its files of the same names are replaced one by one, the configuration last; a configuration
    that will be another one goes first, so that new weights never stand beside an old one. What a killed call left
    behind is removed by the next one.

    Raises:
        UsageError: `target` is a file.
    """
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file: choose a folder for the checkpoint")
    # Inside a folder that exists: it may be another disk than the one it hangs in, or stand where nobody may write.
    home, prefix = (target, _UNFINISHED) if target.is_dir() else (target.parent, f".{target.name}{_UNFINISHED}")
    home.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    temporary = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
    descriptor = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # Where a file system has no locks, leftovers stay: nobody can tell that they are such.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield temporary
        if target.exists():
            _replace(temporary, target)
        else:
            temporary.chmod(0o755)
            os.rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        os.close(descriptor)


def _replace(source: Path, target: Path) -> None:
    config = target / CONFIG
    if config.is_file() and config.read_bytes() != (source / CONFIG).read_bytes():
        config.unlink()
    for path in sorted(source.iterdir(), key=lambda path: path.name == CONFIG):
        os.replace(path, target / path.name)


def _sweep(target: Path) -> None:
    """Removes unfinished folders of killed calls: the lock that a living process holds on its own dies with it."""
    left = [*target.glob(f"{_UNFINISHED}*"), *target.parent.glob(f".{escape(target.name)}{_UNFINISHED}*")]
    for path in left:
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
            finally:
                os.close(descriptor)
