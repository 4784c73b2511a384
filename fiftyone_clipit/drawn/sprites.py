"""Every object of the drawn world by name, as a picture with a transparent background."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from fiftyone_clipit.drawn import shapes, things
from fiftyone_clipit.drawn.palette import shades
from fiftyone_clipit.drawn.pen import Pen

OBJECTS: dict[str, Callable[[Pen], None]] = {
    draw.__name__: draw
    for draw in (
        *(shapes.ball, shapes.square, shapes.triangle, shapes.star, shapes.heart),
        *(shapes.cross, shapes.ring, shapes.arrow, shapes.diamond, shapes.moon),
        *(things.tree, things.house, things.car, things.boat, things.fish, things.cup, things.flower),
        *(things.umbrella, things.face, things.balloon, things.butterfly, things.mushroom, things.rocket),
        things.cat,
    )
}

VARIANTS = 4
"""How many tones of each colour there are."""


@lru_cache(maxsize=4096)
def sprite(name: str, colour: str, variant: int = 0, size: int = 192) -> Image.Image:
    """The object in a colour: RGBA, `size` pixels square.

    Args:
        name: one of `OBJECTS`.
        colour: one of `palette.COLOURS`.
        variant: which tone of the colour, from 0 (the plain one) to `VARIANTS` - 1.
        size: pixels of a side.
    """
    rng = np.random.default_rng(variant) if variant else None
    pen = Pen(shades(colour, rng), size)
    OBJECTS[name](pen)
    return pen.finish()
