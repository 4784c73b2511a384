"""The colours of the drawn world, each with the shades that make a flat drawing look solid."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np

RGB = tuple[int, int, int]

COLOURS: dict[str, RGB] = {
    "red": (220, 40, 36),
    "orange": (245, 128, 28),
    "yellow": (250, 212, 40),
    "green": (44, 158, 66),
    "turquoise": (38, 190, 186),
    "blue": (38, 88, 214),
    "purple": (132, 58, 182),
    "pink": (246, 130, 182),
    "brown": (122, 72, 38),
    "black": (36, 36, 42),
    "white": (246, 246, 244),
    "grey": (134, 139, 145),
}


@dataclass(frozen=True)
class Shades:
    """A colour, a lighter and a darker shade of it, and the colour of its outline."""

    base: RGB
    light: RGB
    dark: RGB
    outline: RGB


def mix(colour: RGB, other: RGB, amount: float) -> RGB:
    """The colour, moved by `amount` (0 to 1) towards the other one."""
    r, g, b = (round(a + (z - a) * amount) for a, z in zip(colour, other, strict=True))
    return r, g, b


def shades(name: str, rng: np.random.Generator | None = None) -> Shades:
    """The shades of a named colour; with a generator, a slightly different tone of it every time."""
    base = COLOURS[name]
    if rng is not None:
        base = _jitter(base, rng)
    dim = sum(base) < 200
    return Shades(
        base=base,
        light=mix(base, (255, 255, 255), 0.28 if dim else 0.42),
        dark=mix(base, (0, 0, 0), 0.32),
        # A black thing at night shows by its rim, all others by a dark line.
        outline=mix(base, (255, 255, 255), 0.45) if dim else mix(base, (20, 16, 30), 0.68),
    )


def _jitter(colour: RGB, rng: np.random.Generator) -> RGB:
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in colour))
    h = (h + rng.uniform(-0.012, 0.012)) % 1
    s = min(max(s * rng.uniform(0.9, 1.08), 0), 1)
    v = min(max(v * rng.uniform(0.92, 1.06), 0), 1)
    r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(h, s, v))
    return r, g, b
