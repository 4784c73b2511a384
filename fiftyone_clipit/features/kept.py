"""Files that are kept because making them again would take long: least recently used first out."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


def cache_folder() -> Path:
    """Where everything is kept: $CLIPIT_CACHE_DIR, or the user's cache folder."""
    chosen = os.environ.get("CLIPIT_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(chosen or Path(base) / "fiftyone-clipit").expanduser()


@dataclass(frozen=True)
class KeptFiles:
    """The files of one kind.

    Attributes:
        folder: where they lie.
        pattern: which files there, as a glob pattern.
        limit: the most that they may take together, in bytes.
    """

    folder: Path
    pattern: str
    limit: int

    def usage(self) -> tuple[int, int]:
        """The number of files and the bytes that they take."""
        sizes = [size for _, size, _ in self._by_last_use()]
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Deletes all of them; gives their number."""
        files = self._by_last_use()
        for _, _, file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def make_room(self, keep: Collection[Path]) -> None:
        """Deletes files until the others fit into the limit, but none of `keep`."""
        files = self._by_last_use()
        total = sum(size for _, size, _ in files)
        for _, size, file in files:
            if total <= self.limit:
                break
            if file not in keep:
                file.unlink(missing_ok=True)
                total -= size

    def _by_last_use(self) -> list[tuple[float, int, Path]]:
        found = []
        for file in self.folder.glob(self.pattern):
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                found.append((status.st_mtime, status.st_size, file))
        return sorted(found)


def kept_thumbnails() -> KeptFiles:
    """The panel's pictures: one folder a video, beside the features."""
    return KeptFiles(cache_folder() / "thumbnails", "*/*.jpg", 2**30)
