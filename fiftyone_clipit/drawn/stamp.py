"""Putting things into a picture: at any place, size and angle, lit and shadowed as the setting wants."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from fiftyone_clipit.drawn.settings import SETTINGS
from fiftyone_clipit.drawn.sprites import sprite

_SIZES = (48, 96, 192, 384)


def lit_sprite(thing: str, colour: str, variant: int, setting: str, size: float) -> Image.Image:
    """The sprite in the setting's light, at the first stored size that is not below `size` pixels."""
    stored = next((s for s in _SIZES if s >= size), _SIZES[-1])
    image = sprite(thing, colour, variant, stored)
    return image if SETTINGS[setting].light == (1, 1, 1) else image.point(_light_table(setting))


def stamp(
    image: Image.Image, thing: Image.Image, x: float, y: float, size: float, *, angle: float = 0, flip: bool = False
) -> None:
    """Draws a sprite into the picture, at fractions of pixels, so that slow motion is smooth.

    Args:
        image: RGB, changed in place.
        thing: a square RGBA sprite.
        x: centre in pixels.
        y: centre in pixels.
        size: height in pixels before turning.
        angle: degrees, clockwise.
        flip: whether left and right are exchanged.
    """
    reach = size * (0.5 if angle == 0 else 0.72) + 1
    left, top = math.floor(x - reach), math.floor(y - reach)
    side = math.ceil(2 * reach) + 1
    scale, turn = thing.width / size, math.radians(angle)
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    sign = -1 if flip else 1
    cx, cy, middle = x - left, y - top, thing.width / 2
    matrix = (
        *(sign * cos, sign * sin, middle - sign * (cos * cx + sin * cy)),
        *(-sin, cos, middle + sin * cx - cos * cy),
    )
    patch = thing.transform((side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    image.paste(patch, (left, top), patch)


def ground_shadow(image: Image.Image, x: float, foot: float, size: float) -> None:
    """A soft flat shadow where a thing of that size stands."""
    width, height = max(4, round(size * 0.95)), max(2, round(size * 0.2))
    mask = _soft_disc().resize((width, height), Image.Resampling.BILINEAR)
    image.paste((24, 26, 40), (round(x - width / 2), round(foot - height / 2)), mask)


@lru_cache
def _light_table(setting: str) -> list[int]:
    return [min(255, round(value * gain)) for gain in (*SETTINGS[setting].light, 1) for value in range(256)]


@lru_cache(maxsize=1)
def _soft_disc() -> Image.Image:
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    inside = np.clip(1.15 - np.hypot(x, y), 0, 1) ** 1.2
    return Image.fromarray((110 * inside).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
