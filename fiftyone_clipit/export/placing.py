"""Gives finished files their names, and never another's."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.export.manifest import Manifest, checksum, libraries
from fiftyone_clipit.export.planning import Planned
from fiftyone_clipit.export.types import Written


class Placer:
    """Has files written in the workshop and moves them to where they belong.

    Attributes:
        folder: of the export.
    """

    def __init__(self, folder: Path, workshop: Path, manifest: Manifest, *, replaceable: set[str] | None) -> None:
        """
        Args:
            folder: of the export.
            workshop: the hidden folder inside it.
            manifest: takes note of every file.
            replaceable: paths that may be replaced; None for all.
        """
        self.folder = folder
        self._workshop = workshop
        self._manifest = manifest
        self._replaceable = replaceable
        self._libraries = libraries()

    def kept(self, job: Planned) -> list[Written]:
        """The files of a job that is finished."""
        notes = [tuple(self._manifest.entries[str(path)].get("notes", ())) for path in job.paths]
        return [
            Written(self.folder / path, job.format.name, job.sources, job.segments, True, note)
            for path, note in zip(job.paths, notes, strict=True)
        ]

    def write(self, job: Planned, make: Callable[[Sequence[Path]], list[str]]) -> list[Written]:
        """Has the files of a job made and gives them their names.

        Raises:
            ExportError: a file of that name has appeared meanwhile.
            OSError: a file cannot be written.
        """
        unfinished = [self._workshop / f"{uuid4().hex[:12]}{path.suffix}" for path in job.paths]
        try:
            notes = make(unfinished)
            for path, file in zip(job.paths, unfinished, strict=True):
                entry = {
                    "path": str(path),
                    "bytes": file.stat().st_size,
                    "sha256": checksum(file),
                    "fingerprint": job.fingerprint,
                    "notes": notes,
                    **job.about,
                    "libraries": self._libraries,
                }
                self._manifest.add(entry)
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                self._place(file, target, replace=self._replaceable is None or str(path) in self._replaceable)
        finally:
            for file in unfinished:
                file.unlink(missing_ok=True)
        return [
            Written(self.folder / p, job.format.name, job.sources, job.segments, notes=tuple(notes)) for p in job.paths
        ]

    def _place(self, file: Path, target: Path, *, replace: bool) -> None:
        if replace:
            os.replace(file, target)
            return
        try:
            # Unlike a renaming, a link never replaces what somebody else put there meanwhile.
            os.link(file, target)
        except FileExistsError:
            raise ExportError(f"{target} has appeared meanwhile and was left alone") from None
        except OSError:
            if target.exists():
                raise ExportError(f"{target} has appeared meanwhile and was left alone") from None
            os.replace(file, target)
