"""File names that are safe on every system, stay inside the folder, and are never given twice."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from fiftyone_clipit.errors import UsageError

MAX_BYTES = 200
"""Longest part of a path in UTF-8; file systems allow 255, and the rest is for temporary and numbered names."""

FIELDS = ("name", "part", "title", "number", "rank", "first_frame", "last_frame", "label")
"""What a naming pattern may contain."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def safe_part(text: str, *, max_bytes: int = MAX_BYTES, default: str = "video") -> str:
    """One part of a path: no separators, nothing hidden, no name that some system keeps for itself.

    Letters of any script, spaces, quotes and emoji stay.

    Args:
        text: the wish.
        max_bytes: longest result in UTF-8.
        default: what to take where nothing is left of the wish.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip()
    text = _shorten(text, max_bytes).rstrip(". ")
    if text[:1] in (".", "-"):
        # Hidden files are not found, and a leading dash reads as an option.
        text = "_" + text[1:]
    if not text.strip("._ "):
        text = default
    return f"_{text}"[:max_bytes] if _DEVICES.fullmatch(text) else text


def check_pattern(pattern: str) -> None:
    """Makes sure that a naming pattern can work.

    Raises:
        UsageError: it is empty, absolute, climbs out of the folder, or has an unknown field.
    """
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
        _fill(pattern, dict.fromkeys(FIELDS, ""))
    except (ValueError, KeyError, IndexError, AttributeError):
        raise UsageError(f"naming pattern {pattern!r} is not understood; it may contain {known}") from None
    for name in fields:
        if name not in FIELDS:
            raise UsageError(f"naming pattern {pattern!r} has the unknown field {{{name}}}; there are {known}")
    parts = pattern.replace("\\", "/").split("/")
    if not pattern.strip() or parts[0] in ("", "~") or ".." in parts or (parts[0][1:2] == ":"):
        raise UsageError(f"naming pattern {pattern!r} must name files inside the folder")


def expand(pattern: str, values: Mapping[str, object], suffix: str) -> PurePosixPath:
    """The relative path that a checked pattern gives; values cannot add folders.

    Args:
        pattern: as `check_pattern` accepts it; "/" separates folders.
        values: what the fields stand for; those left out are empty.
        suffix: the ending, such as ".mp4".
    """
    safe = {name: _FORBIDDEN.sub("_", str(values.get(name, ""))) for name in FIELDS}
    # Each field may fill what the pattern leaves, the name last: it is the one that can be cut without harm.
    *folders, last = pattern.replace("\\", "/").split("/")
    parts = [safe_part(_fill(folder, safe)) for folder in folders]
    room = MAX_BYTES - len(suffix.encode())
    name = _fill(last, safe)
    excess = len(name.encode()) - room
    if excess > 0 and "{name}" in last:
        keep = max(16, len(safe["name"].encode()) - excess)
        name = _fill(last, {**safe, "name": _shorten(safe["name"], keep)})
    return PurePosixPath(*parts, safe_part(name, max_bytes=room) + suffix)


class UniqueNames:
    """Gives each wish a path of its own; also on file systems that take capitals and small letters for the same."""

    def __init__(self, taken: Mapping[PurePosixPath, str] | None = None) -> None:
        """
        Args:
            taken: paths that have an owner already, and who.
        """
        self._owners = {_fold(path): owner for path, owner in (taken or {}).items()}
        self._given: set[str] = set()

    def give(self, path: PurePosixPath, owner: str) -> PurePosixPath:
        """The path itself, or the first of "name-2", "name-3", ... that nobody else owns."""
        number, candidate = 1, path
        while _fold(candidate) in self._given or self._owners.get(_fold(candidate), owner) != owner:
            number += 1
            candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        self._given.add(_fold(candidate))
        return candidate


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    return string.Formatter().vformat(pattern, (), values)


def _fold(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _shorten(text: str, max_bytes: int) -> str:
    """Cut to a length in UTF-8, never inside a character or before something that belongs to it."""
    data = text.encode()
    if len(data) <= max_bytes:
        return text
    short = data[:max_bytes].decode("utf-8", "ignore")
    following = text[len(short) : len(short) + 1]
    while short and (following == "\u200d" or short[-1] == "\u200d" or unicodedata.combining(following or " ")):
        following, short = short[-1], short[:-1]
    return short
