"""The list of what lies in an export's folder and where it comes from; also what lets an export go on."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fiftyone_clipit.errors import ExportError
from fiftyone_clipit.version import __version__

NAME = "manifest.json"
_JOURNAL = "journal.jsonl"
_GENERATOR = "fiftyone-clipit"
_LIBRARIES = ("av", "numpy", "pillow", "matplotlib", "opentimelineio", "otio-cmx3600-adapter")


class Manifest:
    """Reads and writes a folder's manifest.

    Each finished file is noted in a journal at once, before it gets its name; the manifest itself is written at the
    end. An export that was killed leaves the journal, and the next one reads it.

    Attributes:
        entries: what is known of each file, by its path relative to the folder.
        is_foreign: whether a manifest.json lies there that this program did not write.
    """

    def __init__(self, folder: Path, workshop: Path) -> None:
        """
        Args:
            folder: of the export.
            workshop: the hidden folder inside it, locked by the caller.
        """
        self.path = folder / NAME
        self._folder = folder
        self._journal = workshop / _JOURNAL
        self._lock = threading.Lock()
        self.entries: dict[str, dict[str, Any]] = {}
        self.is_foreign = False
        self._read()
        recovered = list(self._read_journal())
        for entry in recovered:
            self.entries[entry["path"]] = entry
        if recovered and not self.is_foreign:
            self.save()
        for leftover in workshop.iterdir():
            leftover.unlink()

    def finished(self, path: str, fingerprint: str) -> dict[str, Any] | None:
        """The entry of a file that an earlier export finished in just this way, and that is still as it was."""
        entry = self.entries.get(path)
        if entry is None or entry.get("fingerprint") != fingerprint:
            return None
        file = self._folder / path
        try:
            unchanged = file.stat().st_size == entry["bytes"] and checksum(file) == entry["sha256"]
        except OSError:
            return None
        return entry if unchanged else None

    def add(self, entry: dict[str, Any]) -> None:
        """Notes a file that is whole and about to get its name."""
        with self._lock:
            self.entries[entry["path"]] = entry
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def save(self) -> None:
        """Writes the manifest; files that are gone are left out.

        Raises:
            ExportError: it cannot be written.
        """
        with self._lock:
            files = [e for path, e in sorted(self.entries.items()) if (self._folder / path).is_file()]
        content = {"generator": _GENERATOR, "version": __version__, "files": files}
        temporary = self._journal.with_name(NAME)
        try:
            temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            os.replace(temporary, self.path)
            self._journal.unlink(missing_ok=True)
        except OSError as error:
            raise ExportError(f"cannot write {self.path}: {error.strerror}") from error

    def _read(self) -> None:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if content["generator"] != _GENERATOR:
                raise ValueError(content["generator"])
            self.entries = {entry["path"]: entry for entry in content["files"]}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            self.is_foreign = True

    def _read_journal(self):
        try:
            lines = self._journal.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                # The last line of a process that was killed while it wrote.
                continue
            if (self._folder / entry["path"]).is_file():
                yield entry


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity(source: str) -> dict[str, Any]:
    """What tells that a source is still the same file."""
    try:
        status = os.stat(source)
    except OSError:
        return {"path": source}
    return {"path": source, "size": status.st_size, "modified_ns": status.st_mtime_ns}


def fingerprint(content: dict[str, Any]) -> str:
    """One short text for everything that decides a file."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def libraries() -> dict[str, str]:
    """The versions of what files are made with."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
