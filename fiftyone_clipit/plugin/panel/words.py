"""How the panel writes times, shares and links."""

from __future__ import annotations

import os
import zlib
from urllib.parse import quote

from fiftyone_clipit.summary.budget import parse_budget


def clock(seconds: float) -> str:
    """A time as people read it from a player: 0:07.5, 12:03.0, 1:02:03."""
    tenths = round(max(seconds, 0.0) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest // 10:02d}"
    return f"{minutes}:{rest // 10:02d}.{rest % 10}"


def length(seconds: float) -> str:
    """A duration: 7.5 s, 12 min 3 s, 3 h 20 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def percent(share: float) -> str:
    """A share in [0, 1] as percent, with a decimal only where it says something."""
    return f"{share * 100:.0f} %" if share >= 0.1 or not share else f"{share * 100:.1f} %"


def budget_in_words(budget: float | str) -> str:
    """A budget as people say it: 15 %, 90.0 s."""
    limit = parse_budget(budget)
    return length(float(limit.seconds)) if limit.seconds is not None else percent(float(limit.fraction or 0))


def many(number: int, noun: str) -> str:
    """A number with its noun: 1 video, 2 videos."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def media_url(path: str | os.PathLike[str]) -> str:
    """Where the App's server serves a file."""
    return f"/media?filepath={quote(os.fspath(path), safe='')}"


def plain(text: str) -> str:
    """Text as it is, where Markdown would read marks into it."""
    return "".join(f"\\{mark}" if mark in "\\`*_{}[]<>#|~" else mark for mark in text)


def mark(said: str) -> str:
    """A short name that changes with what is said.

    The App keeps what an element last showed under its name, and prefers that to a new default.
    """
    return f"{zlib.crc32(said.encode()):08x}"
