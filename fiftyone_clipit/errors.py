"""The errors that users see: each says what is wrong, with what, and what to do about it."""

from __future__ import annotations

import os


class ClipItError(Exception):
    """Base class of all errors that this package raises on purpose."""


class UsageError(ClipItError, ValueError):
    """Arguments that cannot work; raised before any work begins."""


class VideoError(ClipItError):
    """A video that cannot be read, or has nothing to read.

    Attributes:
        path: the file.
        reason: why it cannot be used, one line, without the path.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        self.path = os.fspath(path)
        self.reason = reason
        super().__init__(f"{self.path}: {reason}")

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # The default would call __init__ with the message alone when a worker process sends it back.
        return type(self), (self.path, self.reason)


class EncoderError(ClipItError):
    """An encoder that cannot be loaded."""


class CheckpointError(ClipItError):
    """A scorer checkpoint that cannot be loaded or does not fit the encoder."""


class ExportError(ClipItError):
    """An export that cannot be written."""
