"""Text burnt into the pictures of a film."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import av
import numpy as np
from PIL import Image, ImageDraw

from fiftyone_clipit.export.clock import clock
from fiftyone_clipit.export.fonts import fit
from fiftyone_clipit.export.planes import join_planes, split_planes
from fiftyone_clipit.export.stretches import Stretch
from fiftyone_clipit.export.video import Video

_WHITE, _DARK, _DIM = 235, 24, 0.62


class Overlay:
    """Writes a line into the lower left corner: white on a darkened strip, readable on any picture."""

    def __init__(self, words: Sequence[str]) -> None:
        """
        Args:
            words: what to write, in order: "time" (in the source), "title", "name", "importance".
        """
        self._words = words

    def draw(self, frame: av.VideoFrame, video: Video, stretch: Stretch, time: float) -> av.VideoFrame:
        """A new yuv420p frame with the text in it.

        Args:
            frame: the picture.
            video: where it comes from.
            stretch: which part it belongs to.
            time: in the source, in seconds.
        """
        parts = {
            "time": clock(time),
            "title": video.item.title,
            "name": video.name,
            "importance": f"{stretch.importance:.2f}",
        }
        letters, strip = _render(" · ".join(parts[word] for word in self._words), frame.width, frame.height)
        planes = split_planes(frame)
        # The strip begins on an even row, as each chroma value belongs to four pixels.
        rows, columns = strip.shape
        top, left = (frame.height - rows - rows // 3) // 2 * 2, rows // 6 * 2
        luma = planes[0][top : top + rows, left : left + columns]
        dark = luma + (_DARK - luma.astype(np.float32)) * (_DIM * strip)
        luma[:] = (dark + (_WHITE - dark) * letters + 0.5).astype(np.uint8)
        for plane in planes[1:]:
            chroma = plane[top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
            grey = np.maximum(_DIM * strip, letters)[::2, ::2]
            chroma[:] = (chroma + (128 - chroma.astype(np.float32)) * grey + 0.5).astype(np.uint8)
        return join_planes(planes)


@lru_cache(maxsize=64)
def _render(text: str, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Coverage of the letters and of the strip behind them, 0 to 1, float32 (rows, columns), both even."""
    size = max(8, round(min(height / 22, width / 28)))
    font, shown = fit(text, size, width - 4 * size)
    columns = min(round(font.getlength(shown)) + size * 4 // 3, width - size) // 2 * 2
    rows = min(round(size * 1.7), height) // 2 * 2
    letters, strip = Image.new("L", (columns, rows), 0), Image.new("L", (columns, rows), 0)
    ImageDraw.Draw(strip).rounded_rectangle((0, 0, columns - 1, rows - 1), rows // 4, fill=255)
    ImageDraw.Draw(letters).text((columns / 2, rows / 2), shown, font=font, fill=255, anchor="mm")
    return np.asarray(letters, np.float32) / 255, np.asarray(strip, np.float32) / 255
