"""The colours of pictures, light text on a calm dark grey."""

from __future__ import annotations

BACKGROUND = (43, 45, 49)
PANEL = (54, 57, 62)
TEXT = (240, 240, 238)
QUIET = (166, 170, 176)
LINE = (78, 82, 88)
ACCENT = (255, 138, 61)


def shade(importance: float) -> tuple[int, int, int]:
    """The accent colour, fainter for what matters less."""
    share = 0.35 + 0.65 * min(max(importance, 0.0), 1.0)
    red, green, blue = (round(b + (a - b) * share) for a, b in zip(ACCENT, PANEL, strict=True))
    return red, green, blue


def hex_color(color: tuple[int, int, int]) -> str:
    """The same for matplotlib."""
    return "#{:02x}{:02x}{:02x}".format(*color)
