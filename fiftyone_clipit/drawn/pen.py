"""A pen for sprites: draws in percent of the picture, then adds outline and light."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from fiftyone_clipit.drawn.palette import RGB, Shades

Point = tuple[float, float]


class Pen:
    """Draws on a square canvas whose corners are (0, 0) and (100, 100).

    Args:
        shades: the colour that the drawing is in.
        size: pixels of a side of the finished sprite; drawn at twice that and reduced.
    """

    def __init__(self, shades: Shades, size: int = 192) -> None:
        self.shades = shades
        self._size = size
        self._scale = size * 2 / 100
        self._image = Image.new("RGBA", (size * 2, size * 2), (*shades.base, 0))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], fill: RGB | None = None) -> None:
        """A filled polygon, in the base colour unless another is given."""
        self._draw.polygon([self._at(p) for p in points], fill=(*(fill or self.shades.base), 255))

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None, fill: RGB | None = None) -> None:
        """A filled ellipse around (x, y); a circle when `ry` is not given."""
        ry = rx if ry is None else ry
        box = [*self._at((x - rx, y - ry)), *self._at((x + rx, y + ry))]
        self._draw.ellipse(box, fill=(*(fill or self.shades.base), 255))

    def box(
        self, left: float, top: float, right: float, bottom: float, radius: float = 0, fill: RGB | None = None
    ) -> None:
        """A filled rectangle, with round corners where `radius` is given."""
        box = [*self._at((left, top)), *self._at((right, bottom))]
        fill = fill or self.shades.base
        self._draw.rounded_rectangle(box, radius=radius * self._scale, fill=(*fill, 255))

    def pie(self, x: float, y: float, r: float, start: float, end: float, fill: RGB | None = None) -> None:
        """A slice of a disc, angles in degrees clockwise from the right."""
        box = [*self._at((x - r, y - r)), *self._at((x + r, y + r))]
        self._draw.pieslice(box, start, end, fill=(*(fill or self.shades.base), 255))

    def line(self, points: Sequence[Point], width: float, fill: RGB | None = None) -> None:
        """A line through the points with round joints and ends."""
        at = [self._at(p) for p in points]
        thick = max(1, round(width * self._scale))
        colour = (*(fill or self.shades.base), 255)
        self._draw.line(at, fill=colour, width=thick, joint="curve")
        for x, y in (at[0], at[-1]):
            r = thick / 2
            self._draw.ellipse([x - r, y - r, x + r, y + r], fill=colour)

    def arc(self, x: float, y: float, r: float, start: float, end: float, width: float, fill: RGB) -> None:
        """A part of a circle's line, angles in degrees clockwise from the right."""
        box = [*self._at((x - r, y - r)), *self._at((x + r, y + r))]
        self._draw.arc(box, start, end, fill=(*fill, 255), width=max(1, round(width * self._scale)))

    def erase(self, x: float, y: float, rx: float, ry: float | None = None) -> None:
        """Cut an elliptical hole."""
        ry = rx if ry is None else ry
        box = [*self._at((x - rx, y - ry)), *self._at((x + rx, y + ry))]
        self._draw.ellipse(box, fill=(*self.shades.base, 0))

    def finish(self) -> Image.Image:
        """The sprite: RGBA, `size` pixels square, lit from the upper left, with an outline."""
        alpha = self._image.getchannel("A")
        grown = alpha.filter(ImageFilter.MaxFilter(2 * max(1, round(0.9 * self._scale)) + 1))
        outline = Image.new("RGBA", self._image.size, (*self.shades.outline, 255))
        outline.putalpha(grown)
        lit = Image.fromarray(_light(np.asarray(self._image.convert("RGB")))).convert("RGBA")
        lit.putalpha(alpha)
        outline.alpha_composite(lit)
        return outline.resize((self._size, self._size), Image.Resampling.BOX)

    def _at(self, point: Point) -> Point:
        return point[0] * self._scale, point[1] * self._scale


def star_points(x: float, y: float, outer: float, inner: float, spikes: int, turn: float = -90) -> list[Point]:
    """The corners of a star around (x, y), the first spike at `turn` degrees."""
    corners = []
    for k in range(2 * spikes):
        r = outer if k % 2 == 0 else inner
        angle = math.radians(turn + 180 * k / spikes)
        corners.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return corners


def shadow(sprite: Image.Image, strength: float = 0.35) -> Image.Image:
    """A soft dark copy of the sprite's silhouette."""
    alpha = sprite.getchannel("A").filter(ImageFilter.GaussianBlur(sprite.width / 32))
    dark = Image.new("RGBA", sprite.size, (10, 10, 30, 0))
    dark.putalpha(ImageChops.multiply(alpha, Image.new("L", sprite.size, round(255 * strength))))
    return dark


def _light(pixels: np.ndarray) -> np.ndarray:
    h, w, _ = pixels.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) / h
    gain = 1.16 - 0.34 * (0.45 * x + 0.55 * y)
    return np.clip(pixels * gain[..., None], 0, 255).astype(np.uint8)
