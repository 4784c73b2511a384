"""Backdrop drawing in units of the picture's height, with gradients, soft noise and curved hills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from fiftyone_clipit.drawn.palette import RGB, mix

Rng = np.random.Generator


class Canvas:
    """A backdrop under the brush; y runs from 0 (top) to 1 (bottom), x from 0 to `width`.

    Args:
        width: pixels.
        height: pixels.
        rng: decides all that varies.
    """

    def __init__(self, width: int, height: int, rng: Rng) -> None:
        self.rng = rng
        self.width = width / height
        self._h = height
        self.image = Image.new("RGB", (width, height))
        self._draw = ImageDraw.Draw(self.image)

    def gradient(self, colours: Sequence[RGB], top: float = 0, bottom: float = 1) -> None:
        """Fills a band with colours that run into each other from top to bottom."""
        y0, y1 = round(top * self._h), round(bottom * self._h)
        at = np.linspace(0, len(colours) - 1, max(y1 - y0, 1))
        table = np.asarray(colours, float)
        rows = np.stack([np.interp(at, range(len(colours)), table[:, c]) for c in range(3)], 1)
        band = Image.fromarray(rows.round().astype(np.uint8)[:, None]).resize((self.image.width, len(rows)))
        self.image.paste(band, (0, y0))

    def noise(self, amount: float, cell: tuple[float, float], top: float = 0, bottom: float = 1) -> None:
        """Lightens and darkens a band by soft spots.

        Args:
            amount: grey levels of one standard deviation.
            cell: width and height of a spot.
            top: upper edge of the band.
            bottom: lower edge of the band.
        """
        y0, y1 = round(top * self._h), round(bottom * self._h)
        shape = (max(2, round((bottom - top) / cell[1])), max(2, round(self.width / cell[0])))
        spots = Image.fromarray(self.rng.normal(0, amount, shape).astype(np.float32))
        spots = spots.resize((self.image.width, y1 - y0), Image.Resampling.BICUBIC)
        band = np.asarray(self.image.crop((0, y0, self.image.width, y1)), np.float32)
        band = np.clip(band + np.asarray(spots)[..., None], 0, 255).astype(np.uint8)
        self.image.paste(Image.fromarray(band), (0, y0))

    def hill(self, y: float, swing: float, colour: RGB, *, waves: float = 1.2, bottom: float = 1) -> None:
        """Fills all below a wavy line at about `y`."""
        x = np.linspace(0, self.width, 48)
        phases = self.rng.uniform(0, 2 * np.pi, 3)
        line = sum(np.sin(x * waves * 2 * (k + 1) + p) / (k + 1) for k, p in enumerate(phases))
        points = [(float(a), float(y + swing * b / 2)) for a, b in zip(x, line, strict=True)]
        self.polygon([*points, (self.width, bottom), (0, bottom)], colour)

    def polygon(self, points: Sequence[tuple[float, float]], fill: RGB) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * self._h, y * self._h) for x, y in points], fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: RGB) -> None:
        """A filled rectangle."""
        if right > left and bottom > top:
            self._draw.rectangle([v * self._h for v in (left, top, right, bottom)], fill=fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: RGB) -> None:
        """A filled ellipse around (x, y)."""
        self._draw.ellipse([v * self._h for v in (x - rx, y - ry, x + rx, y + ry)], fill=fill)

    def line(self, points: Sequence[tuple[float, float]], width: float, fill: RGB) -> None:
        """A line, `width` thick (at least a pixel)."""
        at = [(x * self._h, y * self._h) for x, y in points]
        self._draw.line(at, fill=fill, width=max(1, round(width * self._h)))

    def glow(self, x: float, y: float, radius: float, colour: RGB, strength: float) -> None:
        """Light around a point, fading out."""
        h, w = self._h // 8 + 1, self.image.width // 8 + 1
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32) / (self._h / 8)
        near = np.exp(-(((xx - x) ** 2 + (yy - y) ** 2) / radius**2)) * strength * 255
        mask = Image.fromarray(near.astype(np.uint8)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(colour, (0, 0), mask)

    def dots(self, count: int, top: float, bottom: float, size: tuple[float, float], colour: RGB) -> None:
        """Small dots strewn over a band."""
        for _ in range(count):
            r = self.rng.uniform(*size)
            self.ellipse(self.rng.uniform(0, self.width), self.rng.uniform(top, bottom), r, r, colour)

    def tone(self, colour: RGB, spread: float = 14) -> RGB:
        """The colour, or one near it."""
        r, g, b = np.clip(np.asarray(colour) + self.rng.normal(0, spread / 2, 3), 0, 255).round()
        return int(r), int(g), int(b)

    def cloud(self, x: float, y: float, size: float, colour: RGB) -> None:
        """A heap of round puffs with a shaded, flat base."""
        shade = mix(colour, (120, 140, 175), 0.3)
        for fill, lift in ((shade, 0.0), (colour, 0.14)):
            for dx, dy, r in ((-0.7, 0.1, 0.4), (-0.25, -0.15, 0.55), (0.3, -0.08, 0.5), (0.8, 0.12, 0.36)):
                self.ellipse(x + dx * size, y + (dy - lift) * size, r * size, r * size * 0.72, fill)
