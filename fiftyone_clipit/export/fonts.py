"""Fonts for texts in pictures."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from fiftyone_clipit.errors import ExportError

_SYSTEM = (
    "/usr/share/fonts/**/NotoSans*CJK*.ttc",
    "/usr/share/fonts/**/NotoSansCJK*.otf",
    "/usr/share/fonts/**/wqy-*.ttc",
    "/usr/share/fonts/**/NotoSans*Regular.ttf",
)
"""What to look for where the usual font lacks a script."""

Font = ImageFont.FreeTypeFont


def font_for(text: str, size: int, *, bold: bool = False) -> tuple[Font, str]:
    """A font for a text, and what of the text can be shown with it.

    DejaVu Sans (Latin, Greek, Cyrillic, Arabic, Hebrew, symbols) comes with matplotlib. For other scripts the system's
    fonts are asked. Characters that the font does not have, such as coloured emoji, are left out.

    Args:
        text: what to show.
        size: in pixels.
        bold: heavier, where there is such a font.
    """
    text = " ".join(text.split())
    best, shown = _candidates(bold)[0], ""
    for path in _candidates(bold):
        kept = _covered(text, path)
        if len(kept) > len(shown):
            best, shown = path, kept
        if len(kept) == len(text):
            break
    return ImageFont.truetype(best, size), shown.strip() or "…"


def fit(text: str, size: int, width: float, *, bold: bool = False, smallest: float = 1.0) -> tuple[Font, str]:
    """The same for a width in pixels: first smaller, down to a share of the size, then shortened with an ellipsis."""
    font, shown = font_for(text, size, bold=bold)
    length = font.getlength(shown)
    if length > width and smallest < 1:
        font, shown = font_for(text, max(6, int(size * max(smallest, width / length))), bold=bold)
        length = font.getlength(shown)
    if length <= width:
        return font, shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(shown[:middle].rstrip() + "…") <= width else (low, middle - 1)
    return font, shown[:low].rstrip() + "…"


def showable(text: str) -> str:
    """What of a text the usual font can show."""
    return font_for(text, 10)[1]


@cache
def _candidates(bold: bool) -> tuple[str, ...]:
    # Found without importing matplotlib, which takes long.
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise ExportError("pictures with text need the fonts of matplotlib: pip install matplotlib")
    fonts = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    usual = fonts / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    others = (path for pattern in _SYSTEM for path in sorted(Path("/").glob(pattern[1:])))
    return tuple(map(str, (usual, *others)))


@cache
def _characters(path: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def _covered(text: str, path: str) -> str:
    known = _characters(path)
    return "".join(character for character in text if ord(character) in known)
