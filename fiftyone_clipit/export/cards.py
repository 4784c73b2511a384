"""Title cards between the scenes of a film."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from fiftyone_clipit.export.clock import clock
from fiftyone_clipit.export.fonts import fit
from fiftyone_clipit.export.look import ACCENT, BACKGROUND, LINE, QUIET, TEXT
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video


def draw_card(video: Video, stretch: Stretch, size: tuple[int, int]) -> np.ndarray:
    """A card that announces a stretch: what was asked, which video, when, and how important.

    Returns:
        uint8 RGB of shape (height, width, 3).
    """
    width, height = size
    card = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(card)
    unit = min(width / 16, height / 9)
    room = width * 0.84
    title = video.item.title if video.item.title != "summary" else stretch.label
    lines = [
        (title[:1].upper() + title[1:], 0.82, True, TEXT, 0.0),
        (video.name, 0.44, False, QUIET, 1.25),
        (f"{clock(stretch.start)} - {clock(stretch.end)}", 0.44, False, QUIET, 1.95),
    ]
    top = height / 2 - 1.45 * unit
    for text, scale, bold, color, offset in lines:
        font, shown = fit(text, max(6, round(scale * unit)), room, bold=bold, smallest=0.6)
        draw.text((width / 2, top + offset * unit), shown, font=font, fill=color, anchor="mt")
    _draw_meter(draw, stretch.importance, (width / 2, top + 2.85 * unit), unit)
    return np.asarray(card)


def _draw_meter(draw: ImageDraw.ImageDraw, share: float, at: tuple[float, float], unit: float) -> None:
    half, thick = 1.6 * unit, max(2.0, 0.09 * unit)
    left, top = at[0] - half, at[1]
    draw.rectangle((left, top, left + 2 * half, top + thick), fill=LINE)
    draw.rectangle((left, top, left + 2 * half * min(max(share, 0.0), 1.0), top + thick), fill=ACCENT)
